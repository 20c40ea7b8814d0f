"""Measures of an evaluation, with n and 95 % interval, and the baselines of the same rows.

The twin of src/core/methods/metrics.ts, intervals.ts and baselines.ts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Measure = dict[str, Any]
Interval = list[float]

# The 97.5 % point of the standard normal distribution.
_Z = 1.959963984540054
_LEAST_PROBABILITY = 1e-12


def share_measure(name: str, outcomes: Sequence[float], better: str = "higher") -> Measure:
    """A share from one outcome per row: 1 right, 0 wrong, one half undecided. Wilson interval."""
    successes = math.fsum(outcomes)
    return _measure(name, successes / len(outcomes), len(outcomes), wilson_interval(successes, len(outcomes)), better)


def mean_measure(name: str, values: Sequence[float], better: str) -> Measure:
    """A mean over rows. Normal approximation."""
    mean = math.fsum(values) / len(values)
    return _measure(name, mean, len(values), _mean_interval(values, mean), better)


def kappa_measure(predictions: Sequence[int], labels: Sequence[int], classes: int) -> Measure:
    """Cohen's kappa with quadratic weights (Cohen 1968); interval by the jackknife (Efron and Stein 1981)."""
    n = len(labels)
    cells = [[0] * classes for _ in range(classes)]
    for prediction, label in zip(predictions, labels):
        cells[prediction][label] += 1
    value = _kappa(cells, n)
    left: list[tuple[float, int]] = []
    for row in cells:
        for label, count in enumerate(row):
            if count == 0 or n < 2:
                continue
            row[label] = count - 1
            left.append((_kappa(cells, n - 1), count))
            row[label] = count
    mean = sum(kappa * count for kappa, count in left) / n
    squares = sum(count * (kappa - mean) ** 2 for kappa, count in left)
    half = _Z * math.sqrt((n - 1) / n * squares)
    interval = [max(-1.0, value - half), min(1.0, value + half)]
    return _measure("quadratic-weighted-kappa", value, n, interval, "higher")


def wilson_interval(successes: float, n: int) -> Interval:
    """Wilson score interval of a share (Wilson 1927); ``successes`` may be fractional, where ties count one half."""
    share = successes / n
    z2 = _Z * _Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return [0.0 if successes == 0 else centre - half, 1.0 if successes == n else centre + half]


def ranked(better: float, worse: float) -> float:
    """1 where ``better`` is above ``worse``, 0 where below, one half where equal."""
    return 1.0 if better > worse else 0.5 if better == worse else 0.0


def surprise(probability: float) -> float:
    """-log p, in nats, of the probability given to what happened."""
    return -math.log(max(_LEAST_PROBABILITY, probability))


def pick_longer(name: str, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Always prefers the longer completion, in UTF-16 code units; ``pairs`` are (better, worse)."""
    outcomes = [ranked(_code_units(better), _code_units(worse)) for better, worse in pairs]
    return {"baseline": "pick-longer", "measure": share_measure(name, outcomes)}


def majority_class(labels: Sequence[str | int]) -> dict[str, Any]:
    """Always answers the commonest label of these very rows, the first of equals."""
    answer = Counter(labels).most_common(1)[0][0]
    outcomes = [1.0 if label == answer else 0.0 for label in labels]
    measure = share_measure("exact-accuracy", outcomes)
    return {"baseline": "majority-class", "answer": str(answer), "measure": measure}


def best_constant(labels: Sequence[int]) -> dict[str, Any]:
    """Always answers the median label, which no other constant beats in mean absolute error."""
    ordered = sorted(labels)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    errors = [abs(median - label) for label in labels]
    measure = mean_measure("mean-absolute-error", errors, "lower")
    return {"baseline": "best-constant", "answer": f"{median:g}", "measure": measure}


def best_constant_reward(rewards: Mapping[str, Sequence[float]], baseline: str) -> dict[str, Any]:
    """Always gives the verdict that earns most on these very rows; ``rewards`` has what each verdict earns on each."""
    answer = max(rewards, key=lambda verdict: math.fsum(rewards[verdict]))
    measure = mean_measure("mean-reward", rewards[answer], "higher")
    return {"baseline": baseline, "answer": answer, "measure": measure}


def chance(name: str, n: int, classes: int) -> dict[str, Any]:
    """Answers at random among ``classes`` equally likely ones."""
    measure = _measure(name, 1 / classes, n, [1 / classes, 1 / classes], "higher")
    return {"baseline": "chance", "measure": measure}


def chance_loss(n: int, classes: int) -> dict[str, Any]:
    """Gives each of ``classes`` the same probability."""
    value = math.log(classes)
    return {"baseline": "chance", "measure": _measure("log-loss", value, n, [value, value], "lower")}


def quantiles(values: Sequence[float]) -> list[float]:
    """Quantiles at 0 %, 1 %, ... 100 %, linear between order statistics (Hyndman and Fan 1996, type 7)."""
    ordered = sorted(values)
    found: list[float] = []
    for percent in range(101):
        position = (len(ordered) - 1) * percent / 100
        below = math.floor(position)
        low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
        found.append(low + (high - low) * (position - below))
    return found


def _measure(name: str, value: float, n: int, interval: Interval, better: str) -> Measure:
    return {"name": name, "value": value, "n": n, "interval": interval, "better": better}


def _mean_interval(values: Sequence[float], mean: float) -> Interval:
    n = len(values)
    if n < 2:
        return [mean, mean]
    squares = math.fsum((value - mean) ** 2 for value in values)
    half = _Z * math.sqrt(squares / (n - 1) / n)
    return [mean - half, mean + half]


def _kappa(cells: Sequence[Sequence[int]], n: int) -> float:
    rows = [sum(row) for row in cells]
    columns = [sum(column) for column in zip(*cells)]
    observed = expected = 0.0
    for i, row in enumerate(cells):
        for j, count in enumerate(row):
            weight = (i - j) ** 2
            observed += weight * count
            expected += weight * rows[i] * columns[j] / n
    return 1.0 if expected == 0 else 1 - observed / expected


def _code_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
