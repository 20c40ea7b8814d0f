"""A data set: rows by range with their columns, read lazily and as often as wanted. Twin of dataset.ts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class SourceFile:
    path: Path
    bytes: int
    rows: int


@dataclass
class Malformed:
    """Lines of a text file that are no rows: they are left out. ``first_lines`` are one-based, at most 100."""

    count: int = 0
    first_lines: list[int] = field(default_factory=list)


class Dataset(ABC):
    """``name`` is what a person named; ``files`` is empty where the rows lie in no files of this machine."""

    name: str
    columns: Sequence[str]
    row_count: int
    files: Sequence[SourceFile] = ()
    malformed: Malformed

    @abstractmethod
    def read(self, start: int = 0, end: int | None = None, columns: Sequence[str] | None = None) -> Iterator[Row]:
        """The rows of a range (zero-based, ``end`` exclusive). Of ``columns``, at least those are in the rows."""


class RowList(Dataset):
    """Rows that a program has, or that a small file held."""

    def __init__(self, name: str, rows: Sequence[Row], files: Sequence[SourceFile] = ()) -> None:
        self.name = name
        self.files = files
        self.columns = list(dict.fromkeys(column for row in rows for column in row))
        self.row_count = len(rows)
        self.malformed = Malformed()
        self._rows = rows

    def read(self, start: int = 0, end: int | None = None, columns: Sequence[str] | None = None) -> Iterator[Row]:
        yield from self._rows[start:end]
