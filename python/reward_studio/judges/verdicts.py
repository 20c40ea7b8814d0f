"""Reads the verdict from what a judge wrote: whole words inside its tags, never letters inside of words.

The rules and words are data: src/core/methods/judges/verdicts.json. Both languages run the fixture of the same name in
test/fixtures/contract/judges.
"""

from __future__ import annotations

from functools import lru_cache

from reward_studio.declared import load_declared
from reward_studio.judges.verdict_rules import Verdict, VerdictRules

__all__ = ["Verdict", "read_verdict"]


def read_verdict(text: str, method: str) -> Verdict | None:
    """A score from 0 to 4 (``pointwise``), or A, B, tie (``pairwise``); None where there is none, or two that differ."""
    return _rules(method).read(text)


@lru_cache(maxsize=None)
def _rules(method: str) -> VerdictRules:
    declared = load_declared("methods/judges/verdicts.json")
    of_method = declared["methods"][method]
    return VerdictRules(declared["reasoning_tags"], declared["marks"], of_method["tags"], of_method["words"])
