"""Questions to the judge through a chat model of OpenJudge."""

from __future__ import annotations

from typing import Any

from openjudge.models.base_chat_model import BaseChatModel
from openjudge.models.openai_chat_model import OpenAIChatModel
from reward_studio.exported.grader_data import GRADER
from reward_studio.exported.rendering import render
from reward_studio.exported.texts import Text
from reward_studio.judges.verdict_rules import Verdict, VerdictRules

_LONGEST_RAW = 2000


class NoVerdict(Exception):
    """What the judge wrote holds no verdict: that is never a score."""

    def __init__(self, raw: str) -> None:
        super().__init__(f"The judge gave no verdict. It wrote: {raw[:300] or '(nothing)'}")
        self.raw = raw[:_LONGEST_RAW]


class Judge:
    """The prompt and the verdicts that the model was trained with.

    Args:
        model: a chat model, or the arguments of an ``OpenAIChatModel``: ``model``, ``base_url``, ``api_key``.
    """

    def __init__(self, model: BaseChatModel | dict[str, Any]) -> None:
        self._model = OpenAIChatModel(**model) if isinstance(model, dict) else model
        self._rules = VerdictRules(**GRADER["verdicts"])

    async def ask(self, query: Text, responses: dict[str, Text]) -> tuple[Verdict, str]:
        """The verdict and the reasoning before it.

        Raises:
            NoVerdict: where it wrote none.
        """
        judge = GRADER["judge"]
        thinking = judge["thinking"] == "template"
        answer = await self._model.achat(
            messages=[{"role": "user", "content": render(judge, query, responses)}],
            # The likeliest token, as in the validation of its training.
            temperature=0,
            max_tokens=judge["max_completion_length"],
            extra_body={"chat_template_kwargs": {"enable_thinking": thinking}},
        )
        text = answer.content if isinstance(answer.content, str) else ""
        verdict = self._rules.read(text)
        if verdict is None:
            raise NoVerdict(text)
        return verdict, self._rules.reason(text)
