"""A plain model folder of a LoRA adapter and its base model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError


def merge(source: Path, out: Path, base: str | None) -> dict[str, Any]:
    """Merges an adapter folder, or that of a run, into its base model; ``out`` appears whole.

    Raises:
        StudioError: ``file-not-found``, ``already-exists``, ``invalid-model``.
    """
    adapter = _find_adapter(source)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise StudioError("already-exists", "It is there already.", "Name a new folder.", {"file": str(out)})
    config = json.loads((adapter / "adapter_config.json").read_text("utf-8"))
    name = base or config.get("base_model_name_or_path")
    if not name:
        raise StudioError("usage", "The adapter does not say which base model it belongs to.", "Name it with --base.")
    partial = out.with_name(f".{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        _write(adapter, name, config, partial)
        if out.exists():
            out.rmdir()
        partial.rename(out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return {"model": str(out), "adapter": str(adapter), "base_model": name}


def _write(adapter: Path, name: str, config: dict[str, Any], target: Path) -> None:
    from peft import PeftModel

    from reward_studio.training.base_model import load_tokenizer, load_weights

    reward = config.get("task_type") == "SEQ_CLS"
    tokenizer = load_tokenizer(name)
    model = load_weights(name, reward, {})
    try:
        merged = PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()
    except (RuntimeError, ValueError, KeyError) as error:
        first = str(error).strip().split("\n")[0]
        message = f"The adapter does not fit the base model {name}: {first}"
        raise StudioError(
            "invalid-model", message, "Name its own base model with --base.", {"file": str(adapter)}
        ) from error
    merged.config.get_text_config().pad_token_id = tokenizer.pad_token_id
    merged.save_pretrained(target)
    tokenizer.save_pretrained(target)
    grader = next(
        (path for path in (adapter / "grader.json", adapter.parent / "model" / "grader.json") if path.is_file()), None
    )
    if grader is not None:
        content = json.loads(grader.read_text("utf-8"))
        content["adapter"] = {"merged": True, "path": str(adapter)}
        (target / "grader.json").write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _find_adapter(source: Path) -> Path:
    """The folder itself, or in a run its adapter, or that of its newest checkpoint."""
    checkpoints = sorted(source.glob("checkpoints/checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]))
    for folder in (source, source / "adapter", source / "model", *reversed(checkpoints)):
        if (folder / "adapter_config.json").is_file():
            return folder
    if not source.exists():
        raise StudioError("file-not-found", "The folder does not exist.", "Check the path.", {"file": str(source)})
    hint = "Name the folder that holds adapter_config.json, or that of a run that was trained with lora_rank above 0."
    raise StudioError("file-not-found", "There is no adapter in this folder.", hint, {"file": str(source)})
