"""The settings of a run as the arguments of a trainer of transformers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.training.hardware import Hardware
from reward_studio.training.spec import RunSpec


def accumulation_steps(spec: RunSpec) -> int:
    """How many micro batches make one step.

    Raises:
        StudioError: ``usage`` where ``batch_size`` is no multiple of what is taken at a time.
    """
    settings = spec.settings
    rows = settings["batch_size"] * settings.get("num_generations", 1)
    at_a_time = settings["micro_batch_size"] * settings["processes"]
    if rows % at_a_time == 0:
        return int(rows // at_a_time)
    what = "batch_size x num_generations" if "num_generations" in settings else "batch_size"
    message = (
        f"{what} is {rows}, which is no multiple of micro_batch_size x processes"
        f" ({settings['micro_batch_size']} x {settings['processes']})."
    )
    raise StudioError("usage", message, "Change one of them.", {"field": "batch_size"})


def common_arguments(spec: RunSpec, hardware: Hardware, folder: Path) -> dict[str, Any]:
    """What all trainers take. Logging, evaluation and saving are the callback's to decide."""
    settings = spec.settings
    # transformers takes a number below 1 as a share, and one from 1 on as steps.
    warmup = min(settings["warmup_ratio"], 0.999999)
    return {
        "output_dir": str(folder),
        "per_device_train_batch_size": settings["micro_batch_size"],
        "gradient_accumulation_steps": accumulation_steps(spec),
        "num_train_epochs": settings["epochs"],
        "max_steps": settings["max_steps"] or -1,
        "learning_rate": settings["learning_rate"],
        "lr_scheduler_type": settings["lr_scheduler"],
        "warmup_steps": warmup,
        "weight_decay": settings["weight_decay"],
        "max_grad_norm": settings["max_grad_norm"],
        "logging_steps": settings["log_steps"],
        "logging_nan_inf_filter": False,
        "eval_strategy": "no",
        "save_strategy": "no",
        "report_to": [] if settings["report_to"] == "none" else [settings["report_to"]],
        "run_name": spec.name,
        "disable_tqdm": True,
        "seed": spec.seed,
        "data_seed": spec.seed,
        "bf16": hardware.bf16,
        "use_cpu": hardware.device == "cpu",
        "dataloader_pin_memory": hardware.device == "cuda",
        "gradient_checkpointing": settings["gradient_checkpointing"],
        "ddp_find_unused_parameters": False,
        **_sharding(hardware),
    }


def _sharding(hardware: Hardware) -> dict[str, Any]:
    """FSDP2 as accelerate does it. Tried on a CPU and on one GPU: see docs/training.md."""
    if hardware.sharding != "fsdp2":
        return {}
    config = {
        "fsdp_version": 2,
        "auto_wrap_policy": "TRANSFORMER_BASED_WRAP",
        "state_dict_type": "SHARDED_STATE_DICT",
        "cpu_ram_efficient_loading": False,
    }
    return {"fsdp": "full_shard auto_wrap", "fsdp_config": config}
