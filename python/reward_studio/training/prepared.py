"""Rows made ready for a trainer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reward_studio.training.rows import Rows


@dataclass(frozen=True)
class Prepared:
    """``train`` and ``validation`` are encoded; each has its ``place`` in the records of the rows.

    ``max_length`` is that of the settings, or what the model takes where that is less.
    """

    train_rows: Rows
    validation_rows: Rows | None
    train: Sequence[dict[str, Any]]
    validation: Sequence[dict[str, Any]] | None
    max_length: int


def as_dataset(encoded: Sequence[dict[str, Any]]) -> Any:
    """As TRL takes it."""
    from datasets import Dataset

    return Dataset.from_list([{name: value for name, value in each.items() if name != "place"} for each in encoded])
