"""The judge data that both languages share: prompts, verdicts and rewards, by their fixtures."""

from __future__ import annotations

import unittest
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.judges.prompts import judge_prompt
from reward_studio.judges.rewards import Reward
from reward_studio.judges.verdicts import read_verdict
from reward_studio.records import ComparedResponses, Message, Messages, ScoredResponse
from tests.contract_fixtures import read_fixture


class VerdictsTest(unittest.TestCase):
    def test_every_dialect_is_read_by_whole_words(self) -> None:
        for case in read_fixture("judges/verdicts")["cases"]:
            with self.subTest(case["text"]):
                verdict = read_verdict(case["text"], case["method"])
                self.assertEqual((type(verdict), verdict), (type(case["verdict"]), case["verdict"]), case["why"])


class RewardsTest(unittest.TestCase):
    def test_every_formula(self) -> None:
        for case in read_fixture("judges/rewards")["cases"]:
            with self.subTest(case):
                weighs = case.get("strength_weight", False)
                reward = Reward(case["method"], case["formula"], case.get("k", 2), weighs)
                self.assertAlmostEqual(
                    reward.of(case["verdict"], case["label"], case.get("strength")), case["reward"], 12
                )


class PromptsTest(unittest.TestCase):
    def test_what_is_put_in_stays_as_it_is(self) -> None:
        for case in read_fixture("judges/prompts")["cases"]:
            prompt = judge_prompt(case["method"], case["prompt"], case["principles"], case["thinking"])
            with self.subTest(case["prompt"], method=case["method"]):
                self.assertEqual(prompt.render(_record(case["record"])), case["text"])

    def test_a_prompt_that_is_none_names_those_there_are(self) -> None:
        with self.assertRaisesRegex(StudioError, "standard, brief"):
            judge_prompt("pointwise", "other", "", "none")

    def test_every_verdict_that_is_allowed_is_offered(self) -> None:
        for prompt_id in ("standard", "brief"):
            for thinking in ("prompt", "none"):
                asked = judge_prompt("pairwise", prompt_id, "", thinking).output_format
                self.assertRegex(asked, r"\bA\b.*\bB\b.*\btie\b")


def _record(case: Any) -> ScoredResponse | ComparedResponses:
    if case["kind"] == "scored-response":
        return ScoredResponse(_messages(case["prompt"]), _messages(case["response"]), case["score"])
    return ComparedResponses(
        _messages(case["prompt"]),
        _messages(case["responseA"]),
        _messages(case["responseB"]),
        case["preferred"],
        case.get("strength"),
    )


def _messages(turns: Any) -> Messages:
    return tuple(Message(turn["role"], turn["content"]) for turn in turns)


if __name__ == "__main__":
    unittest.main()
