"""Bradley-Terry, from rows to a model folder: it learns, resumes exactly, stops, and keeps its head."""

from __future__ import annotations

import json
import math
import unittest
from pathlib import Path
from typing import Any

from tests_trl.runs import RunTest, act_on_event, append_stop_request, curve, events_of, of_kind, pairs, start

QUICK = {"epochs": 2, "batch_size": 8, "micro_batch_size": 8, "learning_rate": 1e-2}
# Steps that take long enough for a process to be killed among them.
SLOW = {"epochs": 2, "batch_size": 16, "micro_batch_size": 1, "learning_rate": 2e-3, "save_steps": 3, "eval_steps": 5}


class LearningTest(RunTest):
    def test_it_learns_an_easy_preference_and_says_how_well(self) -> None:
        folder = self.make_run("bradley-terry", pairs(128), QUICK, pairs(60, seed=2))
        events = self.train(folder)
        result = of_kind(events, "result")[0]
        accuracy = result["evaluation"]["measures"][0]
        self.assertEqual((accuracy["name"], accuracy["n"]), ("pair-accuracy", 60))
        self.assertGreaterEqual(accuracy["value"], 0.9)
        self.assertGreater(accuracy["interval"][0], 0.8)
        self.assertEqual({each["baseline"] for each in result["evaluation"]["baselines"]}, {"pick-longer", "chance"})
        self.assertEqual((result["train_rows"], result["validation_rows"]), (128, 60))
        self.assertAlmostEqual(curve(events, "train/loss")[1], math.log(2), delta=0.1)
        grader = json.loads((folder / "model" / "grader.json").read_text("utf-8"))
        self.assertEqual((grader["kind"], grader["scale"]), ("reward", "logit-within-prompt"))
        self.assertEqual(len(grader["scores"]["quantiles"]), 101)
        self.assertLess(grader["smoke_test"]["largest_difference"], 1e-4)

    def test_the_model_is_a_plain_folder_that_ranks_by_itself(self) -> None:
        folder = self.make_run("bradley-terry", pairs(96), QUICK)
        self.train(folder)
        good, bad = rewards(folder / "model", ("clear helpful great", "rude false bad"))
        self.assertGreater(good, bad)

    def test_an_adapter_keeps_its_head_through_saving_merging_and_loading(self) -> None:
        lora = {**QUICK, "lora_rank": 4, "learning_rate": 2e-2}
        folder = self.make_run("bradley-terry", pairs(128), lora, pairs(40, seed=2))
        evaluation = of_kind(self.train(folder), "result")[0]["evaluation"]
        self.assertGreaterEqual(evaluation["measures"][0]["value"], 0.9)
        grader = json.loads((folder / "model" / "grader.json").read_text("utf-8"))
        self.assertEqual(grader["adapter"], {"merged": True, "path": "../adapter"})
        checkpoint = folder / "checkpoints" / f"checkpoint-{grader['step']}"
        trained = head_of(checkpoint / "adapter_model.safetensors")
        self.assertEqual(trained, head_of(folder / "model" / "model.safetensors"))
        self.assertNotEqual(trained, [0.0] * len(trained))
        good, bad = rewards(folder / "model", ("clear helpful great", "rude false bad"))
        self.assertGreater(good, bad)

    def test_a_head_that_was_not_restored_is_no_finished_run(self) -> None:
        folder = self.make_run("bradley-terry", pairs(64), QUICK)
        self.train(folder)
        steps = sorted((folder / "checkpoints").glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]))
        for path in steps:
            damage_head(path / "model.safetensors")
        events = self.train(folder, attempt=2, resume=steps[-1], expect=1)
        error = events[-1]["error"]
        self.assertEqual((events[-1]["status"], error["code"]), ("failed", "invalid-model"))
        self.assertIn("differs from the one that was trained", error["message"])
        self.assertFalse((folder / ".model-partial").exists())


class ResumeTest(RunTest):
    def test_killed_and_resumed_it_draws_the_curve_of_the_uninterrupted_run(self) -> None:
        whole = self.make_run("bradley-terry", pairs(200), SLOW, pairs(20, seed=2), name="whole")
        expected = self.train(whole)
        folder = self.make_run("bradley-terry", pairs(200), SLOW, pairs(20, seed=2), name="killed")
        self.kill_and_resume(folder, 8)
        for name in ("train/loss", "train/num_tokens", "train/learning_rate", "validation/loss"):
            self.assert_same_curve(curve(expected, name), curve(events_of(folder), name), name)

    def test_asked_to_stop_it_writes_a_checkpoint_and_ends(self) -> None:
        folder = self.make_run("bradley-terry", pairs(200), {**SLOW, "save_steps": 1000})
        process = start(folder)
        act_on_event(
            process,
            folder,
            lambda event: event["kind"] == "metrics" and event["step"] >= 2,
            lambda: append_stop_request(folder, 1),
        )
        self.assertEqual(process.returncode, 3)
        events = events_of(folder)
        self.assertEqual([event["kind"] for event in events[-2:]], ["checkpoint", "status"])
        self.assertEqual(events[-1]["status"], "stopped")
        last = max(curve(events, "train/loss"))
        self.assertEqual(events[-2]["step"], last)
        resumed = self.train(folder, attempt=2, resume=folder / events[-2]["path"])
        self.assertEqual(min(curve(resumed, "train/loss")), last + 1)
        self.assertEqual(resumed[-1]["status"], "finished")

    def test_two_processes_train_as_one_and_end_together(self) -> None:
        alone = {**QUICK, "epochs": 1, "micro_batch_size": 4}
        single = self.train(self.make_run("bradley-terry", pairs(64), alone, pairs(21, seed=2), name="single"))
        two = {**alone, "processes": 2}
        double = self.train(self.make_run("bradley-terry", pairs(64), two, pairs(21, seed=2), name="double"))
        self.assertEqual(of_kind(double, "result")[0]["evaluation"]["n"], 21)
        for name in ("train/num_tokens", "train/learning_rate"):
            self.assert_same_curve(curve(single, name), curve(double, name), name)
        self.assert_same_curve(curve(single, "validation/loss"), curve(double, "validation/loss"), "loss", delta=1e-2)

    def test_two_processes_that_share_the_weights_train_as_one_and_resume(self) -> None:
        alone = {**QUICK, "epochs": 1, "micro_batch_size": 4, "save_steps": 3}
        single = self.train(self.make_run("bradley-terry", pairs(48), alone, pairs(11, seed=2), name="single"))
        sharded = {**alone, "processes": 2, "sharding": "fsdp2"}
        folder = self.make_run("bradley-terry", pairs(48), sharded, pairs(11, seed=2), name="sharded")
        double = self.train(folder)
        self.assertEqual(double[-1]["status"], "finished")
        for name in ("train/num_tokens", "train/learning_rate"):
            self.assert_same_curve(curve(single, name), curve(double, name), name)
        for name in ("train/loss", "validation/loss"):
            self.assert_same_curve(curve(single, name), curve(double, name), name, delta=1e-2)
        checkpoint = folder / "checkpoints" / "checkpoint-3"
        shards, rows = shards_of(checkpoint / "pytorch_model_fsdp_0", "model.embed_tokens.weight")
        self.assertEqual((len(shards), sum(shards)), (2, rows))
        again = self.train(folder, attempt=2, resume=checkpoint)
        for name in ("train/loss", "validation/loss"):
            resumed = curve(again, name)
            self.assert_same_curve({step: curve(double, name)[step] for step in resumed}, resumed, name)
        self.assertEqual(min(curve(again, "train/loss")), 4)


def rewards(folder: Path, answers: tuple[str, ...]) -> list[float]:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    found = []
    for answer in answers:
        turns = [{"role": "user", "content": "question"}, {"role": "assistant", "content": answer}]
        ids: Any = tokenizer.apply_chat_template(turns, return_dict=True, return_tensors="pt")
        with torch.no_grad():
            found.append(float(model(**ids).logits[0, 0]))
    return found


def head_of(file: Path) -> list[float]:
    from safetensors.torch import load_file

    weights = {name: tensor for name, tensor in load_file(file).items() if "score" in name}
    assert len(weights) == 1, list(weights)
    return [float(value) for value in next(iter(weights.values())).flatten()]


def shards_of(folder: Path, weight: str) -> tuple[list[int], int]:
    """The rows of each piece that a weight was divided into, and those of the whole."""
    from torch.distributed.checkpoint import FileSystemReader

    found: Any = FileSystemReader(folder).read_metadata().state_dict_metadata[f"model.{weight}"]
    return [chunk.sizes[0] for chunk in found.chunks], found.size[0]


def damage_head(file: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights: dict[str, Any] = load_file(file)
    weights["score.weight"] = weights["score.weight"] * 0
    save_file(weights, file, metadata={"format": "pt"})


if __name__ == "__main__":
    unittest.main()
