"""Makes ``model/`` of a checkpoint: a plain model folder with ``grader.json``, loaded again and tested."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.measures import quantiles
from reward_studio.training.base_model import head_name, load_model, load_weights
from reward_studio.training.checkpoints import Notes
from reward_studio.training.grader_file import grader_file, write_grader_file
from reward_studio.training.known_texts import KnownText, smoke_test, values_of
from reward_studio.training.prepared import Prepared
from reward_studio.training.session import Session

# Of so many training pairs the scores are kept, as what later scores are compared with.
_SCORED_PAIRS = 256


def save_model(session: Session, prepared: Prepared, tokenizer: Any, judge: dict[str, Any] | None, step: int) -> Notes:
    """Writes ``model/`` of the checkpoint of ``step``, and ``adapter/`` where there is one.

    Raises:
        StudioError: ``invalid-model`` where the model that is loaded again is not the one that was trained.
    """
    checkpoint = session.checkpoints.path(step)
    notes = Notes.read(checkpoint)
    partial = session.folder / ".model-partial"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        adapter = _write_weights(session, checkpoint, partial, tokenizer)
        again = _load_again(session, partial, tokenizer, adapter)
        if session.spec.method == "bradley-terry":
            _check_head(again, checkpoint, partial)
        tested = smoke_test(again, notes.known, session.hardware.bf16, str(partial))
        scores = _scores(session, prepared, again)
        content = grader_file(session, prepared, notes, adapter, judge, scores, tested)
        write_grader_file(partial, content)
        _replace(partial, session.folder / "model")
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return notes


def _write_weights(session: Session, checkpoint: Path, target: Path, tokenizer: Any) -> dict[str, Any] | None:
    """What ``grader.json`` says of the adapter; None where all weights were trained."""
    import torch

    settings = session.spec.settings
    adapter: dict[str, Any] | None = None
    if settings["lora_rank"] == 0:
        model = _from_folder(session, str(checkpoint), tokenizer)
    elif not settings["merge_adapter"]:
        _copy_adapter(checkpoint, target)
        tokenizer.save_pretrained(target)
        return {"merged": False, "path": "."}
    else:
        from peft import PeftModel

        # Merged in fp32: adding a small adapter to bf16 weights would round most of it away.
        base = load_model(session.spec.base_model, session.spec.method, settings, _fp32(session), tokenizer)
        model = PeftModel.from_pretrained(base, str(checkpoint)).merge_and_unload()
        _copy_adapter(checkpoint, session.folder / "adapter")
        adapter = {"merged": True, "path": "../adapter"}
    if session.hardware.bf16:
        model = model.to(torch.bfloat16)
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)
    return adapter


def _load_again(session: Session, folder: Path, tokenizer: Any, adapter: dict[str, Any] | None) -> Any:
    if adapter is None or adapter["merged"]:
        model = _from_folder(session, str(folder), tokenizer)
    else:
        from peft import PeftModel

        base = load_model(
            session.spec.base_model, session.spec.method, session.spec.settings, _fp32(session), tokenizer
        )
        model = PeftModel.from_pretrained(base, str(folder))
    return model.eval().to(session.hardware.device)


def _from_folder(session: Session, folder: str, tokenizer: Any) -> Any:
    """A model that has its head: without one it is not loaded."""
    model = load_weights(folder, session.spec.method == "bradley-terry", {}, new_head=False)
    model.config.get_text_config().pad_token_id = tokenizer.pad_token_id
    return model


def _fp32(session: Session) -> Any:
    return replace(session.hardware, bf16=False)


def _check_head(model: Any, checkpoint: Path, folder: Path) -> None:
    """The weights of the head, tensor by tensor, against those in the checkpoint."""
    import torch
    from safetensors import safe_open

    plain = model.get_base_model() if hasattr(model, "get_base_model") else model
    name = head_name(plain)
    head = getattr(plain, name)
    loaded = {key.rpartition(".")[2]: value for key, value in head.state_dict().items() if "original_module" not in key}
    found = 0
    for file in sorted(checkpoint.glob("*.safetensors")):
        with safe_open(str(file), framework="pt") as tensors:
            for key in tensors.keys():
                parts = key.split(".")
                if name not in parts or parts[-1] not in loaded:
                    continue
                found += 1
                saved = tensors.get_tensor(key).float()
                if not torch.allclose(loaded[parts[-1]].float().cpu(), saved, rtol=1e-2, atol=1e-4):
                    raise _lost_head(folder)
    if found == 0:
        raise _lost_head(folder)


def _lost_head(folder: Path) -> StudioError:
    message = "The reward head of the model that was saved is not the one that was trained."
    hint = "The checkpoints are untouched: resume, or report this."
    return StudioError("invalid-model", message, hint, {"file": str(folder)})


def _scores(session: Session, prepared: Prepared, model: Any) -> dict[str, Any] | None:
    if session.spec.method != "bradley-terry":
        return None
    pairs: Sequence[dict[str, Any]] = prepared.train[:_SCORED_PAIRS]
    device = next(model.parameters()).device
    chosen = values_of(model, [KnownText(pair["chosen_ids"], "") for pair in pairs], device)
    rejected = values_of(model, [KnownText(pair["rejected_ids"], "") for pair in pairs], device)
    margins = [abs(better - worse) for better, worse in zip(chosen, rejected)]
    return {"quantiles": quantiles([*chosen, *rejected]), "margins": quantiles(margins), "n": 2 * len(pairs)}


def _copy_adapter(checkpoint: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        shutil.copyfile(checkpoint / name, target / name)


def _replace(partial: Path, target: Path) -> None:
    old = target.with_name(".model-old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    partial.rename(target)
    shutil.rmtree(old, ignore_errors=True)
