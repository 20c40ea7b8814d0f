"""Learns from ``control.jsonl`` that a run is asked to stop (docs/run-format.md). Standard library only."""

from __future__ import annotations

import json
import os
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
