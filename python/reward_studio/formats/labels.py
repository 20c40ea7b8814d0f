"""Transforms that make labels: scores, verdicts, margins. The twin of src/core/datasets/formats/labels.ts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from reward_studio.formats.required import require_list, require_number
from reward_studio.formats.row_problem import UnfitRow
from reward_studio.formats.text import number_of, quote_value, text_of

Values = Sequence[Any]
Fields = Sequence[str]
Parameters = Mapping[str, Any]


def lookup(values: Values, fields: Fields, parameters: Parameters) -> Any:
    """A value looked up in ``table`` by its text in lower case."""
    return _look(values[0], fields[0], parameters)


def majority(values: Values, fields: Fields, parameters: Parameters) -> Any:
    """Several votes, each looked up in ``table`` -> what more than half of them say, else ``otherwise``."""
    votes = [_look(value, field, parameters) for value, field in zip(values, fields) if value is not None]
    if not votes:
        raise UnfitRow("missing-value", fields[0], "nobody voted")
    return next((vote for vote in votes if votes.count(vote) * 2 > len(votes)), parameters["otherwise"])


def integer(values: Values, fields: Fields, parameters: Parameters) -> int:
    """A whole number within ``min`` and ``max``, plus ``offset``."""
    number = require_number(values[0], fields[0])
    return _whole_within(number, parameters["min"], parameters["max"], fields[0]) + parameters.get("offset", 0)


def rounded_mean(values: Values, fields: Fields, parameters: Parameters) -> int:
    """A list of numbers within ``min`` and ``max`` -> floor(mean + offset + 1/2)."""
    low, high = parameters["min"], parameters["max"]
    numbers = [require_number(item, fields[0]) for item in require_list(values[0], fields[0])]
    if not numbers:
        raise UnfitRow("empty-value", fields[0], "the list is empty")
    for number in numbers:
        if not low <= number <= high:
            raise UnfitRow("label-out-of-range", fields[0], f"{number} is not from {low} to {high}")
    total: float = 0
    for number in numbers:  # in this order: sum() of newer Pythons compensates and would differ in the last bit
        total += number
    return math.floor(total / len(numbers) + parameters["offset"] + 0.5)


def signed_strength(values: Values, fields: Fields, parameters: Parameters) -> dict[str, Any]:
    """A signed strength, positive where the second is better -> preferred, strength by ``strengths[|value|]``."""
    strengths = parameters["strengths"]
    number = require_number(values[0], fields[0])
    if number != int(number) or abs(number) >= len(strengths):
        most = len(strengths) - 1
        raise UnfitRow("label-out-of-range", fields[0], f"{number} is not a whole number from -{most} to {most}")
    preferred = "tie" if number == 0 else "B" if number > 0 else "A"
    return {"preferred": preferred, "strength": strengths[abs(int(number))]}


def optional_strength(values: Values, _: Fields, parameters: Parameters) -> Any:
    """A strength of either sign -> ``strengths[|value|]``, where it has one; between whole numbers it stays as it is."""
    number = number_of(values[0])
    strengths = parameters["strengths"]
    if number is None or not abs(number) <= len(strengths) - 1:
        return None
    size = abs(number)
    return strengths[int(size)] if size == int(size) else min(size, max(strengths))


def task_score(values: Values, fields: Fields, parameters: Parameters) -> int:
    """(task type, label 0 or 1?, score?) of a grader's row -> 0 to 4: see the TypeScript."""
    task, label, score = values
    name = text_of(task, fields[0])
    graded = any(known in name for known in parameters["graded"])
    if not graded and not any(known in name for known in parameters["others"]):
        raise UnfitRow("label-out-of-range", fields[0], f"{quote_value(name)} names none of the known task types")
    mark = None if label is None else _whole_within(require_number(label, fields[1]), 0, 1, fields[1])
    if score is None:
        if mark is not None:
            return mark * 4
        raise UnfitRow("missing-value", fields[2], "it is missing, and so is the label")
    number = _whole_within(require_number(score, fields[2]), 1 if graded else 0, 5, fields[2])
    if graded or number > 1:
        return number - 1
    if number == 0:
        return 0
    if mark is not None:
        return mark * 4
    message = "1 is the best of 0 and 1 but the worst of 1 to 5: no label says which"
    raise UnfitRow("label-out-of-range", fields[2], message)


def margin(values: Values, _: Fields, __: Parameters) -> int | float | None:
    """(margin?, better score?, worse score?) -> the margin, else the difference of the scores, where above 0."""
    given, high, low = (number_of(value) for value in values)
    value = given if given is not None else high - low if high is not None and low is not None else None
    return value if value is not None and value > 0 else None


def optional_number(values: Values, _: Fields, __: Parameters) -> int | float | None:
    """A number, where there is one."""
    return number_of(values[0])


def _whole_within(number: int | float, low: int, high: int, field: str) -> int:
    if number == int(number) and low <= number <= high:
        return int(number)
    raise UnfitRow("label-out-of-range", field, f"{number} is not a whole number from {low} to {high}")


def _look(value: Any, field: str, parameters: Parameters) -> Any:
    table: Mapping[str, Any] = parameters["table"]
    text = text_of(value, field).lower()
    if text in table:
        return table[text]
    raise UnfitRow("label-out-of-range", field, f"{quote_value(value)} is not one of {', '.join(table)}")
