"""Reads the verdict from what a judge wrote: whole words inside its tags, never letters inside of words.

The rules and words are data: src/core/methods/judges/verdicts.json. Both languages run the fixture of the same name in
test/fixtures/contract/judges.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Union

from reward_studio.declared import load_declared
from reward_studio.records import squeeze

Verdict = Union[int, Literal["A", "B", "tie"]]


@dataclass(frozen=True)
class Dialect:
    """The tags that may hold a verdict, and what each text inside of them means."""

    tag: re.Pattern[str]
    words: Mapping[str, Verdict]
    reasoning: re.Pattern[str]
    open_reasoning: re.Pattern[str]
    marks: str


def read_verdict(text: str, method: str) -> Verdict | None:
    """A score from 0 to 4 (``pointwise``), or A, B, tie (``pairwise``); None where there is none, or two that differ.

    Blocks of reasoning are passed over. Where the chat template opened the block, the text has its end alone: what
    stands before that is reasoning too.
    """
    dialect = _dialect(method)
    answer = dialect.reasoning.sub("", text)
    ends = [match.end() for match in _ends(dialect, answer)]
    answer = answer[ends[-1] :] if ends else answer
    if dialect.open_reasoning.search(answer):
        return None
    said = {_meaning(match.group(2), dialect) for match in dialect.tag.finditer(answer)}
    return said.pop() if len(said) == 1 else None


def _meaning(text: str, dialect: Dialect) -> Verdict | None:
    plain = squeeze(text.lower()).strip(dialect.marks + " ")
    return dialect.words.get(squeeze(plain))


def _ends(dialect: Dialect, text: str) -> list[re.Match[str]]:
    return list(re.finditer(dialect.open_reasoning.pattern.replace("<", "</", 1), text, re.IGNORECASE))


@lru_cache(maxsize=None)
def _dialect(method: str) -> Dialect:
    declared = load_declared("methods/judges/verdicts.json")
    of_method = declared["methods"][method]
    reasoning = "|".join(declared["reasoning_tags"])
    tags = "|".join(of_method["tags"])
    return Dialect(
        tag=re.compile(rf"<({tags})>(.*?)</\1>", re.IGNORECASE | re.DOTALL),
        words=of_method["words"],
        reasoning=re.compile(rf"<({reasoning})>.*?</\1>", re.IGNORECASE | re.DOTALL),
        open_reasoning=re.compile(rf"<(?:{reasoning})>", re.IGNORECASE),
        marks=declared["marks"],
    )
