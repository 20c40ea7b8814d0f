"""What a model folder says of the model in it, before any of it is loaded."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reward_studio.errors import StudioError


def find_model_folder(model: Path) -> Path:
    """A model folder, or that of a run that has one. Raises StudioError ``invalid-model``, ``file-not-found``."""
    for folder in (model, model / "model"):
        if (folder / "config.json").is_file():
            return folder.resolve()
    if (model / "adapter_config.json").is_file() or (model / "model" / "adapter_config.json").is_file():
        hint = f"Merge it first: {Path(sys.executable).name} -m reward_studio merge {model} OUT."
        raise StudioError("invalid-model", "This is an adapter without its base model.", hint, {"file": str(model)})
    hint = "Name the folder of a Hugging Face model, or of a finished run."
    raise StudioError("file-not-found", "There is no model in this folder.", hint, {"file": str(model)})


def kind_of(folder: Path) -> str:
    """``reward`` or ``judge``, as ``grader.json`` says, else as the configuration of the model does."""
    grader = folder / "grader.json"
    if grader.is_file():
        return "reward" if json.loads(grader.read_text("utf-8"))["kind"] == "reward" else "judge"
    architectures = json.loads((folder / "config.json").read_text("utf-8")).get("architectures") or [""]
    return "reward" if architectures[0].endswith("ForSequenceClassification") else "judge"


def served_name(folder: Path) -> str:
    """The name that requests give: that of the run whose model it is, else of the folder."""
    return folder.parent.name if folder.name == "model" and (folder / "grader.json").is_file() else folder.name


def outputs_of(folder: Path) -> int:
    """How many numbers a head gives, as transformers counts them: without a word about it there are two."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    labels = config.get("id2label")
    return len(labels) if labels else int(config.get("num_labels", 2))
