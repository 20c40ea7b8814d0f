"""Which column of a data set is which field of a row shape, and the reader of rows that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.formats.declaration import Shape, UnusableShape
from reward_studio.formats.interpret import Interpreted, interpret_row

Binding = Mapping[str, str]


def mapped_names(columns: Sequence[str], column_map: Mapping[str, str]) -> dict[str, str]:
    """The names under which the columns are looked for -> the columns.

    Raises:
        StudioError: ``missing-column`` where the map names a column that is not there.
    """
    for field, column in column_map.items():
        if column not in columns:
            raise StudioError(
                "missing-column",
                f'There is no column "{column}" to take as "{field}".',
                hint=f"The columns are: {', '.join(columns)}.",
                where={"field": column},
            )
    fields = {column: field for field, column in column_map.items()}
    names: dict[str, str] = {}
    for column in columns:
        aside = f"{column} (not mapped)" if column in column_map else column
        names.setdefault(fields.get(column, aside), column)
    return names


def bind_shape(
    shape: Shape | UnusableShape, names: Mapping[str, str], mapped_fields: Sequence[str]
) -> tuple[Binding | None, list[str]]:
    """Field -> column, or None and the required fields that no column is found for."""
    binding: dict[str, str] = {}
    missing: list[str] = []
    for name, field in shape.fields.items():
        found = next((names[spelling] for spelling in (name, *field.columns) if spelling in names), None)
        if found is not None:
            binding[name] = found
        elif not field.optional:
            missing.append(name)
    if missing:
        return None, missing
    bound = set(binding.values())
    unused = any(names.get(field) not in bound for field in mapped_fields)
    if unused or any(name in names for name in shape.without):
        return None, []
    return binding, []


class BoundFormat:
    """A row shape bound to the columns of one data set."""

    def __init__(self, shape: Shape, binding: Binding) -> None:
        self.shape = shape
        self.binding = binding

    def column_of(self, field: str) -> str:
        """The column of a field, or of what a step made the name from."""
        if field in self.binding:
            return self.binding[field]
        for step in self.shape.steps:
            names = [step.as_] if isinstance(step.as_, str) else list(step.as_)
            if field in names:
                # Of several names and sources, the last go together.
                place = 0 if len(names) == 1 else max(0, names.index(field) - (len(names) - len(step.of)))
                source = step.of[place] if place < len(step.of) else field
                return field if source == field else self.column_of(source)
        return field

    def interpret(self, row: Mapping[str, Any]) -> list[Interpreted]:
        """The records or problems of a row given by column; a column that it lacks is null."""
        return interpret_row(self.shape, {f: row.get(column) for f, column in self.binding.items()}, self.column_of)
