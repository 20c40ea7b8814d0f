"""Writes rows as JSON Lines, as ``reward-studio convert`` does; a value that a record lacks is left out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reward_studio.formats.json_text import utf8, write_json
from reward_studio.writers.columns import Column


class JsonLinesWriter:
    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._names = [column.name for column in columns]
        self._file = path.open("wb")

    def write(self, cells: Sequence[Any]) -> None:
        row = {name: cell for name, cell in zip(self._names, cells) if cell is not None}
        self._file.write(utf8(write_json(row) + "\n"))

    def finish(self) -> None:
        with self._file:
            self._file.flush()
            os.fsync(self._file.fileno())
