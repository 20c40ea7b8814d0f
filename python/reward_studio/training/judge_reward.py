"""The reward of completions in training: their verdicts read, rewarded, counted and shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reward_studio.judges.rewards import Reward
from reward_studio.judges.verdicts import Verdict, read_verdict
from reward_studio.training.judge_samples import output_of, sample_of
from reward_studio.training.session import Session

# Completions of training are shown for so many prompts, every so many steps.
_SHOWN_PROMPTS = 4
_SHOWN_EVERY = 10


class JudgeReward:
    """What TRL calls with completions: reads their verdicts, rewards them, counts and shows them."""

    # TRL names its metrics by it.
    __name__ = "judge"

    def __init__(self, session: Session, ends: Sequence[int]) -> None:
        settings = session.spec.settings
        self._session = session
        self._method = session.spec.method
        self._reward = reward_of(session)
        self._longest = settings["max_completion_length"]
        self._ends = set(ends)

    def __call__(
        self,
        prompts: Sequence[Any],
        completions: Sequence[Any],
        completion_ids: Sequence[Sequence[int]],
        **columns: Any,
    ) -> list[float | None]:
        texts = [_text_of(completion) for completion in completions]
        verdicts = [read_verdict(text, self._method) for text in texts]
        labels: Sequence[Verdict] = columns["label"]
        rewards: list[float | None] = [
            self._reward.of(verdict, label, strength)
            for verdict, label, strength in zip(verdicts, labels, columns["strength"])
        ]
        log_metric = columns["log_metric"]
        log_metric("parse_failures", _share(verdict is None for verdict in verdicts))
        log_metric("accuracy", _share(verdict == label for verdict, label in zip(verdicts, labels)))
        step = columns["trainer_state"].global_step
        if step % _SHOWN_EVERY == 0:
            self._show(step, prompts, texts, verdicts, rewards, completion_ids, columns)
        return rewards

    def _show(
        self,
        step: int,
        prompts: Sequence[Any],
        texts: Sequence[str],
        verdicts: Sequence[Verdict | None],
        rewards: Sequence[float | None],
        ids: Sequence[Sequence[int]],
        columns: dict[str, Any],
    ) -> None:
        groups: dict[tuple[int, str], dict[str, Any]] = {}
        for number, text in enumerate(texts):
            key = (columns["row"][number], columns["order"][number])
            if key not in groups and len(groups) == _SHOWN_PROMPTS:
                continue
            group = groups.setdefault(key, sample_of(key[0], prompts[number][-1]["content"], columns["label"][number]))
            cut = len(ids[number]) >= self._longest and ids[number][-1] not in self._ends
            group["outputs"].append(
                output_of(text, verdicts[number], rewards[number], self._method, key[1], len(ids[number]), cut)
            )
        self._session.tell(lambda log: log.samples(step, list(groups.values()), "train"))


def reward_of(session: Session) -> Reward:
    settings = session.spec.settings
    return Reward(
        session.spec.method,
        settings["reward"],
        settings.get("reward_k", 2.0),
        settings.get("strength_weight", False),
    )


def _text_of(completion: Any) -> str:
    """What was written, of a completion as TRL has it: text, or a list of messages."""
    if isinstance(completion, str):
        return completion
    return "\n".join(message.get("content") or "" for message in completion)


def _share(outcomes: Any) -> float:
    counted = [bool(outcome) for outcome in outcomes]
    return sum(counted) / len(counted)
