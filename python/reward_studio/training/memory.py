"""The memory that a run takes at its peak, from its settings and the shape of its model; no weights are loaded.

Formulas: Korthikanti et al. 2022 (arXiv 2205.05198, section 4) for activations, with their constants counted for the
models of transformers, and measured on two models (docs/training.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reward_studio.training.base_model import load_config
from reward_studio.training.hardware import Hardware, choose_hardware
from reward_studio.training.spec import RunSpec

_FP32, _BF16 = 4, 2
# Python, torch and its libraries before a model is there; with CUDA its context beside them.
_RUNTIME = {"cpu": 700 * 2**20, "cuda": 900 * 2**20}
_CHOICES: tuple[tuple[str, Any], ...] = (
    ("gradient_checkpointing", True),
    ("activation_offload", True),
    ("micro_batch_size", 1),
    ("lora_rank", 16),
    ("max_length", 1024),
)

_LENGTHS = ("max_length", "max_completion_length")
_LADDER: tuple[Mapping[str, int], ...] = (
    {"lora_rank": 0},
    {"lora_rank": 16},
    {"lora_rank": 16, "max_length": 2048, "max_completion_length": 1024},
    {"lora_rank": 16, "max_length": 1024, "max_completion_length": 512},
)
_MICRO_BATCHES = (8, 4, 2, 1)
# Activations that TRL lets lie on the GPU while they are on their way to the CPU (OffloadActivations.max_fwd_stash_size).
_ON_THEIR_WAY = 5
# Of GPUs in use.
GPU_GIGABYTES = (8, 16, 24, 40, 80)


@dataclass(frozen=True)
class Activations:
    """Bytes of what the backward pass needs: on the device that trains, and moved to the CPU's memory."""

    kept: int
    offloaded: int


@dataclass(frozen=True)
class Shape:
    """What the formulas need of a model."""

    layers: int
    hidden: int
    heads: int
    key_value_heads: int
    head_size: int
    intermediate: int
    vocabulary: int
    tied: bool

    @property
    def layer_weights(self) -> int:
        queries, keys = self.heads * self.head_size, self.key_value_heads * self.head_size
        return self.hidden * (2 * queries + 2 * keys + 3 * self.intermediate + 2)

    def weights(self, reward: bool) -> int:
        head = self.hidden if reward else 0 if self.tied else self.vocabulary * self.hidden
        return self.layers * self.layer_weights + self.vocabulary * self.hidden + self.hidden + head

    def adapter_weights(self, rank: int, reward: bool) -> int:
        queries, keys = self.heads * self.head_size, self.key_value_heads * self.head_size
        sizes = 2 * (self.hidden + queries) + 2 * (self.hidden + keys) + 3 * (self.hidden + self.intermediate)
        return self.layers * rank * sizes + (self.hidden if reward else 0)


def estimate(spec: RunSpec, longest: int | None = None) -> dict[str, Any]:
    """What docs/training.md lists under ``estimate``.

    Args:
        longest: tokens of the longest row, where that is known to be less than ``max_length``.

    Raises:
        StudioError: for a base model that cannot be found, and for settings that this machine cannot do.
    """
    hardware = choose_hardware(spec.settings)
    shape = _shape(load_config(spec.base_model))
    parts = _parts(spec.method, spec.settings, hardware, shape, longest)
    total = sum(parts.values())
    available = _available(hardware)
    reward = spec.method == "bradley-terry"
    rank = spec.settings["lora_rank"]
    return {
        "total_bytes": total,
        "parts": parts,
        "offloaded_bytes": activations(spec.method, spec.settings, hardware, shape, longest).offloaded,
        "parameters": shape.weights(reward),
        "trainable_parameters": shape.adapter_weights(rank, reward) if rank else shape.weights(reward),
        "device": hardware.device,
        "available_bytes": available,
        "fits": None if available is None else total <= available,
        "suggestions": _suggestions(spec, hardware, shape, longest, total),
        "preset": None if available is None else preset(spec.method, spec.settings, hardware, shape, available),
        "gpu_presets": [
            {"gigabytes": size, "preset": preset_for_gpu(spec.method, {**spec.settings, "processes": 1}, shape, size)}
            for size in GPU_GIGABYTES
        ],
    }


def describe(found: Mapping[str, Any]) -> str:
    lines = [f"{name:<12} {_gb(size)}" for name, size in found["parts"].items() if size]
    lines.append(
        f"{'total':<12} {_gb(found['total_bytes'])} of {_gb(found['available_bytes'])} on the {found['device']}"
    )
    lines += [f"with {each['name']} {each['value']}: {_gb(each['total_bytes'])}" for each in found["suggestions"]]
    return "\n".join(lines)


def _parts(
    method: str, settings: Mapping[str, Any], hardware: Hardware, shape: Shape, longest: int | None
) -> dict[str, int]:
    reward, judge = method == "bradley-terry", method in ("pointwise", "pairwise")
    weights, rank = shape.weights(reward), settings["lora_rank"]
    trained = shape.adapter_weights(rank, reward) if rank else weights
    shared = hardware.processes if hardware.sharding == "fsdp2" else 1
    kept = weights * (_BF16 if rank and hardware.bf16 else _FP32) + (trained * _FP32 if rank else 0)
    if hardware.bf16 and not rank:
        # autocast keeps a copy of what it computes with until the backward pass is done.
        kept += weights * _BF16
    reference = weights * _FP32 if judge and settings["kl_coefficient"] > 0 and not rank else 0
    sequences, length = _batch(method, settings, longest)
    generated = settings["batch_size"] * settings["num_generations"] // hardware.processes if judge else 0
    size = _BF16 if hardware.bf16 else _FP32
    return {
        "weights": (kept + reference) // shared,
        "gradients": trained * _FP32 // shared,
        "optimizer": 2 * trained * _FP32 // shared,
        "activations": activations(method, settings, hardware, shape, longest).kept,
        "logits": 0 if reward else _logits(method, shape, sequences, length, settings),
        "generation": generated * length * shape.layers * 2 * shape.key_value_heads * shape.head_size * size,
        "runtime": _RUNTIME[hardware.device],
    }


def _batch(method: str, settings: Mapping[str, Any], longest: int | None) -> tuple[int, int]:
    """(sequences, tokens of each) of one micro batch."""
    tokens = min(settings["max_length"], longest or settings["max_length"])
    length = tokens + settings.get("max_completion_length", 0)
    return settings["micro_batch_size"] * (2 if method == "bradley-terry" else 1), length


def activations(
    method: str, settings: Mapping[str, Any], hardware: Hardware, shape: Shape, longest: int | None
) -> Activations:
    """By the inputs of products and norms.

    With gradient checkpointing those of one layer are there at a time, beside the inputs of all layers. With offloading
    what waits for the backward pass is in the CPU's memory, but for the layer at work and what is on its way there.
    """
    sequences, length = _batch(method, settings, longest)
    size = sequences * length * (_BF16 if hardware.bf16 else _FP32)
    queries, keys = shape.heads * shape.head_size, shape.key_value_heads * shape.head_size
    of_layer = 6 * shape.hidden + 3 * queries + 4 * keys + 4 * shape.intermediate
    checkpointing = settings["gradient_checkpointing"]
    waiting = shape.layers * (shape.hidden if checkpointing else of_layer)
    if not settings.get("activation_offload"):
        return Activations(size * (waiting + (of_layer if checkpointing else 0)), 0)
    on_their_way = min(shape.layers, _ON_THEIR_WAY) * shape.hidden if checkpointing else 0
    return Activations(size * (of_layer + on_their_way), size * waiting)


def _logits(method: str, shape: Shape, sequences: int, length: int, settings: Mapping[str, Any]) -> int:
    """Logits with their gradient. SFT takes them by parts; of a judge only those of completions are there."""
    written = settings["max_completion_length"] if method != "sft" else length
    return 2 * sequences * written * shape.vocabulary * _FP32


def preset(
    method: str, settings: Mapping[str, Any], hardware: Hardware, shape: Shape, available: int
) -> dict[str, Any] | None:
    """The first settings, from those that train most to those that take least, that fit; None where none do.

    A tenth of the memory is left free: what is allocated is never used without gaps.
    """
    rows = settings["batch_size"] * settings.get("num_generations", 1)
    for step in _LADDER:
        lowered = {name: min(step[name], settings[name]) for name in _LENGTHS if name in step and name in settings}
        changed = {"gradient_checkpointing": True, "lora_rank": step["lora_rank"], **lowered}
        for micro in _MICRO_BATCHES:
            if rows % (micro * hardware.processes):
                continue
            tried = {**settings, **changed, "micro_batch_size": micro}
            total = sum(_parts(method, tried, hardware, shape, None).values())
            if total <= available * 0.9:
                return {"settings": {**changed, "micro_batch_size": micro}, "total_bytes": total}
    return None


def preset_for_gpu(
    method: str, settings: Mapping[str, Any], shape: Shape, gigabytes: int
) -> dict[str, Any] | None:
    """``preset`` for one GPU of this size, wherever it is."""
    hardware = Hardware("cuda", bf16=True, processes=1, sharding="none")
    return preset(method, settings, hardware, shape, gigabytes * 10**9)


def _suggestions(
    spec: RunSpec, hardware: Hardware, shape: Shape, longest: int | None, total: int
) -> list[dict[str, Any]]:
    found = []
    for name, value in _CHOICES:
        now = spec.settings.get(name)
        if now is None or now == value or (name == "activation_offload" and hardware.device == "cpu"):
            continue
        if (name == "max_length" and now < value) or (name == "lora_rank" and now > 0):
            continue
        less = sum(_parts(spec.method, {**spec.settings, name: value}, hardware, shape, longest).values())
        if less < total:
            found.append({"name": name, "value": value, "total_bytes": less})
    return found


def _shape(config: Any) -> Shape:
    text = config.get_text_config()
    heads = text.num_attention_heads
    return Shape(
        layers=text.num_hidden_layers,
        hidden=text.hidden_size,
        heads=heads,
        key_value_heads=getattr(text, "num_key_value_heads", None) or heads,
        head_size=getattr(text, "head_dim", None) or text.hidden_size // heads,
        intermediate=getattr(text, "intermediate_size", None) or 4 * text.hidden_size,
        vocabulary=text.vocab_size,
        tied=bool(getattr(text, "tie_word_embeddings", False)),
    )


def _available(hardware: Hardware) -> int | None:
    from reward_studio.doctor import examine_memory

    if hardware.device == "cpu":
        free = examine_memory()["free_bytes"]
        return None if free is None else free // hardware.processes
    import torch

    return int(torch.cuda.mem_get_info(0)[0])


def _gb(size: int | None) -> str:
    return "?" if size is None else f"{size / 2**30:.2f} GiB"
