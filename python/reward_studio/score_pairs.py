"""Pairs and comparisons made of scored responses to one prompt: every two of them, in the order they come.

The rules of src/core/datasets/score-pairs.ts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reward_studio.derive import Derived, coin
from reward_studio.records import (
    ComparedResponses,
    Preference,
    PreferencePair,
    ScoredResponse,
    TrainingRecord,
    code_units,
    completion_text,
    prompt_key,
)
from reward_studio.split import group_of


@dataclass(frozen=True)
class ScorePairRule:
    """``min_margin``: for pairs, the least difference that makes one. ``tie_below``: a smaller one is a tie."""

    method: str
    min_margin: float
    tie_below: float
    seed: int


@dataclass
class _Open:
    seen: int = 0
    responses: list[ScoredResponse] = field(default_factory=list)


def count_prompts(records: Iterable[TrainingRecord]) -> Counter[str]:
    """Group of a prompt -> how many scored responses it has in all. Rows without a prompt are alone."""
    return Counter(map(group_of, records))


class ScorePairing:
    """Takes scored responses one by one. It holds the responses of a prompt until the last has come."""

    def __init__(self, rule: ScorePairRule, sizes: Mapping[str, int]) -> None:
        self._rule = rule
        self._sizes = sizes
        self._open: dict[str, _Open] = {}

    def add(self, response: ScoredResponse) -> list[Derived]:
        """The pairs of this response with the earlier ones to its prompt, or why there is none."""
        if not response.prompt:
            return ["no-prompt"]
        group = group_of(response)
        size = self._sizes.get(group, 1)
        if size < 2:
            return ["only-response"]
        held = self._open.setdefault(group, _Open())
        pairs = [self._pair(earlier, response) for earlier in held.responses]
        held.seen += 1
        held.responses.append(response)
        if held.seen == size:
            del self._open[group]
        return pairs

    def _pair(self, earlier: ScoredResponse, later: ScoredResponse) -> Derived:
        if completion_text(earlier.response) == completion_text(later.response):
            return "identical-pair"
        if self._rule.method == "bradley-terry":
            return _pair_of(earlier, later, self._rule.min_margin)
        return _comparison_of(earlier, later, self._rule)


def _pair_of(earlier: ScoredResponse, later: ScoredResponse, min_margin: float) -> Derived:
    """The difference of the scores is the margin."""
    margin = abs(earlier.score - later.score)
    if margin < min_margin:
        return "margin-too-small"
    better, worse = (earlier, later) if earlier.score > later.score else (later, earlier)
    return PreferencePair(earlier.prompt, better.response, worse.response, margin)


def _comparison_of(earlier: ScoredResponse, later: ScoredResponse, rule: ScorePairRule) -> ComparedResponses:
    """Strength 0 for a tie, 1 for a difference of up to 1, else 2. Which response is A is by a hash of the two."""
    first, second = sorted((earlier, later), key=lambda scored: code_units(completion_text(scored.response)))
    texts = [prompt_key(first.prompt), completion_text(first.response), completion_text(second.response)]
    a, b = (first, second) if coin(texts, rule.seed) else (second, first)
    difference = abs(a.score - b.score)
    if difference == 0 or difference < rule.tie_below:
        return ComparedResponses(earlier.prompt, a.response, b.response, "tie", 0)
    better: Preference = "A" if a.score > b.score else "B"
    return ComparedResponses(earlier.prompt, a.response, b.response, better, 1 if difference <= 1 else 2)
