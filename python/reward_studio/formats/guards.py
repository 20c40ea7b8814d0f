"""Guards: what the sampled values of a column must not look like, though each one alone would fit the shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reward_studio.formats.declaration import Shape
from reward_studio.formats.text import number_of


def refusal(shape: Shape, values_of: Callable[[str], Sequence[Any]]) -> str | None:
    """Why the shape is refused, or None."""
    return next((guard.because for guard in shape.guards if _GUARDS[guard.refuse](values_of(guard.of))), None)


def _one_to_five(values: Sequence[Any]) -> bool:
    numbers = _numbers_of(values)
    fives = sum(4 < number <= 5 for number in numbers)
    return fives > 0 and fives >= sum(number < 1 or number > 5 for number in numbers)


def _zero_to_four(values: Sequence[Any]) -> bool:
    numbers = _numbers_of(values)
    return 0 in numbers and all(number <= 4 for number in numbers)


def _numbers_of(values: Sequence[Any]) -> list[int | float]:
    return [number for number in map(number_of, values) if number is not None]


_GUARDS: Mapping[str, Callable[[Sequence[Any]], bool]] = {"one-to-five": _one_to_five, "zero-to-four": _zero_to_four}
