"""Weights & Biases: only where a run asks for it, and the token stays in the environment."""

from __future__ import annotations

import unittest
from importlib.util import find_spec

from tests_trl.runs import PATIENCE_S, RunTest, events_of, of_kind, pairs, start

QUICK = {"max_steps": 2, "batch_size": 8, "micro_batch_size": 8, "report_to": "wandb"}
TOKEN = "wandb-token-of-the-test-0123456789abcdef"


class ReportingTest(RunTest):
    def test_without_the_package_the_run_is_refused_before_any_row_is_read(self) -> None:
        folder = self.make_run("bradley-terry", pairs(16), QUICK)
        hidden = self.folder / "hidden"
        hidden.mkdir()
        (hidden / "sitecustomize.py").write_text("import sys\nsys.modules['wandb'] = None\n", "utf-8")
        process = start(folder, environment={"PYTHONPATH": str(hidden)})
        process.communicate(timeout=PATIENCE_S)
        events = events_of(folder)
        error = events[-1]["error"]
        self.assertEqual((process.returncode, error["code"], error["where"]["field"]), (1, "not-available", "report_to"))
        self.assertIn("pip install wandb", error["hint"])
        self.assertNotIn("reading rows", [event.get("message") for event in of_kind(events, "status")])

    @unittest.skipUnless(find_spec("wandb"), "the package wandb is not installed")
    def test_with_it_metrics_are_handed_over_and_no_file_of_the_run_has_the_token(self) -> None:
        folder = self.make_run("bradley-terry", pairs(16), QUICK)
        process = start(folder, environment={"WANDB_MODE": "offline", "WANDB_API_KEY": TOKEN})
        output, _ = process.communicate(timeout=PATIENCE_S)
        self.assertEqual(process.returncode, 0, output.decode("utf-8", "replace")[-4000:])
        self.assertNotIn(TOKEN.encode(), output)
        written = [path for path in folder.rglob("*") if path.is_file()]
        handed_over = [path for path in written if path.suffix == ".wandb"]
        self.assertEqual(len(handed_over), 1)
        self.assertIn(b"train/loss", handed_over[0].read_bytes())
        for path in written:
            self.assertNotIn(TOKEN.encode(), path.read_bytes(), path)


if __name__ == "__main__":
    unittest.main()
