"""Which checkpoints of a run stay."""

from __future__ import annotations

import math
import shutil
import tempfile
import unittest
from pathlib import Path

from reward_studio.training.checkpoints import Checkpoints


class CheckpointsTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="reward-studio-checkpoints-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, checkpoints: Checkpoints, step: int) -> None:
        written = checkpoints.partial(step) / f"checkpoint-{step}"
        written.mkdir(parents=True)
        self.assertEqual(checkpoints.publish(step), f"checkpoints/checkpoint-{step}")

    def test_the_newest_stay_and_the_best_beside_them(self) -> None:
        for higher, left in ((True, [10, 40, 50]), (False, [20, 40, 50])):
            checkpoints = Checkpoints(self.folder / str(higher), 2, "accuracy", higher)
            values = {10: 0.9, 20: 0.5, 30: 0.7, 40: 0.8, 50: 0.6}
            evaluations = {}
            for step, value in values.items():
                self.write(checkpoints, step)
                evaluations[step] = {"metrics": {"accuracy": value}}
                checkpoints.rotate(evaluations)
            self.assertEqual(checkpoints.steps(), left)
            self.assertEqual(checkpoints.best(evaluations), left[0])

    def test_without_a_metric_the_newest_is_the_best(self) -> None:
        checkpoints = Checkpoints(self.folder, 1, None, True)
        for step in (1, 2, 3):
            self.write(checkpoints, step)
            checkpoints.rotate({})
        self.assertEqual((checkpoints.steps(), checkpoints.best({})), ([3], 3))

    def test_a_metric_that_is_no_number_is_never_the_best(self) -> None:
        checkpoints = Checkpoints(self.folder, 3, "mean_absolute_error", False)
        evaluations = {}
        for step, value in ((1, math.nan), (2, 1.5), (3, math.nan)):
            self.write(checkpoints, step)
            evaluations[step] = {"metrics": {"mean_absolute_error": value}}
        self.assertEqual(checkpoints.best(evaluations), 2)
        self.assertFalse(checkpoints.improves(3, evaluations))

    def test_of_equals_the_first_is_the_best(self) -> None:
        checkpoints = Checkpoints(self.folder, 3, "reward", True)
        evaluations = {step: {"metrics": {"reward": 0.5}} for step in (1, 2)}
        for step in evaluations:
            self.write(checkpoints, step)
        self.assertEqual(checkpoints.best(evaluations), 1)


if __name__ == "__main__":
    unittest.main()
