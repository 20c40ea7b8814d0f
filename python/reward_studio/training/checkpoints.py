"""Checkpoints of a run: each appears whole under its name; the newest ones and the best one are kept."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOTES = "reward_studio.json"
_NAME = re.compile(r"checkpoint-(\d+)")


@dataclass
class Notes:
    """What a checkpoint holds beside the state of the trainer.

    ``known`` are a few texts as tokens with what the model gave for them, to test a model that is loaded again.
    """

    step: int
    num_tokens: int
    evaluations: dict[int, dict[str, Any]] = field(default_factory=dict)
    known: list[dict[str, Any]] = field(default_factory=list)
    samples_seen: int = 0

    def write(self, folder: Path) -> None:
        content = {**vars(self), "evaluations": {str(step): found for step, found in self.evaluations.items()}}
        (folder / NOTES).write_text(json.dumps(content), "utf-8")

    @staticmethod
    def read(folder: Path) -> Notes:
        content: Mapping[str, Any] = json.loads((folder / NOTES).read_text("utf-8"))
        evaluations = {int(step): found for step, found in content["evaluations"].items()}
        return Notes(**{**content, "evaluations": evaluations})


class Checkpoints:
    """``metric`` is the validation metric that says which is best; None where the newest is."""

    def __init__(self, run_folder: Path, keep: int, metric: str | None, higher_is_better: bool) -> None:
        self.folder = run_folder / "checkpoints"
        self._run_folder = run_folder
        self._keep = keep
        self.metric = metric
        self._sign = 1 if higher_is_better else -1

    def clear_partial(self) -> None:
        """What an attempt left that was killed while it wrote."""
        for left in self.folder.glob(".*"):
            shutil.rmtree(left, ignore_errors=True)

    def partial(self, step: int) -> Path:
        """Where the checkpoint of a step is written before it is whole."""
        return self.folder / f".partial-{step}"

    def publish(self, step: int) -> str:
        """Renames what was written; the path is relative to the run's folder."""
        target = self.folder / f"checkpoint-{step}"
        if target.exists():
            old = self.folder / f".old-{step}"
            target.rename(old)
            shutil.rmtree(old, ignore_errors=True)
        (self.partial(step) / f"checkpoint-{step}").rename(target)
        shutil.rmtree(self.partial(step), ignore_errors=True)
        return target.relative_to(self._run_folder).as_posix()

    def steps(self) -> list[int]:
        found = [_NAME.fullmatch(path.name) for path in self.folder.glob("checkpoint-*")]
        return sorted(int(match.group(1)) for match in found if match)

    def path(self, step: int) -> Path:
        return self.folder / f"checkpoint-{step}"

    def improves(self, step: int, evaluations: Mapping[int, Mapping[str, Any]]) -> bool:
        """Whether the evaluation of this step is better than those of all checkpoints."""
        value = self._value(step, evaluations)
        if value is None:
            return False
        others = [self._value(other, evaluations) for other in self.steps() if other != step]
        return all(other is None or value > other for other in others)

    def best(self, evaluations: Mapping[int, Mapping[str, Any]]) -> int | None:
        """The step of the best checkpoint, the first of equals; the newest where nothing says which is best."""
        rated = [(value, -step) for step in self.steps() if (value := self._value(step, evaluations)) is not None]
        return -max(rated)[1] if rated else max(self.steps(), default=None)

    def rotate(self, evaluations: Mapping[int, Mapping[str, Any]]) -> None:
        steps = self.steps()
        kept = {*steps[-self._keep :], self.best(evaluations)}
        for step in steps:
            if step not in kept:
                gone = self.folder / f".old-{step}"
                self.path(step).rename(gone)
                shutil.rmtree(gone, ignore_errors=True)

    def _value(self, step: int, evaluations: Mapping[int, Mapping[str, Any]]) -> float | None:
        if self.metric is None or step not in evaluations:
            return None
        value = evaluations[step]["metrics"].get(self.metric)
        return None if value is None or math.isnan(value) else self._sign * float(value)
