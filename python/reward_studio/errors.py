"""The one error type: what was wrong, where and what to do, with the codes of src/core/errors.ts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class StudioError(Exception):
    """A failure that a person can act on.

    Args:
        code: one of the codes that TypeScript has too (``usage``, ``file-not-found``, ``missing-column``, ...).
        message: what was wrong, as one sentence.
        hint: what to do about it, as one sentence.
        where: ``file``, zero-based ``row``, one-based ``line`` and ``field``, as far as known.
    """

    def __init__(
        self, code: str, message: str, hint: str | None = None, where: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.where = dict(where or {})

    def __str__(self) -> str:
        place = ", ".join(f"{name} {value}" for name, value in self.where.items())
        return " ".join(part for part in (f"{place}:" if place else "", self.message, self.hint or "") if part)
