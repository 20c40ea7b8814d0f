"""A split that keeps the shares of the labels alike in every part: the rule of src/core/datasets/stratify.ts.

Groups and their positions are those of ``split.py``. Groups are walked from the one with the most rows to the one with
the fewest, equal ones by ascending position. With ``want[p][l]`` = the share of part p times the rows of label l, and
``have[p][l]`` the rows of l it got so far, the group with ``n[l]`` rows of each label goes to the part with the least
sum over its labels, in the order of their names, of ``n[l] * (2 * have[p][l] + n[l]) / want[p][l] - 2 * n[l]``: how
much the squared distance from what is wanted grows, in units of what is wanted. Of equal parts the one named first
gets it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from reward_studio.split import by_position, check_split


def place_stratified(groups: Mapping[str, Mapping[str, int]], shares: Mapping[str, float], seed: int) -> dict[str, str]:
    """The part of every group, given for each group the rows of every label."""
    totals: Counter[str] = Counter()
    for labels in groups.values():
        totals.update(labels)
    parts = check_split(shares)
    have: dict[str, Counter[str]] = {name: Counter() for name in parts}

    def growth(name: str, labels: Sequence[tuple[str, int]]) -> float:
        total = 0.0
        for label, rows in labels:
            total += rows * (2 * have[name][label] + rows) / (parts[name] * totals[label]) - 2 * rows
        return total

    placed: dict[str, str] = {}
    # The sort is stable: among groups of one size, the order of positions stays.
    for group in sorted(by_position(groups, seed), key=lambda name: -sum(groups[name].values())):
        rows_of_labels = sorted(groups[group].items())
        best = min((growth(name, rows_of_labels), number, name) for number, name in enumerate(parts))[2]
        have[best].update(groups[group])
        placed[group] = best
    return placed
