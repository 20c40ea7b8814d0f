"""The pointwise judge as a grader of OpenJudge."""

from __future__ import annotations

from typing import Any

from openjudge.graders.base_grader import BaseGrader
from openjudge.graders.schema import GraderError, GraderMode, GraderScore
from reward_studio.exported.grader_data import GRADER
from reward_studio.exported.openjudge_judge import Judge, NoVerdict
from reward_studio.exported.texts import Text


class PointwiseGrader(BaseGrader):
    """Scores one response from 0 (worst) to 4 (best); rows need ``query`` and ``response``, texts or chat messages.

    The graders of OpenJudge score from 1 to 5: do not average these with those.
    """

    def __init__(self, model: Any, name: str = GRADER.get("name", "judge"), strategy: Any = None) -> None:
        super().__init__(name=name, mode=GraderMode.POINTWISE, description=_ABOUT, strategy=strategy)
        self._judge = Judge(model)

    async def _aevaluate(self, query: Text, response: Text, **_: Any) -> GraderScore | GraderError:
        try:
            verdict, reason = await self._judge.ask(query, {"response": response})
        except NoVerdict as error:
            return GraderError(name=self.name, error=str(error), reason="no verdict", metadata={"raw": error.raw})
        metadata = {"scale": GRADER["scale"], "run": GRADER["run"]}
        return GraderScore(
            name=self.name, score=float(verdict), reason=reason or f"{verdict} of 0 to 4", metadata=metadata
        )

    @staticmethod
    def get_metadata() -> dict[str, Any]:
        return {"aspect_desc": _ABOUT, "prompt": GRADER["judge"]["text"], "grader": GRADER}


_ABOUT = "Score of a trained judge: 0 (worst) to 4 (best)."
