"""What a verdict earns, by the formulas that src/core/methods/judges/rewards.json names."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reward_studio.declared import load_declared
from reward_studio.judges.verdicts import Verdict

_FORMULAS: Mapping[str, Callable[[float, float, float], float]] = {
    "exponential": lambda distance, span, k: math.exp(-k * distance / span),
    "linear": lambda distance, span, k: 1 - distance / span,
    "exact": lambda distance, span, k: 1.0 if distance == 0 else 0.0,
}


@dataclass(frozen=True)
class Reward:
    """How verdicts are rewarded; ``k`` is of the exponential formula, ``strength_weight`` of comparisons."""

    method: str
    formula: str
    k: float = 2.0
    strength_weight: bool = False

    def of(self, verdict: Verdict | None, label: Verdict, strength: float | None = None) -> float:
        """0 to 1; 0 where there is no verdict."""
        declared = load_declared("methods/judges/rewards.json")
        if verdict is None:
            return float(declared["no_verdict"])
        if isinstance(verdict, int) and isinstance(label, int):
            return _FORMULAS[self.formula](abs(verdict - label), declared["pointwise"]["span"], self.k)
        earned = _FORMULAS[self.formula](0 if verdict == label else 1, 1, self.k)
        return earned * (_weight(strength) if self.strength_weight else 1.0)


def _weight(strength: float | None) -> float:
    """Linear between the weights that are declared, those at the ends beyond them."""
    declared = load_declared("methods/judges/rewards.json")["pairwise"]
    if strength is None:
        return float(declared["without_strength"])
    points = [(float(point["strength"]), float(point["weight"])) for point in declared["strength_weights"]]
    if strength <= points[0][0]:
        return points[0][1]
    for (low, low_weight), (high, high_weight) in zip(points, points[1:]):
        if strength <= high:
            return low_weight + (high_weight - low_weight) * (strength - low) / (high - low)
    return points[-1][1]
