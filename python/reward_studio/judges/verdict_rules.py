"""The reader of verdicts, by rules that it is given. It stands alone: an exported grader takes it along."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, Union

from reward_studio.white_space import squeeze

Verdict = Union[int, Literal["A", "B", "tie"]]


class VerdictRules:
    """Whole words inside the tags of a method, never letters inside of words.

    Args:
        reasoning_tags: names of tags whose content is passed over.
        marks: characters that may stand around a verdict.
        tags: names of the tags that may hold a verdict.
        words: what each text inside of them means.
    """

    def __init__(self, reasoning_tags: list[str], marks: str, tags: list[str], words: Mapping[str, Any]) -> None:
        reasoning = "|".join(reasoning_tags)
        self._tag = re.compile(rf"<({'|'.join(tags)})>(.*?)</\1>", re.IGNORECASE | re.DOTALL)
        self._words = words
        self._reasoning = re.compile(rf"<({reasoning})>.*?</\1>", re.IGNORECASE | re.DOTALL)
        self._start = re.compile(rf"<(?:{reasoning})>", re.IGNORECASE)
        self._end = re.compile(rf"</(?:{reasoning})>", re.IGNORECASE)
        self._marks = marks + " "

    def read(self, text: str) -> Verdict | None:
        """A score from 0 to 4, or A, B, tie; None where there is none, or two that differ.

        Blocks of reasoning are passed over. Where the chat template opened the block, the text has its end alone: what
        stands before that is reasoning too.
        """
        answer = self._reasoning.sub("", text)
        ends = [match.end() for match in self._end.finditer(answer)]
        answer = answer[ends[-1] :] if ends else answer
        if self._start.search(answer):
            return None
        said = {self._meaning(match.group(2)) for match in self._tag.finditer(answer)}
        return said.pop() if len(said) == 1 else None

    def reason(self, text: str) -> str:
        """What was written besides the verdict, without the tags around it."""
        without = self._tag.sub("", text)
        return self._end.sub("", self._start.sub("", without)).strip()

    def _meaning(self, text: str) -> Verdict | None:
        plain = squeeze(text.lower()).strip(self._marks)
        return self._words.get(squeeze(plain))
