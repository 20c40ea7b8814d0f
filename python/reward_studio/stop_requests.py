"""Learns from ``control.jsonl`` that a run is asked to stop (docs/run-format.md). Standard library only."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path


class StopRequests:
    """To be asked between two steps; while nothing new was written, that costs one ``stat``.

    Args:
        run_folder: the run's folder, which holds ``run.json``.
        attempt: which launch of the run this is, from 1.
    """

    def __init__(self, run_folder: str | os.PathLike[str], attempt: int = 1) -> None:
        self._path = Path(run_folder) / "control.jsonl"
        self._attempt = attempt
        self._offset = 0
        self._requested = False

    def requested(self) -> bool:
        """True once this attempt is asked to write a checkpoint and end with the status ``stopped``."""
        if not self._requested and self._size() > self._offset:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                text = file.read()
            whole = text[: text.rfind(b"\n") + 1]
            self._offset += len(whole)
            self._requested = any(self._is_request(line) for line in whole.splitlines())
        return self._requested

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    def _is_request(self, line: bytes) -> bool:
        try:
            entry = json.loads(line)
        except ValueError:
            return False
        if not isinstance(entry, dict):
            return False
        return entry.get("kind") == "stop-requested" and entry.get("attempt") == self._attempt


def request_stop(run_folder: str | os.PathLike[str], attempt: int) -> None:
    """Asks the trainer of an attempt to write a checkpoint and end; asked twice, it is asked once."""
    if StopRequests(run_folder, attempt).requested():
        return
    time = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    entry = {"v": 1, "attempt": attempt, "seq": 1, "time": time, "kind": "stop-requested"}
    with (Path(run_folder) / "control.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
