"""Records of one kind made from another, where that keeps the meaning: the rules of src/core/datasets/derive.ts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Union

from reward_studio.formats.json_text import utf8
from reward_studio.records import (
    ComparedResponses,
    Conversation,
    Preference,
    PreferencePair,
    ScoredResponse,
    TrainingRecord,
    completion_text,
    prompt_key,
)
from reward_studio.white_space import squeeze

# For each method, the methods whose records it can be made from. Of scores, score_pairs.py makes what compares.
DERIVED_FROM: Mapping[str, Sequence[str]] = {
    "bradley-terry": ("pairwise", "pointwise"),
    "pointwise": (),
    "pairwise": ("bradley-terry", "pointwise"),
    "sft": ("bradley-terry",),
}


@dataclass(frozen=True)
class PairScores:
    """The scores that the two sides of a pair stand for, where a person says so: a pair itself does not."""

    chosen: int
    rejected: int


# A record for the method, or the reason why there is none.
Derived = Union[TrainingRecord, str]


def derive_record(
    record: TrainingRecord, method: str, seed: int, pair_scores: PairScores | None = None
) -> list[Derived]:
    """What one record gives for a method; a reason is ``tie``, ``empty-value`` or ``identical-pair``."""
    if isinstance(record, ComparedResponses) and method in ("bradley-terry", "pointwise"):
        pair = _pair_of(record)
        if isinstance(pair, str) or method == "bradley-terry":
            return [pair]
        return derive_record(pair, method, seed, pair_scores)
    if isinstance(record, PreferencePair):
        if method == "pairwise":
            return [_comparison_of(record, seed)]
        if method == "sft":
            return [Conversation((*record.prompt, *record.chosen))]
        if method == "pointwise" and pair_scores is not None:
            return [
                ScoredResponse(record.prompt, record.chosen, pair_scores.chosen),
                ScoredResponse(record.prompt, record.rejected, pair_scores.rejected),
            ]
    return [record]


def coin(texts: Sequence[str], seed: int) -> bool:
    """Heads or tails, by the texts and the seed alone."""
    return hashlib.sha256(utf8(f"{seed}:" + "\u0001".join(texts))).digest()[0] & 1 == 0


def swapped(record: ComparedResponses) -> ComparedResponses:
    """The same comparison with its responses in each other's place."""
    other: Mapping[str, Preference] = {"A": "B", "B": "A", "tie": "tie"}
    preferred = other[record.preferred]
    return replace(record, response_a=record.response_b, response_b=record.response_a, preferred=preferred)


def _pair_of(record: ComparedResponses) -> PreferencePair | str:
    """The better response is chosen; the strength becomes the margin."""
    if record.preferred == "tie":
        return "tie"
    chosen, rejected = record.response_a, record.response_b
    if record.preferred == "B":
        chosen, rejected = rejected, chosen
    texts = [completion_text(chosen), completion_text(rejected)]
    if any(squeeze(text) == "" for text in texts):
        return "empty-value"
    if texts[0] == texts[1]:
        return "identical-pair"
    margin = record.strength if record.strength is not None and record.strength > 0 else None
    return PreferencePair(record.prompt, chosen, rejected, margin)


def _comparison_of(record: PreferencePair, seed: int) -> ComparedResponses:
    """The chosen response is A for about half of the pairs: position says nothing."""
    texts = [prompt_key(record.prompt), completion_text(record.chosen), completion_text(record.rejected)]
    if coin(texts, seed):
        return ComparedResponses(record.prompt, record.chosen, record.rejected, "A")
    return ComparedResponses(record.prompt, record.rejected, record.chosen, "B")
