"""The pairwise judge as a grader of OpenJudge."""

from __future__ import annotations

from typing import Any

from openjudge.graders.base_grader import BaseGrader
from openjudge.graders.schema import GraderError, GraderMode, GraderScore
from reward_studio.exported.grader_data import GRADER
from reward_studio.exported.openjudge_judge import Judge, NoVerdict
from reward_studio.exported.texts import Text


class PairwiseGrader(BaseGrader):
    """Compares two responses; rows need ``query``, ``response_a`` and ``response_b``, texts or chat messages.

    The score is 1 where A is better, -1 where B is and 0 for a tie: a rank of OpenJudge has no ties. With both orders
    it is the mean of the two verdicts, and two that contradict each other are a tie with ``metadata["agreed"]`` false.
    """

    def __init__(
        self, model: Any, name: str = GRADER.get("name", "judge"), strategy: Any = None, both_orders: bool = True
    ) -> None:
        super().__init__(name=name, mode=GraderMode.POINTWISE, description=_ABOUT, strategy=strategy)
        self._judge = Judge(model)
        self._both_orders = both_orders

    async def _aevaluate(
        self, query: Text, response_a: Text, response_b: Text, **_: Any
    ) -> GraderScore | GraderError:
        try:
            first, reason = await self._judge.ask(query, {"response_a": response_a, "response_b": response_b})
            points = [_POINTS[first]]
            if self._both_orders:
                second, _reason = await self._judge.ask(query, {"response_a": response_b, "response_b": response_a})
                points.append(-_POINTS[second])
        except NoVerdict as error:
            return GraderError(name=self.name, error=str(error), reason="no verdict", metadata={"raw": error.raw})
        score = sum(points) / len(points)
        agreed = len(set(points)) == 1
        verdict = "tie" if score == 0 or not agreed else "A" if score > 0 else "B"
        metadata = {"scale": GRADER["scale"], "run": GRADER["run"], "verdict": verdict, "agreed": agreed}
        return GraderScore(name=self.name, score=score, reason=reason or f"verdict {verdict}", metadata=metadata)

    @staticmethod
    def get_metadata() -> dict[str, Any]:
        return {"aspect_desc": _ABOUT, "prompt": GRADER["judge"]["text"], "grader": GRADER}


_POINTS: dict[Any, int] = {"A": 1, "tie": 0, "B": -1}
_ABOUT = "Verdict of a trained judge on two responses: 1 for A, 0 for a tie, -1 for B."
