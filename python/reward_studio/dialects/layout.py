"""A dialect: how the training files of a trainer lay out the records of each method. Twin of dialect.ts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

from reward_studio.writers.columns import Column


@dataclass(frozen=True)
class RowPlace:
    """Where a row lies in the output: the part, and its position there from zero."""

    part: str
    index: int


@dataclass(frozen=True)
class Layout:
    """``unfit`` says why the layout cannot hold a record; ``loses`` what a record may have and a row does not say."""

    columns: Sequence[Column]
    cells: Callable[[Any, RowPlace], Sequence[Any]]
    unfit: Callable[[Any], str | None] = lambda record: None
    loses: Sequence[str] = ()


@dataclass(frozen=True)
class Register:
    """A file beside the data that a trainer looks them up in.

    ``content`` takes what the file held (None where there was none), the method, and for each data file its path and
    the name of its entry.
    """

    name: str
    content: Callable[[Any, str, Sequence[tuple[Path, str]]], Mapping[str, Any]]


@dataclass(frozen=True)
class Dialect:
    """``layouts``: method -> its layout, or why the dialect has none."""

    id: str
    layouts: Mapping[str, Union[Layout, str]]
    register: Register | None = None
