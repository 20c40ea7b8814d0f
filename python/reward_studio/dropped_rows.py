"""Rows that were left out, counted by reason. Twin of dropped-rows.ts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reward_studio.sources.dataset import Malformed

_ROWS_KEPT = 10


@dataclass
class DroppedRows:
    """``count`` is of records: a row may hold several. ``first_rows`` count from 0, malformed lines from 1."""

    reason: str
    count: int = 0
    first_rows: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"reason": self.reason, "count": self.count, "firstRows": self.first_rows}


class DroppedRowCounter:
    def __init__(self, malformed: Malformed) -> None:
        self._by_reason: dict[str, DroppedRows] = {}
        if malformed.count > 0:
            reason = "malformed-line"
            self._by_reason[reason] = DroppedRows(reason, malformed.count, malformed.first_lines[:_ROWS_KEPT])

    def add(self, reason: str, row: int) -> None:
        known = self._by_reason.setdefault(reason, DroppedRows(reason))
        known.count += 1
        # A row may hold several records that are left out.
        if len(known.first_rows) < _ROWS_KEPT and known.first_rows[-1:] != [row]:
            known.first_rows.append(row)

    def list(self) -> list[DroppedRows]:
        """The commonest reason first."""
        return sorted(self._by_reason.values(), key=lambda dropped: -dropped.count)
