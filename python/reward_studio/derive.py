"""Records of one kind made from another, where that keeps the meaning: the rules of src/core/datasets/derive.ts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from reward_studio.formats.json_text import utf8
from reward_studio.records import (
    ComparedResponses,
    Conversation,
    PreferencePair,
    TrainingRecord,
    completion_text,
    prompt_key,
    squeeze,
)

# For each method, the methods whose records it can be made from.
DERIVED_FROM: Mapping[str, Sequence[str]] = {
    "bradley-terry": ("pairwise",),
    "pointwise": (),
    "pairwise": ("bradley-terry",),
    "sft": ("bradley-terry",),
}


def derive_record(record: TrainingRecord, method: str, seed: int) -> TrainingRecord | str:
    """The record for the method, or the reason why there is none (``tie``, ``empty-value``, ``identical-pair``)."""
    if method == "bradley-terry" and isinstance(record, ComparedResponses):
        return _pair_of(record)
    if method == "pairwise" and isinstance(record, PreferencePair):
        return _comparison_of(record, seed)
    if method == "sft" and isinstance(record, PreferencePair):
        return Conversation((*record.prompt, *record.chosen))
    return record


def _pair_of(record: ComparedResponses) -> PreferencePair | str:
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
    """The chosen response is A for about half of the pairs, by a hash of the pair and the seed."""
    texts = [prompt_key(record.prompt), completion_text(record.chosen), completion_text(record.rejected)]
    chosen_first = hashlib.sha256(utf8(f"{seed}:" + "\u0001".join(texts))).digest()[0] & 1 == 0
    if chosen_first:
        return ComparedResponses(record.prompt, record.chosen, record.rejected, "A")
    return ComparedResponses(record.prompt, record.rejected, record.chosen, "B")
