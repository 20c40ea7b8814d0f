"""What a judge's verdicts on the validation rows come to. A completion without one is wrong, and never a score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reward_studio.judges.rewards import Reward
from reward_studio.judges.verdicts import Verdict
from reward_studio.measures import (
    Measure,
    best_constant,
    best_constant_reward,
    chance,
    kappa_measure,
    majority_class,
    mean_measure,
    share_measure,
)
from reward_studio.training.evaluation import Measured
from reward_studio.training.judge_samples import output_of, sample_of

_SCORES = (0, 1, 2, 3, 4)
_PREFERENCES = ("A", "B", "tie")
_SAMPLES = 64
_OTHER: dict[Verdict | None, Verdict | None] = {"A": "B", "B": "A", "tie": "tie", None: None}


@dataclass(frozen=True)
class Judged:
    """One completion. ``place`` is that of the record, which of a comparison is judged in up to two orders."""

    place: int
    row: int
    order: str
    prompt: str
    label: Verdict
    strength: float | None
    text: str
    verdict: Verdict | None
    reward: float
    tokens: int
    cut: bool


def evaluate_judged(method: str, judged: Sequence[Judged], reward: Reward) -> Measured:
    """The same metrics whatever the judge wrote; those that need verdicts are nan where there is none at all."""
    by_record: dict[int, list[Judged]] = {}
    for each in judged:
        by_record.setdefault(each.place, []).append(each)
    records = list(by_record.values())
    accuracy = share_measure("exact-accuracy", [_mean([each.verdict == each.label for each in of]) for of in records])
    earned = mean_measure("mean-reward", [_mean([each.reward for each in of]) for of in records], "higher")
    failures = share_measure(
        "parse-failures", [_mean([each.verdict is None for each in of]) for of in records], "lower"
    )
    metrics = {
        "reward": earned["value"],
        "accuracy": accuracy["value"],
        "parse_failures": failures["value"],
        "completions/mean_length": _mean([each.tokens for each in judged]),
        "completions/clipped_ratio": _mean([each.cut for each in judged]),
    }
    first = [of[0] for of in records]
    if method == "pointwise":
        measures, baselines = _scores(judged, metrics)
        labels: Sequence[Any] = _SCORES
    else:
        measures, baselines = _preferences(records, metrics)
        labels = _PREFERENCES
    constants = {str(label): [reward.of(label, each.label, each.strength) for each in first] for label in labels}
    kind = "best-constant" if method == "pointwise" else "majority-class"
    evaluation = {
        "method": method,
        "n": len(records),
        "measures": [accuracy, *measures, earned, failures],
        "baselines": [
            majority_class([each.label for each in first]),
            chance("exact-accuracy", len(first), len(labels)),
            *baselines,
            best_constant_reward(constants, kind),
        ],
        "confusion": _confusion(judged, labels),
    }
    return Measured(metrics, evaluation, _samples(method, records))


def _scores(judged: Sequence[Judged], metrics: dict[str, float]) -> tuple[list[Measure], list[dict[str, Any]]]:
    labels = [int(each.label) for each in judged]
    read = [(int(each.verdict), int(each.label)) for each in judged if each.verdict is not None]
    metrics["mean_absolute_error"] = metrics["quadratic_weighted_kappa"] = math.nan
    if not read:
        return [], [best_constant(labels)]
    error = mean_measure("mean-absolute-error", [abs(verdict - label) for verdict, label in read], "lower")
    kappa = kappa_measure([verdict for verdict, _ in read], [label for _, label in read], len(_SCORES))
    metrics["mean_absolute_error"] = error["value"]
    metrics["quadratic_weighted_kappa"] = kappa["value"]
    return [error, kappa], [best_constant(labels)]


def _preferences(
    records: Sequence[Sequence[Judged]], metrics: dict[str, float]
) -> tuple[list[Measure], list[dict[str, Any]]]:
    both = [of for of in records if len(of) == 2]
    metrics["swap_agreement"] = math.nan
    if not both:
        return [], []
    agree = [float(of[0].verdict is not None and of[0].verdict == _OTHER[of[1].verdict]) for of in both]
    measure = share_measure("swap-agreement", agree)
    metrics["swap_agreement"] = measure["value"]
    return [measure], []


def _confusion(judged: Sequence[Judged], labels: Sequence[Verdict]) -> dict[str, Any]:
    """Completions by label and verdict; the last verdict is that of those without one."""
    verdicts: list[Verdict | None] = [*labels, None]
    cells = [
        [sum(each.label == label and each.verdict == verdict for each in judged) for verdict in verdicts]
        for label in labels
    ]
    return {"labels": list(labels), "verdicts": verdicts, "cells": cells}


def _samples(method: str, records: Sequence[Sequence[Judged]]) -> list[dict[str, Any]]:
    found = []
    for of in records[:_SAMPLES]:
        sample = sample_of(of[0].row, of[0].prompt, of[0].label)
        for each in of:
            verdict = each.verdict if each.order == "AB" else _OTHER[each.verdict]
            sample["outputs"].append(
                output_of(each.text, verdict, each.reward, method, each.order, each.tokens, each.cut)
            )
        found.append(sample)
    return found


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)
