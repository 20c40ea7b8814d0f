"""``grader.json``: what the model in its folder is, how to ask it and how it came about (docs/training.md)."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from reward_studio.training.checkpoints import Notes
from reward_studio.training.prepared import Prepared
from reward_studio.training.session import Session

FILE = "grader.json"
_KINDS = {"bradley-terry": "reward", "pointwise": "judge", "pairwise": "judge", "sft": "chat"}
_SCALES = {
    "bradley-terry": "logit-within-prompt",
    "pointwise": "score-0-4",
    "pairwise": "preference-a-b-tie",
    "sft": None,
}
_PACKAGES = ("torch", "transformers", "trl", "peft", "accelerate")


def grader_file(
    session: Session,
    prepared: Prepared,
    notes: Notes,
    adapter: dict[str, Any] | None,
    judge: dict[str, Any] | None,
    scores: dict[str, Any] | None,
    tested: dict[str, Any],
) -> dict[str, Any]:
    spec = session.spec
    validation = None
    if prepared.validation is not None:
        reference = spec.validation or spec.train
        validation = {"path": reference.path, "fingerprint": reference.fingerprint, "rows": len(prepared.validation)}
    evaluation = notes.evaluations.get(notes.step)
    return {
        "version": 1,
        "kind": _KINDS[spec.method],
        "method": spec.method,
        "scale": _SCALES[spec.method],
        "engine": "trl",
        "run": spec.id,
        "base_model": spec.base_model,
        "seed": spec.seed,
        "step": notes.step,
        "settings": dict(spec.settings),
        "versions": {**spec.versions, **package_versions()},
        "max_length": prepared.max_length,
        "adapter": adapter,
        "judge": judge,
        "scores": scores,
        "data": {
            "train": {
                "path": spec.train.path,
                "fingerprint": spec.train.fingerprint,
                "rows": len(prepared.train),
            },
            "validation": validation,
        },
        "evaluation": None if evaluation is None else evaluation["evaluation"],
        "smoke_test": tested,
    }


def write_grader_file(folder: Path, content: dict[str, Any]) -> None:
    (folder / FILE).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def package_versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
