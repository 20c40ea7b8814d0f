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
    numbers = [number for number in map(number_of, values) if number is not None]
    return any(4 < number <= 5 for number in numbers) and all(number >= 1 for number in numbers)


_GUARDS: Mapping[str, Callable[[Sequence[Any]], bool]] = {"one-to-five": _one_to_five}
