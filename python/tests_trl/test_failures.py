"""What goes wrong is one error event with its code, and never a traceback as its message."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path
from typing import Any

from tests_trl.runs import RunTest, act_on_event, curve, events_of, of_kind, pairs, start
from tests_trl.test_judges import JUDGE, conversations, scored
from tests_trl.tiny_model import make_tiny_model

QUICK = {"epochs": 1, "batch_size": 8, "micro_batch_size": 8, "learning_rate": 1e-2}


class FailuresTest(RunTest):
    def failed(self, folder: Path) -> dict[str, Any]:
        events = self.train(folder, expect=1)
        self.assertEqual((events[-1]["kind"], events[-1]["status"]), ("status", "failed"))
        self.assertEqual(len(of_kind(events, "status")), len({json.dumps(each) for each in of_kind(events, "status")}))
        self.assertFalse((folder / "model").exists())
        self.assertFalse((folder / "writer.lock").exists())
        error: dict[str, Any] = events[-1]["error"]
        self.assertNotIn("Traceback", error["message"])
        self.assertNotIn("\n", error["message"])
        return error

    def test_a_base_model_that_is_none(self) -> None:
        empty = self.folder / "empty"
        empty.mkdir()
        (self.folder / "vision").mkdir()
        (self.folder / "vision" / "config.json").write_text('{"model_type": "vit"}', "utf-8")
        shutil.copyfile(self.shared / "tiny" / "tokenizer.json", self.folder / "vision" / "tokenizer.json")
        shutil.copyfile(
            self.shared / "tiny" / "tokenizer_config.json", self.folder / "vision" / "tokenizer_config.json"
        )
        shutil.copyfile(self.shared / "tiny" / "chat_template.jinja", self.folder / "vision" / "chat_template.jinja")
        cases = (
            (str(self.folder / "nowhere"), "file-not-found", "not there"),
            (str(empty), "invalid-model", "no config.json"),
            (str(self.folder / "vision"), "invalid-model", "cannot be loaded as a language model"),
        )
        for number, (base, code, words) in enumerate(cases):
            with self.subTest(base):
                folder = self.make_run("sft", conversations(8), {}, name=f"base-{number}", base_model=base)
                error = self.failed(folder)
                self.assertEqual(error["code"], code, error)
                self.assertIn(words, error["message"])
                self.assertEqual(error["where"]["file"], base)

    def test_a_reward_model_has_no_words_to_judge_with(self) -> None:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        folder = self.folder / "reward-model"
        model = AutoModelForSequenceClassification.from_pretrained(self.shared / "tiny", num_labels=1)
        model.config.tie_word_embeddings = False
        model.save_pretrained(folder)
        AutoTokenizer.from_pretrained(self.shared / "tiny").save_pretrained(folder)
        error = self.failed(self.make_run("pointwise", scored(8), JUDGE, base_model=str(folder)))
        self.assertEqual(error["code"], "invalid-model")
        self.assertIn("lm_head", error["message"])

    def test_a_tokenizer_without_a_chat_template(self) -> None:
        base = make_tiny_model(self.folder / "untemplated", template=None)
        error = self.failed(self.make_run("bradley-terry", pairs(8), QUICK, base_model=str(base)))
        self.assertEqual(error["code"], "invalid-model")
        self.assertIn("chat template", error["message"])

    def test_a_limit_that_no_row_fits(self) -> None:
        for method, rows in (("bradley-terry", pairs(16)), ("pointwise", scored(16)), ("sft", conversations(16))):
            settings = {**(JUDGE if method == "pointwise" else QUICK), "max_length": 8}
            with self.subTest(method):
                error = self.failed(self.make_run(method, rows, settings, name=method))
                self.assertEqual((error["code"], error["where"]["field"]), ("too-few-rows", "max_length"))
                self.assertIn("too-long", error["message"])

    def test_a_setting_that_cannot_be(self) -> None:
        for number, settings in enumerate(({"learning_rate": 0}, {"batch_size": 9, "micro_batch_size": 2})):
            error = self.failed(self.make_run("bradley-terry", pairs(8), settings, name=f"run-{number}"))
            self.assertEqual((error["code"], error["where"]["field"]), ("usage", next(iter(settings))))

    def test_a_package_that_is_not_installed(self) -> None:
        folder = self.make_run("bradley-terry", pairs(8), QUICK)
        hidden = self.folder / "hidden"
        hidden.mkdir()
        # An interpreter that finds no peft, as in an environment without it.
        (hidden / "sitecustomize.py").write_text("import sys\nsys.modules['trl'] = None\n", "utf-8")
        process = start(folder, environment={"PYTHONPATH": str(hidden)})
        process.communicate(timeout=120)
        error = events_of(folder)[-1]["error"]
        self.assertEqual((process.returncode, error["code"]), (1, "not-available"))
        self.assertIn('"trl"', error["message"])

    def test_a_disk_that_is_full(self) -> None:
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("a small disk cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(disk)], check=False)
        made = self.make_run("bradley-terry", pairs(64), {**QUICK, "save_steps": 2, "eval_steps": 1000})
        folder = disk / "run"
        shutil.copytree(made, folder)
        events = self.train(folder, expect=1)
        self.assertEqual(events[-1]["error"]["code"], "disk-full", events[-1])
        for checkpoint in of_kind(events, "checkpoint"):
            self.assertTrue((folder / checkpoint["path"] / "trainer_state.json").is_file())
        self.assertEqual(sorted(path.name for path in (folder / "checkpoints").glob(".*")), [])

    def test_a_loss_that_is_no_number_is_told_and_training_goes_on(self) -> None:
        from safetensors.torch import load_file, save_file

        base = self.folder / "broken"
        shutil.copytree(self.shared / "tiny", base)
        weights = load_file(base / "model.safetensors")
        weights["model.embed_tokens.weight"][:] = float("nan")
        save_file(weights, base / "model.safetensors", metadata={"format": "pt"})
        folder = self.make_run("sft", conversations(16), QUICK, conversations(4), base_model=str(base))
        process = start(folder)
        process.communicate(timeout=120)
        events = events_of(folder)
        told = of_kind(events, "metrics")[0]
        self.assertEqual(told["not_finite"]["train/loss"], "nan")
        self.assertTrue(any("no finite number" in event["message"] for event in of_kind(events, "warning")))
        # A model of no numbers is not one that can be trusted: the run does not finish.
        self.assertEqual((events[-1]["status"], events[-1]["error"]["code"]), ("failed", "invalid-model"))

    def test_a_second_trainer_of_the_run_is_refused(self) -> None:
        slow = {**QUICK, "batch_size": 16, "micro_batch_size": 1}
        folder = self.make_run("bradley-terry", pairs(200), slow)
        first = start(folder)

        def second() -> None:
            other = start(folder, attempt=2)
            output, _ = other.communicate(timeout=120)
            self.assertEqual(other.returncode, 1)
            self.assertIn(f"Process {first.pid}", output.decode("utf-8"))
            first.terminate()

        act_on_event(first, folder, lambda event: event.get("status") == "running", second)
        self.assertEqual({event["attempt"] for event in events_of(folder)}, {1})
        self.assertEqual((first.returncode, events_of(folder)[-1]["status"]), (3, "stopped"))

    def test_rows_are_left_out_with_their_number(self) -> None:
        rows = pairs(24)
        rows[3]["rejected"] = rows[3]["chosen"]
        rows[5]["chosen"] = [{"role": "assistant", "content": "great " * 80}]
        # After the first 24 tokens these two no longer differ.
        rows[7] = {
            "prompt": [{"role": "user", "content": "w " * 60}],
            "chosen": rows[0]["chosen"],
            "rejected": rows[0]["rejected"],
        }
        filtered = self.make_run(
            "bradley-terry", rows, {**QUICK, "max_length": 60, "validation_share": 0}, name="filter"
        )
        events = self.train(filtered)
        warnings = " ".join(event["message"] for event in of_kind(events, "warning"))
        self.assertIn("2 too-long", warnings)
        self.assertIn("1 identical-pair", warnings)
        self.assertEqual(of_kind(events, "result")[0]["train_rows"], 21)
        cut = {**QUICK, "max_length": 60, "truncation": "right", "validation_share": 0}
        events = self.train(self.make_run("bradley-terry", rows, cut, name="right"))
        warnings = " ".join(event["message"] for event in of_kind(events, "warning"))
        self.assertIn("1 identical-after-truncation", warnings)
        self.assertIn("Of the training rows 1 are cut to max_length", warnings)
        self.assertEqual(of_kind(events, "result")[0]["train_rows"], 22)

    def test_one_of_two_processes_that_is_killed_ends_both_with_a_word(self) -> None:
        slow = {**QUICK, "epochs": 8, "batch_size": 16, "micro_batch_size": 1, "processes": 2}
        folder = self.make_run("bradley-terry", pairs(200), slow)
        process = start(folder)

        def kill_second() -> None:
            for child in children(process.pid):
                if b"RANK=1" in Path(f"/proc/{child}/environ").read_bytes().split(b"\0"):
                    os.kill(child, 9)

        act_on_event(process, folder, lambda event: event["kind"] == "metrics", kill_second)
        self.assertEqual(process.returncode, 1)
        self.assertEqual(events_of(folder)[-1]["status"], "failed")
        seqs = [event["seq"] for event in events_of(folder)]
        self.assertEqual(seqs, list(range(1, len(seqs) + 1)))
        self.assertGreater(len(curve(events_of(folder), "train/loss")), 0)


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8")
    return [int(child) for child in found.split()]


if __name__ == "__main__":
    unittest.main()
