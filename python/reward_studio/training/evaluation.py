"""Validation: every row once, shared among the processes, none dropped; what comes of it is measures with baselines."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from reward_studio.measures import (
    Measure,
    chance,
    chance_loss,
    mean_measure,
    pick_longer,
    ranked,
    share_measure,
    surprise,
)
from reward_studio.records import PreferencePair, completion_text
from reward_studio.training.session import Session, gather

Value = TypeVar("Value")
# The 97.5 % point of the standard normal distribution.
_Z = 1.959963984540054


@dataclass(frozen=True)
class Measured:
    """``metrics`` without their prefix; ``evaluation`` and ``samples`` as the events have them."""

    metrics: dict[str, float]
    evaluation: dict[str, Any]
    samples: list[dict[str, Any]] = field(default_factory=list)


class Measurer(Protocol):
    """Measures the model of a trainer as it is now; None where the run was asked to stop meanwhile."""

    def __call__(self, trainer: Any) -> Measured | None: ...


def over_rows(
    session: Session, count: int, batch_size: int, compute: Callable[[Sequence[int]], Sequence[Value]]
) -> list[Value] | None:
    """``compute`` on all rows from 0 to ``count``, by batches of their numbers; None where the run is asked to stop.

    Every process takes as many batches, as sharded models need it: one that has no more rows takes the first again.
    """
    world = session.hardware.processes
    rank = process_index()
    mine = range(rank, count, world)
    batches = math.ceil(math.ceil(count / world) / batch_size)
    found: list[tuple[int, Value]] = []
    for batch in range(batches):
        if session.stop_asked():
            return None
        numbers = list(mine[batch * batch_size : (batch + 1) * batch_size]) or [0]
        found.extend(zip(numbers, compute(numbers)))
    by_number = dict(gather(found))
    return [by_number[number] for number in range(count)]


def process_index() -> int:
    import torch.distributed as dist

    return dist.get_rank() if dist.is_available() and dist.is_initialized() else 0


def evaluate_pairs(pairs: Sequence[PreferencePair], rewards: Sequence[tuple[float, float]]) -> Measured:
    """``rewards`` are (chosen, rejected) in the order of ``pairs``."""
    margins = [chosen - rejected for chosen, rejected in rewards]
    outcomes = [ranked(margin, 0.0) for margin in margins]
    losses = [surprise(_sigmoid(margin)) for margin in margins]
    sides = [(completion_text(pair.chosen), completion_text(pair.rejected)) for pair in pairs]
    accuracy = share_measure("pair-accuracy", outcomes)
    loss = mean_measure("log-loss", losses, "lower")
    margin = mean_measure("mean-margin", margins, "higher")
    n = len(pairs)
    metrics = {
        "loss": loss["value"],
        "accuracy": accuracy["value"],
        "margin": margin["value"],
        "reward_chosen": math.fsum(chosen for chosen, _ in rewards) / n,
        "reward_rejected": math.fsum(rejected for _, rejected in rewards) / n,
    }
    baselines = [pick_longer("pair-accuracy", sides), chance("pair-accuracy", n, 2), chance_loss(n, 2)]
    return Measured(metrics, _evaluation("bradley-terry", n, [accuracy, loss, margin], baselines))


def evaluate_tokens(totals: Sequence[tuple[float, int, int]], vocabulary: int) -> Measured:
    """``totals`` are (negative log-likelihood in nats, tokens, tokens that were the likeliest) of each conversation."""
    n = len(totals)
    tokens = sum(count for _, count, _ in totals)
    loss = math.fsum(total for total, _, _ in totals) / tokens
    half = 0.0
    if n > 1:
        # A ratio of sums over conversations (Cochran 1977, 6.3).
        squares = math.fsum((total - loss * count) ** 2 for total, count, _ in totals)
        half = _Z * math.sqrt(squares / (n - 1) / n) / (tokens / n)
    measure: Measure = {
        "name": "log-loss",
        "value": loss,
        "n": n,
        "interval": [loss - half, loss + half],
        "better": "lower",
    }
    metrics = {"loss": loss, "accuracy": sum(right for _, _, right in totals) / tokens}
    return Measured(metrics, _evaluation("sft", n, [measure], [chance_loss(n, vocabulary)]))


def _evaluation(method: str, n: int, measures: list[Measure], baselines: list[dict[str, Any]]) -> dict[str, Any]:
    return {"method": method, "n": n, "measures": measures, "baselines": baselines}


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
