"""Reads JSON Lines: one pass at opening finds the rows, later reads start near the row asked for."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, cast

from reward_studio.errors import StudioError
from reward_studio.formats.json_text import parse_json
from reward_studio.sources.dataset import Dataset, Malformed, Row, SourceFile
from reward_studio.white_space import squeeze

# The place of every 512th row is remembered: a read parses at most as many rows too many.
_INDEX_STEP = 512
_LINES_KEPT = 100


class JsonLines(Dataset):
    """A line that is not a JSON object is not a row: it is counted, and the rest is used."""

    def __init__(self, path: Path) -> None:
        """Raises StudioError ``damaged-file`` or ``empty-file``."""
        self.name = str(path)
        self.malformed = Malformed()
        self._path = path
        self._offsets: list[int] = []
        self.row_count = 0
        columns: dict[str, None] = {}
        number = 0
        for number, (offset, line) in enumerate(self._lines(0), start=1):
            text, row = _parse(line)
            if row is None:
                if squeeze(text) != "":
                    self._count_malformed(number)
                continue
            if self.row_count % _INDEX_STEP == 0:
                self._offsets.append(offset)
            self.row_count += 1
            columns.update(dict.fromkeys(row))
        if number == 0:
            raise StudioError("empty-file", "The file is empty.", "Choose a file that holds rows.", {"file": str(path)})
        self.columns = list(columns)
        self.files = [SourceFile(path, path.stat().st_size, self.row_count)]

    def read(self, start: int = 0, end: int | None = None, columns: Sequence[str] | None = None) -> Iterator[Row]:
        end = self.row_count if end is None else min(end, self.row_count)
        if start >= end:
            return
        at = start // _INDEX_STEP * _INDEX_STEP
        for _, line in self._lines(self._offsets[start // _INDEX_STEP]):
            row = _parse(line)[1]
            if row is None:
                continue
            if at >= start:
                yield row
            at += 1
            if at >= end:
                return

    def _lines(self, offset: int) -> Iterator[tuple[int, bytes]]:
        """The lines from a byte on, each with the byte that it begins at."""
        try:
            with open_bytes(self._path) as file:
                file.seek(offset)
                for line in file:
                    yield offset, line
                    offset += len(line)
        except (OSError, EOFError, zlib.error) as error:
            raise unreadable(self._path, error) from error

    def _count_malformed(self, line: int) -> None:
        self.malformed.count += 1
        if len(self.malformed.first_lines) < _LINES_KEPT:
            self.malformed.first_lines.append(line)


def open_bytes(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked where it is gzipped."""
    return cast(IO[bytes], gzip.open(path, "rb")) if path.name.lower().endswith(".gz") else path.open("rb")


def unreadable(path: Path, error: BaseException) -> StudioError:
    if isinstance(error, PermissionError):
        hint = "Check who may read this path."
        return StudioError("permission-denied", "Permission denied.", hint, {"file": str(path)})
    return StudioError("damaged-file", f"The file cannot be read: {error}.", "Fetch it again.", {"file": str(path)})


def _parse(line: bytes) -> tuple[str, Row | None]:
    """The text of a line, and the row that it is."""
    try:
        text = line.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return "not UTF-8", None
    try:
        row = parse_json(text)
    except ValueError:
        return text, None
    return text, row if isinstance(row, dict) else None
