"""Reads CSV with a header row. Every cell is text. The twin of src/core/datasets/readers/csv.ts."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

from reward_studio.errors import StudioError
from reward_studio.sources.dataset import Row, RowList, SourceFile
from reward_studio.sources.json_lines import open_bytes, unreadable

_LONGEST_CELL = 2**31 - 1
"""The most that the module takes on every system; its own default is 128 KB."""


def open_csv(path: Path) -> RowList:
    """The file is held in memory.

    Raises:
        StudioError: ``empty-file``, or ``damaged-file`` for a row with too many or too few cells, an open quote, and
            text that is not UTF-8.
    """
    try:
        with open_bytes(path) as file:
            text = file.read().decode("utf-8-sig")
        rows = list(_rows(path, text))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    return RowList(str(path), rows, [SourceFile(path, path.stat().st_size, len(rows))])


def _rows(path: Path, text: str) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _damaged(path, reader.line_num, str(error)) from error
        if cells is None:
            break
        if not cells:
            continue
        if header is None:
            header = cells
        elif len(cells) != len(header):
            raise _damaged(path, reader.line_num, f"{len(cells)} cells instead of {len(header)}")
        else:
            yield dict(zip(header, cells))
    if header is None:
        raise StudioError("empty-file", "The file is empty.", "Write or fetch it again.", {"file": str(path)})


def _damaged(path: Path, line: int, reason: str) -> StudioError:
    hint = "Quote cells that hold commas, quotes or line breaks, and give every row as many cells as the header."
    return StudioError("damaged-file", f"The CSV cannot be read: {reason}.", hint, {"file": str(path), "line": line})
