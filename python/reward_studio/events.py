"""Writes ``events.jsonl`` of a run, format version 1 (docs/run-format.md), from any trainer.

Standard library only, so that it can be dropped into any training environment.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

FORMAT_VERSION = 1

Status = Literal["preparing", "running", "finished", "stopped", "failed"]


class EventLog:
    """Append-only log of one attempt of a run. The trainer is its only writer.

    Every entry is one line, written with one ``write`` call, so that a reader never sees half of two entries.

    Args:
        run_folder: the run's folder, which holds ``run.json``.
        attempt: which launch of the run this is, from 1.
        written: entries of this attempt that are there already, where another process of it wrote them.

    Raises:
        OSError: the log cannot be opened or written (for example ``ENOSPC``).
    """

    def __init__(self, run_folder: str | os.PathLike[str], attempt: int = 1, written: int = 0) -> None:
        if attempt < 1:
            raise ValueError(f"attempt counts from 1, not {attempt}")
        self._attempt = attempt
        self._seq = written
        path = Path(run_folder) / "events.jsonl"
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        self._end_half_line()

    def status(self, status: Status, message: str | None = None, error: Mapping[str, Any] | None = None) -> None:
        """Says what the trainer is doing; ``finished``, ``stopped`` and ``failed`` are its last word."""
        self._append("status", status=status, message=message, error=None if error is None else dict(error))

    def metrics(
        self,
        step: int,
        values: Mapping[str, float],
        total_steps: int | None = None,
        epoch: float | None = None,
    ) -> None:
        """Numbers of one step, by name (``train/loss``, ``validation/accuracy``).

        JSON has no NaN and no infinity: such values are told by name, as ``nan``, ``inf`` or ``-inf``.
        """
        finite = {name: float(value) for name, value in values.items() if math.isfinite(value)}
        others = {name: str(float(values[name])) for name in sorted(values.keys() - finite.keys())}
        fields = {"step": step, "total_steps": total_steps, "epoch": epoch, "values": finite}
        self._append("metrics", **fields, not_finite=others or None)

    def warning(self, message: str) -> None:
        """Something a person should know of that did not end the run."""
        self._append("warning", message=message)

    def checkpoint(self, step: int, path: str) -> None:
        """A checkpoint was written; ``path`` is relative to the run's folder."""
        self._append("checkpoint", step=step, path=path)

    def samples(
        self,
        step: int,
        samples: Sequence[Mapping[str, Any]],
        subset: Literal["train", "validation"] = "validation",
    ) -> None:
        """What the model said to some prompts, as docs/run-format.md lists the fields."""
        self._append("samples", step=step, set=subset, samples=[dict(sample) for sample in samples])

    def evaluation(
        self,
        step: int,
        evaluation: Mapping[str, Any],
        slices: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """How the model did on all validation rows, and on parts of them."""
        parts = None if slices is None else [dict(part) for part in slices]
        self._append("evaluation", step=step, evaluation=dict(evaluation), slices=parts)

    def result(
        self,
        model: str,
        train_rows: int,
        validation_rows: int,
        evaluation: Mapping[str, Any] | None = None,
    ) -> None:
        """The trained model, relative to the run's folder, and how it did on the validation rows."""
        self._append(
            "result",
            model=model,
            train_rows=train_rows,
            validation_rows=validation_rows,
            evaluation=None if evaluation is None else dict(evaluation),
        )

    def close(self) -> None:
        os.close(self._descriptor)

    def __enter__(self) -> EventLog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _append(self, kind: str, **fields: Any) -> None:
        self._seq += 1
        time = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        entry: dict[str, Any] = {"v": FORMAT_VERSION, "attempt": self._attempt, "seq": self._seq, "time": time}
        entry["kind"] = kind
        entry.update({name: value for name, value in fields.items() if value is not None})
        line = json.dumps(entry, ensure_ascii=False, allow_nan=False) + "\n"
        os.write(self._descriptor, line.encode("utf-8"))

    def _end_half_line(self) -> None:
        """A writer that was killed may have left half a line: end it, so that ours is whole."""
        size = os.lseek(self._descriptor, 0, os.SEEK_END)
        if size == 0:
            return
        os.lseek(self._descriptor, size - 1, os.SEEK_SET)
        if os.read(self._descriptor, 1) != b"\n":
            os.write(self._descriptor, b"\n")
