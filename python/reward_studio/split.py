"""Splits records into named parts so that no prompt lies in two of them: the rule of src/core/datasets/split.ts.

A record's group is the first 32 hex digits of SHA-256 over the UTF-8 of its prompt key (of a record without a prompt,
its whole text). A group's position is SHA-256 over the UTF-8 of ``SEED:GROUP`` as hex; groups are walked by ascending
position. With ``before`` rows in the groups walked so far, ``size`` rows in this one and ``total`` in all, the group
goes to the first part whose cumulated share ``c`` has ``2 * before + size < 2 * total * c``; the last part takes the
rest.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from reward_studio.errors import StudioError
from reward_studio.formats.json_text import utf8
from reward_studio.records import (
    ComparedResponses,
    Conversation,
    PreferencePair,
    TrainingRecord,
    completion_text,
    prompt_key,
    prompt_of,
)

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_SUM_TOLERANCE = 1e-6


def parse_split(text: str) -> dict[str, float]:
    """Parses ``train=0.8,test=0.2``.

    Raises:
        StudioError: ``usage`` for a bad name, a repeated one, a share out of range or shares that do not add up to 1.
    """
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, equals, share = (piece.strip() for piece in part.partition("="))
        number = _number(share)
        if not _NAME.fullmatch(name) or not equals or number is None:
            raise _split_error(f'"{part.strip()}" is not of the form name=share.')
        if name in shares:
            raise _split_error(f'The part "{name}" is named twice.')
        shares[name] = number
    return check_split(shares)


def check_split(shares: Mapping[str, float]) -> dict[str, float]:
    """The shares themselves, or StudioError ``usage``."""
    for name, share in shares.items():
        if not _NAME.fullmatch(name):
            raise _split_error(f'"{name}" cannot be the name of a part.')
        if not 0 < share <= 1:
            raise _split_error(f'The share of "{name}" is {share}, not above 0 and at most 1.')
    total = 0.0
    for share in shares.values():
        total += share
    if abs(total - 1) > _SUM_TOLERANCE:
        raise _split_error(f"The shares add up to {round(total, 6):g}, not 1.")
    return dict(shares)


def group_of(record: TrainingRecord) -> str:
    """What a record is grouped by: see the rule above."""
    prompt = prompt_of(record)
    return hashlib.sha256(utf8(prompt_key(prompt) if prompt else _whole_text(record))).hexdigest()[:32]


def assign_split(groups: Sequence[str], shares: Mapping[str, float], seed: int) -> list[str]:
    """The part of every row, given the group of every row."""
    placed = place_groups(Counter(groups), shares, seed)
    return [placed[group] for group in groups]


def place_groups(sizes: Mapping[str, int], shares: Mapping[str, float], seed: int) -> dict[str, str]:
    """The part of every group, given its rows."""
    bounds: list[tuple[str, float]] = []
    up_to = 0.0
    for name, share in check_split(shares).items():
        up_to += share
        bounds.append((name, up_to))
    total = sum(sizes.values())
    placed: dict[str, str] = {}
    before = 0
    for group in by_position(sizes, seed):
        edge = 2 * before + sizes[group]
        placed[group] = next((name for name, bound in bounds if edge < 2 * total * bound), bounds[-1][0])
        before += sizes[group]
    return placed


def by_position(groups: Iterable[str], seed: int) -> list[str]:
    """The groups by ascending position: see the rule above."""
    return sorted(groups, key=lambda group: hashlib.sha256(utf8(f"{seed}:{group}")).digest())


def _whole_text(record: TrainingRecord) -> str:
    if isinstance(record, PreferencePair):
        return "\u0001".join((completion_text(record.chosen), completion_text(record.rejected)))
    if isinstance(record, ComparedResponses):
        return "\u0001".join((completion_text(record.response_a), completion_text(record.response_b)))
    return completion_text(record.messages if isinstance(record, Conversation) else record.response)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _split_error(message: str) -> StudioError:
    return StudioError("usage", message, "Write a split like train=0.8,test=0.2.")
