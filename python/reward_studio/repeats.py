"""Records that say the same thing twice, and records that contradict each other: the rules of repeats.ts."""

from __future__ import annotations

import hashlib

from reward_studio.formats.json_text import utf8
from reward_studio.records import (
    ComparedResponses,
    PreferencePair,
    ScoredResponse,
    TrainingRecord,
    code_units,
    completion_text,
    prompt_key,
    prompt_of,
    responses_of,
)


class Repeats:
    """Collects what every record judges and how, as hashes; then says which records go.

    Of records that say the same of the same responses the first stays; of records that judge the same responses
    differently none does, as it is not known which one is right. The order of two responses is no difference.
    """

    def __init__(self, duplicates: bool, contradictions: bool) -> None:
        self._duplicates = duplicates
        self._contradictions = contradictions
        self._verdicts: dict[bytes, list[str]] = {}
        self._verdicts_of: list[list[str]] = []
        self._known: list[bool] = []

    def add(self, record: TrainingRecord) -> None:
        subject, verdict = _judge(record)
        key = hashlib.sha256(utf8(subject)).digest()[:12]
        verdicts = self._verdicts.setdefault(key, [])
        known = verdict in verdicts
        if not known:
            verdicts.append(verdict)
        self._verdicts_of.append(verdicts)
        self._known.append(known)

    def reason(self, index: int) -> str | None:
        """Why a record goes, by its place in the order of ``add``; None where it stays."""
        if self._contradictions and len(self._verdicts_of[index]) > 1:
            return "contradictory-labels"
        return "duplicate" if self._duplicates and self._known[index] else None


def _judge(record: TrainingRecord) -> tuple[str, str]:
    responses = [completion_text(response) for response in responses_of(record)]
    in_order = len(responses) < 2 or code_units(responses[0]) <= code_units(responses[1])
    ordered = responses if in_order else responses[::-1]
    subject = "\u0002".join((prompt_key(prompt_of(record)), *ordered))
    return subject, _verdict_of(record, in_order)


def _verdict_of(record: TrainingRecord, in_order: bool) -> str:
    if isinstance(record, PreferencePair):
        return "first" if in_order else "second"
    if isinstance(record, ComparedResponses):
        if record.preferred == "tie":
            return "tie"
        return "first" if (record.preferred == "A") == in_order else "second"
    return str(record.score) if isinstance(record, ScoredResponse) else ""
