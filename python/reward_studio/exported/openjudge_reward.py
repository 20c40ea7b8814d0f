"""The reward model as graders of OpenJudge."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from openjudge.graders.base_grader import BaseGrader
from openjudge.graders.schema import GraderError, GraderMode, GraderRank, GraderScore
from reward_studio.exported.grader_data import GRADER
from reward_studio.exported.rewards import Rewards, percentile_of
from reward_studio.exported.texts import Text, messages_of


class RewardGrader(BaseGrader):
    """Scores one response with the reward: a logit that compares responses to one prompt, no quality between prompts.

    Takes the arguments of ``Rewards``; rows need ``query`` and ``response``, each a text or chat messages.
    """

    def __init__(self, name: str = GRADER.get("name", "reward"), strategy: Any = None, **rewards: Any) -> None:
        super().__init__(name=name, mode=GraderMode.POINTWISE, description=_ABOUT, strategy=strategy)
        self._rewards = Rewards(**rewards)

    async def _aevaluate(self, query: Text, response: Text, **_: Any) -> GraderScore | GraderError:
        messages = [*messages_of(query, "user"), *messages_of(response, "assistant")]
        try:
            reward = await asyncio.to_thread(self._rewards.of, messages)
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            return GraderError(name=self.name, error=f"{type(error).__name__}: {error}", reason="There is no reward.")
        percentile = percentile_of(reward)
        among = "" if percentile is None else f"; percentile {percentile:.0f} of the responses in its training data"
        return GraderScore(
            name=self.name,
            score=reward,
            reason=f"Reward {reward:.3f} (logit, compares responses to one prompt){among}",
            metadata={"scale": GRADER["scale"], "percentile": percentile, "run": GRADER["run"]},
        )

    @staticmethod
    def get_metadata() -> dict[str, Any]:
        return {"aspect_desc": _ABOUT, "grader": GRADER}


class RewardRanker(BaseGrader):
    """Ranks the responses to one prompt by their rewards; rows need ``query`` and ``responses``.

    ``rank`` gives each response its place, 1 for the highest reward. A rank of OpenJudge has no ties: of equal rewards
    the earlier response stands first, and ``metadata["tied"]`` is true.
    """

    def __init__(self, name: str = GRADER.get("name", "reward"), strategy: Any = None, **rewards: Any) -> None:
        super().__init__(name=name, mode=GraderMode.LISTWISE, description=_ABOUT, strategy=strategy)
        self._rewards = Rewards(**rewards)

    async def _aevaluate(self, query: Text, responses: Sequence[Text], **_: Any) -> GraderRank | GraderError:
        prompt = messages_of(query, "user")
        conversations = [[*prompt, *messages_of(response, "assistant")] for response in responses]
        try:
            found = await asyncio.gather(*(asyncio.to_thread(self._rewards.of, each) for each in conversations))
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            return GraderError(name=self.name, error=f"{type(error).__name__}: {error}", reason="There is no rank.")
        order = sorted(range(len(found)), key=lambda index: -found[index])
        rank = [order.index(index) + 1 for index in range(len(found))]
        tied = len(set(found)) < len(found)
        metadata = {"rewards": list(found), "tied": tied, "scale": GRADER["scale"], "run": GRADER["run"]}
        return GraderRank(name=self.name, rank=rank, reason=f"Rewards (logits): {found}", metadata=metadata)

    @staticmethod
    def get_metadata() -> dict[str, Any]:
        return {"aspect_desc": _ABOUT, "grader": GRADER}


_ABOUT = "Reward of a Bradley-Terry model: higher is preferred, among responses to one prompt."
