"""Transforms that reach into lists and structures. The twin of src/core/datasets/formats/structures.ts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reward_studio.formats.labels import margin
from reward_studio.formats.required import require_list
from reward_studio.formats.row_problem import UnfitRow
from reward_studio.formats.text import decode_json, number_of

Values = Sequence[Any]
Fields = Sequence[str]
Parameters = Mapping[str, Any]
Path = Sequence[Any]

# Nothing lies there; a null that does is None.
_NOTHING = object()


def each_pair(values: Values, fields: Fields, _: Parameters) -> list[dict[str, Any]]:
    """(responses[n], labels[n(n-1)/2]) -> first, second, label; pairs in the order (1,2) (1,3) ... (2,3) ..."""
    texts = require_list(values[0], fields[0])
    marks = require_list(values[1], fields[1])
    pairs = [(first, second) for index, first in enumerate(texts) for second in texts[index + 1 :]]
    if len(marks) != len(pairs):
        message = f"{len(texts)} responses make {len(pairs)} pairs, but it has {len(marks)} labels"
        raise UnfitRow("wrong-type", fields[1], message)
    return [{"first": first, "second": second, "label": mark} for (first, second), mark in zip(pairs, marks)]


def each_better_worse(values: Values, fields: Fields, _: Parameters) -> list[dict[str, Any]]:
    """(better responses, worse responses) -> better, worse: every one with every other."""
    better, worse = (_require_filled(value, field) for value, field in zip(values, fields))
    return [{"better": chosen, "worse": rejected} for chosen in better for rejected in worse]


def each_preferred(values: Values, fields: Fields, _: Parameters) -> list[dict[str, Any]]:
    """A list of outputs with labels -> better, worse, margin: every preferred one with every other one."""
    field = fields[0]
    outputs = [
        {
            "content": content_at([output], [field], {"paths": [["answer", "content"], ["content"]]}),
            "score": number_of(_label_of(output, "preference_score")),
            "preferred": _preferred_of(output),
        }
        for output in require_list(values[0], field)
    ]
    if len(outputs) == 2 and all(output["preferred"] is None for output in outputs):
        first, second = outputs
        known = first["score"] is not None and second["score"] is not None
        first["preferred"] = known and first["score"] > second["score"]
        second["preferred"] = known and first["score"] < second["score"]
    better = [output for output in outputs if output["preferred"] is True]
    worse = [output for output in outputs if output["preferred"] is False]
    if not better or not worse:
        raise UnfitRow("label-out-of-range", field, "its labels prefer no output to another one")
    return [
        {
            "better": chosen["content"],
            "worse": rejected["content"],
            "margin": margin([None, chosen["score"], rejected["score"]], [], {}),
        }
        for chosen in better
        for rejected in worse
    ]


def at(values: Values, fields: Fields, parameters: Parameters) -> Any:
    """What lies at ``path`` (keys and positions) inside a structure; JSON text on the way is decoded."""
    found, missing = _walk(values[0], parameters["path"])
    if found is not _NOTHING:
        return found
    if parameters.get("optional") is True:
        return None
    path = ".".join(str(step) for step in parameters["path"])
    raise UnfitRow("missing-value" if missing is None else "wrong-type", fields[0], f"it has nothing at {path}")


def content_at(values: Values, fields: Fields, parameters: Parameters) -> Any:
    """What lies at the first of ``paths`` that the structure has."""
    for path in parameters["paths"]:
        found, _ = _walk(values[0], path)
        if found is not _NOTHING:
            return found
    raise UnfitRow("missing-value", fields[0], f"it has nothing at {'.'.join(map(str, parameters['paths'][0]))}")


def list_of(values: Values, fields: Fields, parameters: Parameters) -> list[Any]:
    """Exactly ``length`` items, or the row is of another shape."""
    items = require_list(values[0], fields[0])
    if len(items) == parameters["length"]:
        return items
    raise UnfitRow("wrong-type", fields[0], f"it has {len(items)} items, not {parameters['length']}")


def unlabelled(values: Values, fields: Fields, parameters: Parameters) -> Any:
    """The structure itself, if there is nothing at any of ``paths``."""
    for path in parameters["paths"]:
        found, _ = _walk(values[0], path)
        if found is not _NOTHING and found is not None:
            raise UnfitRow("wrong-type", fields[0], "it has a label")
    return values[0]


def _walk(value: Any, path: Path) -> tuple[Any, Any]:
    """What lies at the path, or ``_NOTHING`` and what the way ended at."""
    found = decode_json(value)
    for step in path:
        if isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = decode_json(found[step])
        elif isinstance(found, dict) and str(step) in found:
            found = decode_json(found[str(step)])
        else:
            return _NOTHING, found
    return found, None


def _require_filled(value: Any, field: str) -> list[Any]:
    items = require_list(value, field)
    if not items:
        raise UnfitRow("empty-value", field, "the list is empty")
    return items


def _label_of(output: Any, name: str) -> Any:
    for path in (["answer", "label", name], ["label", name]):
        found, _ = _walk(output, path)
        if found is not _NOTHING:
            return found
    return None


def _preferred_of(output: Any) -> bool | None:
    said = _label_of(output, "is_preferred")
    if said is None:
        said = _label_of(output, "preference")
    if isinstance(said, bool):
        return said
    return {"chosen": True, "rejected": False}.get(said) if isinstance(said, str) else None
