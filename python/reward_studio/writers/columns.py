"""The columns of an output file and what their cells may hold, in every format alike. Twin of writers/columns.ts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union


@dataclass(frozen=True)
class ListOf:
    item: OutputType


@dataclass(frozen=True)
class Struct:
    fields: Mapping[str, OutputType]


# "int", "double", "string", or a list or structure of such.
OutputType = Union[str, ListOf, Struct]


@dataclass(frozen=True)
class Column:
    name: str
    type: OutputType


MESSAGES = ListOf(Struct({"role": "string", "content": "string"}))


def describe_type(kind: OutputType) -> str:
    """The type as a person reads it: ``list<struct<role: string, content: string>>``."""
    if isinstance(kind, ListOf):
        return f"list<{describe_type(kind.item)}>"
    if isinstance(kind, Struct):
        return f"struct<{', '.join(f'{name}: {describe_type(field)}' for name, field in kind.fields.items())}>"
    return "int32" if kind == "int" else kind


def cell_length(cell: Any) -> int:
    """Characters of text in a cell, 8 for a number: what bounds a row group."""
    if isinstance(cell, str):
        return len(cell)
    if isinstance(cell, dict):
        return sum(map(cell_length, cell.values()))
    if isinstance(cell, (list, tuple)):
        return sum(map(cell_length, cell))
    return 8
