"""Row-shape declarations: the JSON files that TypeScript reads too.

In a checkout they lie in ``src/core/datasets/formats/shapes``; a wheel holds a copy in ``formats/shapes`` (setup.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Field:
    """``columns`` are other spellings of the column; the field's own name always counts first."""

    columns: Sequence[str]
    optional: bool


@dataclass(frozen=True)
class Step:
    do: str
    of: Sequence[str]
    as_: str | Sequence[str]
    parameters: Mapping[str, Any]
    each: bool


@dataclass(frozen=True)
class Guard:
    refuse: str
    of: str
    because: str


@dataclass(frozen=True)
class Shape:
    """See src/core/datasets/formats/declaration.ts for what each part means."""

    id: str
    title: str
    record: str
    rank: float
    fields: Mapping[str, Field]
    without: Sequence[str]
    steps: Sequence[Step]
    guards: Sequence[Guard]
    example: Mapping[str, Any]
    ambiguity: Mapping[str, str] | None


@dataclass(frozen=True)
class UnusableShape:
    """Rows that are known and train nothing: ``because`` says why and ``instead`` what to do."""

    id: str
    title: str
    because: str
    instead: str
    fields: Mapping[str, Field]
    without: Sequence[str]
    example: Mapping[str, Any]


def shapes_folder() -> Path:
    """The folder of the declarations.

    Raises:
        FileNotFoundError: neither a packaged copy nor a checkout is there.
    """
    here = Path(__file__).resolve().parent
    checkout = here.parents[2] / "src" / "core" / "datasets" / "formats" / "shapes"
    for folder in (checkout, here / "shapes"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"No row shapes beside {here} nor in a checkout around it.")


@lru_cache(maxsize=1)
def load_shapes() -> tuple[tuple[Shape, ...], tuple[UnusableShape, ...]]:
    """All shapes by id: those that train something, and those that are known and do not."""
    declared = [json.loads(path.read_text("utf-8")) for path in shapes_folder().glob("*.json")]
    declared.sort(key=lambda shape: shape["id"])
    usable = tuple(_shape(shape) for shape in declared if "unusable" not in shape)
    return usable, tuple(_unusable(shape) for shape in declared if "unusable" in shape)


def _shape(declared: Mapping[str, Any]) -> Shape:
    return Shape(
        id=declared["id"],
        title=declared["title"],
        record=declared["record"],
        rank=declared["rank"],
        fields=_fields(declared),
        without=declared.get("without", []),
        steps=[
            Step(step["do"], step["of"], step["as"], step.get("with", {}), step.get("each", False))
            for step in declared["steps"]
        ],
        guards=[Guard(guard["refuse"], guard["of"], guard["because"]) for guard in declared.get("guards", [])],
        example=declared["example"],
        ambiguity=declared.get("ambiguity"),
    )


def _unusable(declared: Mapping[str, Any]) -> UnusableShape:
    return UnusableShape(
        id=declared["id"],
        title=declared["title"],
        because=declared["unusable"]["because"],
        instead=declared["unusable"]["instead"],
        fields=_fields(declared),
        without=declared.get("without", []),
        example=declared["example"],
    )


def _fields(declared: Mapping[str, Any]) -> dict[str, Field]:
    return {
        name: Field(field.get("columns", []), field.get("optional", False))
        for name, field in declared["fields"].items()
    }
