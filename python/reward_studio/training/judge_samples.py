"""What is shown of a judge's work: a sample of a run's events, with its completions."""

from __future__ import annotations

from typing import Any

from reward_studio.judges.verdicts import Verdict


def sample_of(row: int, prompt: str, gold: Verdict) -> dict[str, Any]:
    return {"row": row, "prompt": prompt, "outputs": [], "gold": gold}


def output_of(
    text: str, verdict: Verdict | None, reward: float | None, method: str, order: str, tokens: int, cut: bool
) -> dict[str, Any]:
    output = {"text": text, "verdict": verdict, "reward": reward, "tokens": tokens, "cut": cut}
    return {**output, "order": order} if method == "pairwise" else output
