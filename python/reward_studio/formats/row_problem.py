"""Why a row cannot be used: a value that goes into reports and never stops the other rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RowProblem:
    """``code`` is one of src/core/datasets/formats/row-problem.ts, ``field`` the column as the file names it."""

    code: str
    field: str
    message: str


class UnfitRow(Exception):
    """Raised by transforms and caught by the interpreter alone."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.message = message
