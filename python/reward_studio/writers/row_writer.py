"""What writes rows into one file, whatever its format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from reward_studio.writers.columns import Column
from reward_studio.writers.json_lines import JsonLinesWriter

FORMATS = ("parquet", "jsonl", "arrow")


class RowWriter(Protocol):
    def write(self, cells: Sequence[Any]) -> None:
        """The cells of one row, in the order of the columns."""

    def finish(self) -> None:
        """Writes what is held back, and everything is on disk. It may be called where ``write`` has failed, too."""


def row_writer(path: Path, file_format: str, columns: Sequence[Column]) -> RowWriter:
    """The writer of a format.

    Raises:
        StudioError: ``not-available`` where the format needs pyarrow, and it is not installed.
    """
    if file_format == "jsonl":
        return JsonLinesWriter(path, columns)
    from reward_studio.writers.arrow import ArrowFileWriter

    return ArrowFileWriter(path, file_format, columns)
