"""Judges and SFT, end to end: rewards rise, verdicts are counted, both orders, and what resumes."""

from __future__ import annotations

import json
import math
import random
import unittest
from statistics import mean, variance
from typing import Any

from tests_trl.runs import (
    RunTest,
    act_on_event,
    append_stop_request,
    curve,
    events_of,
    of_kind,
    pairs,
    question,
    start,
)
from tests_trl.tiny_model import BAD, GOOD

JUDGE = {
    "batch_size": 8,
    "micro_batch_size": 16,
    "num_generations": 8,
    "max_completion_length": 1,
    "learning_rate": 1e-2,
    "prompt": "brief",
    "thinking": "none",
    "kl_coefficient": 0.0,
    "eval_steps": 1000,
    "save_steps": 1000,
}
# What a judge that resumes draws again.
CURVES = ("train/loss", "train/reward", "train/num_tokens", "train/completions/mean_length")


class PointwiseTest(RunTest):
    def test_the_reward_rises_and_the_judge_learns_to_give_a_verdict(self) -> None:
        # Random weights seldom write a verdict: taught to by a few steps of SFT, the judge is then trained to be right.
        base = self.model_that_answers([f"<score>{score}</score>" for score in range(5)], scored)
        rows = scored(64)
        folder = self.make_run("pointwise", rows, {**JUDGE, "epochs": 5}, scored(16, seed=2), base_model=base)
        events = self.train(folder)
        reward = list(curve(events, "train/reward").values())
        self.assert_rises(reward[:10], reward[-10:])
        result = of_kind(events, "result")[0]["evaluation"]
        names = [each["name"] for each in result["measures"]]
        self.assertEqual(names[0], "exact-accuracy")
        self.assertEqual({"mean-reward", "parse-failures"} - set(names), set())
        earned = next(
            each["measure"]["value"] for each in result["baselines"] if each["measure"]["name"] == "mean-reward"
        )
        self.assertGreater(earned, 0)
        self.assertEqual(sum(map(sum, result["confusion"]["cells"])), 16)
        for name in ("train/dead_groups", "train/parse_failures", "train/accuracy", "train/num_tokens"):
            self.assertEqual(sorted(curve(events, name)), list(range(1, 41)), name)
        grader = json.loads((folder / "model" / "grader.json").read_text("utf-8"))
        self.assertEqual((grader["kind"], grader["scale"], grader["judge"]["tag"]), ("judge", "score-0-4", "score"))
        self.assertEqual(grader["judge"]["thinking"], "none")

    def test_a_judge_without_verdicts_earns_nothing_and_the_same_names_are_told(self) -> None:
        folder = self.make_run(
            "pointwise", scored(8), {**JUDGE, "max_steps": 1, "max_completion_length": 4}, scored(4, 2)
        )
        events = self.train(folder)
        self.assertEqual(curve(events, "validation/parse_failures"), {1: 1.0})
        self.assertEqual(curve(events, "validation/reward"), {1: 0.0})
        self.assertEqual(curve(events, "validation/accuracy"), {1: 0.0})
        told = next(each for each in of_kind(events, "metrics") if "validation/reward" in each["values"])
        undefined = ("validation/mean_absolute_error", "validation/quadratic_weighted_kappa")
        self.assertEqual(told["not_finite"], dict.fromkeys(undefined, "nan"))
        output = of_kind(events, "samples")[-1]["samples"][0]["outputs"][0]
        self.assertEqual((output["verdict"], output["reward"]), (None, 0.0))

    def test_killed_between_checkpoints_it_goes_on_with_the_same_completions(self) -> None:
        # A reference model and several completions a prompt: what is sampled has to be the same after resuming.
        few = {"num_generations": 4, "micro_batch_size": 8, "max_completion_length": 3, "kl_coefficient": 0.05}
        settings = {**JUDGE, **few, "epochs": 2, "save_steps": 3, "validation_share": 0}
        expected = self.train(self.make_run("pointwise", scored(32), settings, name="whole"))
        folder = self.make_run("pointwise", scored(32), settings, name="killed")
        self.kill_and_resume(folder, 5)
        for name in (*CURVES, "train/kl", "train/entropy"):
            self.assert_same_curve(curve(expected, name), curve(events_of(folder), name), name)

    def assert_rises(self, before: list[float], after: list[float]) -> None:
        """By Welch's t, beyond four standard errors: chance does so once in thousands of runs."""
        error = math.sqrt(variance(before) / len(before) + variance(after) / len(after))
        self.assertGreater(mean(after) - mean(before), 4 * error, f"{before} before, {after} after")

    def model_that_answers(self, answers: list[str], make: Any) -> str:
        draw = random.Random(3)
        prompts = [brief(row) for row in make(40, seed=5)]
        rows = [
            {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": draw.choice(answers)}]}
            for text in prompts
        ]
        settings = {"epochs": 6, "batch_size": 8, "micro_batch_size": 8, "learning_rate": 1e-2, "validation_share": 0}
        folder = self.make_run("sft", rows, settings, name="taught")
        self.train(folder)
        return str(folder / "model")


class PairwiseTest(RunTest):
    SETTINGS = {**JUDGE, "num_generations": 2, "micro_batch_size": 4, "max_completion_length": 2, "save_steps": 2}

    def test_both_orders_are_trained_and_judged(self) -> None:
        folder = self.make_run("pairwise", compared(8), {**self.SETTINGS, "epochs": 1}, compared(6, seed=2))
        events = self.train(folder)
        result = of_kind(events, "result")[0]
        self.assertEqual((result["train_rows"], result["validation_rows"]), (16, 12))
        measures = {each["name"]: each for each in result["evaluation"]["measures"]}
        self.assertEqual(measures["swap-agreement"]["n"], 6)
        self.assertEqual(measures["exact-accuracy"]["n"], 6)
        shown = [event for event in of_kind(events, "samples") if event["set"] == "validation"][-1]["samples"]
        self.assertEqual([[output["order"] for output in each["outputs"]] for each in shown], [["AB", "BA"]] * 6)
        self.assertEqual(len(shown), 6)

    def test_killed_in_its_second_epoch_it_goes_on_with_the_same_prompts(self) -> None:
        settings = {**self.SETTINGS, "epochs": 3, "validation_share": 0}
        whole = self.make_run("pairwise", compared(16), settings, name="whole")
        expected = self.train(whole)
        folder = self.make_run("pairwise", compared(16), settings, name="killed")
        self.kill_and_resume(folder, 7)
        for name in CURVES:
            self.assert_same_curve(curve(expected, name), curve(events_of(folder), name), name)


class SftTest(RunTest):
    QUICK = {"epochs": 3, "batch_size": 8, "micro_batch_size": 4, "learning_rate": 1e-2}

    def test_it_learns_to_answer_and_measures_every_token(self) -> None:
        folder = self.make_run("sft", conversations(64), self.QUICK, conversations(11, seed=2))
        events = self.train(folder)
        losses = curve(events, "validation/loss")
        chance = of_kind(events, "result")[0]["evaluation"]["baselines"][0]["measure"]["value"]
        self.assertLess(losses[max(losses)], chance / 2)
        self.assertLess(losses[max(losses)], losses[min(losses)])
        result = of_kind(events, "result")[0]["evaluation"]
        self.assertEqual((result["method"], result["n"]), ("sft", 11))
        self.assertEqual(json.loads((folder / "model" / "grader.json").read_text("utf-8"))["kind"], "chat")

    def test_only_the_assistant_is_learned_from(self) -> None:
        from transformers import AutoTokenizer

        from reward_studio.records import Conversation, Message
        from reward_studio.training.rows import Numbered, Rows
        from reward_studio.training.tokens import ChatTemplate, LengthLimit, encode_conversations

        tokenizer = AutoTokenizer.from_pretrained(self.shared / "tiny")
        turns = (("user", "question"), ("assistant", "good answer"), ("user", "again"), ("assistant", "clear answer"))
        record = Conversation(tuple(Message(role, text) for role, text in turns))  # type: ignore[arg-type]
        rows = Rows("rows", [Numbered(0, record)])
        row = encode_conversations(rows, ChatTemplate(tokenizer, "tiny"), LengthLimit(100, "filter"), True)[0]
        learned = tokenizer.decode([label for label in row["labels"] if label != -100])
        self.assertEqual(learned, "good answer<|im_end|>\nclear answer<|im_end|>\n")

    def test_stopped_it_goes_on_with_the_same_curve(self) -> None:
        settings = {**self.QUICK, "micro_batch_size": 1, "epochs": 2}
        expected = self.train(self.make_run("sft", conversations(64), settings, conversations(4, 2), name="whole"))
        folder = self.make_run("sft", conversations(64), settings, conversations(4, 2), name="stopped")
        process = start(folder)
        act_on_event(
            process,
            folder,
            lambda event: event["kind"] == "metrics" and event["step"] >= 3,
            lambda: append_stop_request(folder, 1),
        )
        self.assertEqual(process.returncode, 3)
        newest = of_kind(events_of(folder), "checkpoint")[-1]
        self.train(folder, 2, folder / newest["path"])
        for name in ("train/loss", "train/num_tokens", "validation/loss"):
            self.assert_same_curve(curve(expected, name), curve(events_of(folder), name), name)

    def test_killed_between_checkpoints_it_goes_on_with_the_same_curve(self) -> None:
        settings = {**self.QUICK, "micro_batch_size": 1, "epochs": 2, "save_steps": 3}
        made = (conversations(64), settings, conversations(4, 2))
        expected = self.train(self.make_run("sft", *made, name="whole"))
        folder = self.make_run("sft", *made, name="killed")
        self.kill_and_resume(folder, 5)
        for name in ("train/loss", "train/num_tokens", "train/learning_rate", "validation/loss"):
            self.assert_same_curve(curve(expected, name), curve(events_of(folder), name), name)


def scored(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Good words deserve 4, bad ones 0."""
    draw = random.Random(seed)
    rows = []
    for number in range(count):
        score = draw.choice((0, 4))
        words = GOOD if score == 4 else BAD
        response = [{"role": "assistant", "content": " ".join(draw.choices(words, k=3))}]
        rows.append({"prompt": question(draw, number), "response": response, "score": score})
    return rows


def compared(count: int, seed: int = 1) -> list[dict[str, Any]]:
    rows = []
    for number, pair in enumerate(pairs(count, seed)):
        sides = (pair["chosen"], pair["rejected"])
        preferred = ("A", "B")[number % 2]
        first, second = sides if preferred == "A" else sides[::-1]
        rows.append({"prompt": pair["prompt"], "response_a": first, "response_b": second, "preferred": preferred})
    return rows


def conversations(count: int, seed: int = 1) -> list[dict[str, Any]]:
    return [{"messages": [*pair["prompt"], *pair["chosen"]]} for pair in pairs(count, seed)]


def brief(row: dict[str, Any]) -> str:
    from reward_studio.judges.prompts import judge_prompt
    from reward_studio.records import Message, ScoredResponse

    prompt, response = (
        tuple(Message(turn["role"], turn["content"]) for turn in row[name]) for name in ("prompt", "response")
    )
    return judge_prompt("pointwise", "brief", "", "none").render(ScoredResponse(prompt, response, row["score"]))


if __name__ == "__main__":
    unittest.main()
