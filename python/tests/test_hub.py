"""Data sets of a hub: a real command, the real ``datasets``, and a hub that is served on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

from tests.loopback_hub import HubDataset, LoopbackHub, parquet_bytes
from tests.packages import HAS_DATASETS

PYTHON = Path(__file__).resolve().parents[1]
TRAIN = [{"prompt": f"q{index}", "chosen": f"good {index}", "rejected": "bad"} for index in range(30)]
TEST = [{"prompt": f"t{index}", "chosen": f"fine {index}", "rejected": "poor"} for index in range(5)]

# Python loads it at its start: every place that the process connects to, or looks up, is written down.
WATCH_THE_NETWORK = """
import os, sys

def note(event, arguments):
    if event == "socket.getaddrinfo":
        place = str(arguments[0])
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        place = str(arguments[1][0])
    else:
        return
    with open(os.environ["PLACES"], "a") as file:
        file.write(place + "\\n")

sys.addaudithook(note)
"""


@unittest.skipUnless(HAS_DATASETS, "datasets is not installed")
class Hub(unittest.TestCase):
    hub: LoopbackHub

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        scratch = Path(folder.name)
        shards = (TRAIN[:20], TRAIN[20:])
        files = {f"data/train-0000{n}-of-00002.parquet": parquet_bytes(scratch, rows) for n, rows in enumerate(shards)}
        files["data/test-00000-of-00001.parquet"] = parquet_bytes(scratch, TEST)
        files["README.md"] = b"# Tiny\n"
        cls.hub = LoopbackHub(
            {
                "org/tiny": HubDataset(files),
                "org/private": HubDataset(files, refuses=401, token="known"),
                "org/gated": HubDataset(files, refuses=403),
            }
        )
        cls.hub.start()
        cls.addClassCleanup(cls.hub.stop)

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "sitecustomize.py").write_text(WATCH_THE_NETWORK, "utf-8")

    def export(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs the command with an empty cache of its own, and nothing of ours that names a hub, a token or a proxy."""
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        kept = {name: value for name, value in kept.items() if not name.startswith(("HF_", "HUGGING", "PYTHON"))}
        ours = {"HF_ENDPOINT": self.hub.endpoint, "HF_HOME": str(self.folder / "cache"), "HOME": str(self.folder)}
        ours["PYTHONPATH"] = os.pathsep.join((str(self.folder), str(PYTHON)))
        ours["PLACES"] = str(self.folder / "places")
        return subprocess.run(
            [sys.executable, "-m", "reward_studio.export", *arguments, "--output-dir", str(self.folder / "out")],
            env={**kept, **ours, **environment},
            capture_output=True,
            text=True,
        )

    def refused(self, *arguments: str, **environment: str) -> str:
        """The one line of standard error."""
        result = self.export(*arguments, **environment)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertFalse((self.folder / "out").exists())
        return result.stderr

    def exported(self, name: str = "data.jsonl") -> list[Any]:
        return [json.loads(line) for line in (self.folder / "out" / name).read_text("utf-8").splitlines()]

    def test_exports_a_data_set_by_its_name_as_parquet(self) -> None:
        from pyarrow import parquet

        result = self.export("--dataset", "org/tiny", "--format", "parquet")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        rows = parquet.read_table(self.folder / "out" / "data.parquet").to_pylist()
        self.assertEqual([row["chosen"][0]["content"] for row in rows], [row["chosen"] for row in TRAIN])
        sheet = json.loads((self.folder / "out" / "dataset.json").read_text("utf-8"))
        self.assertEqual((sheet["source"]["name"], sheet["rows"]), ("org/tiny", 30))
        self.assertRegex(sheet["source"]["fingerprint"], "^sha256-rows:[0-9a-f]{64}$")

    def test_talks_to_the_named_hub_and_to_nobody_else(self) -> None:
        self.assertEqual(self.export("--dataset", "org/tiny", "--format", "jsonl").returncode, 0)
        places = set((self.folder / "places").read_text("utf-8").splitlines())
        self.assertEqual(places, {"127.0.0.1"})

    def test_exports_another_part_by_its_name(self) -> None:
        result = self.export("--dataset", "org/tiny", "--hub-split", "test", "--format", "jsonl")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([row["chosen"][0]["content"] for row in self.exported()], [row["chosen"] for row in TEST])

    def test_names_the_parts_that_are_there(self) -> None:
        error = self.refused("--dataset", "org/tiny", "--hub-split", "valid")
        self.assertIn("--hub-split", error)
        self.assertIn("'train', 'test'", error)

    def test_finds_again_without_the_hub_what_it_has_loaded_before(self) -> None:
        first = self.export("--dataset", "org/tiny", "--format", "jsonl")
        self.assertEqual(first.returncode, 0, first.stderr)
        rows = self.exported()
        again = self.export("--dataset", "org/tiny", "--format", "jsonl", "--force", HF_ENDPOINT=unused_endpoint())
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(self.exported(), rows)

    def test_says_what_to_do_when_the_hub_cannot_be_reached(self) -> None:
        endpoint = unused_endpoint()
        error = self.refused("--dataset", "org/tiny", HF_ENDPOINT=endpoint)
        self.assertIn(f"The hub at {endpoint} cannot be reached", error)
        self.assertIn("give the path of a local copy", error)

    def test_names_the_token_that_a_private_data_set_needs(self) -> None:
        for name, status in (("org/private", 401), ("org/gated", 403)):
            with self.subTest(name):
                error = self.refused("--dataset", name)
                self.assertIn(f"HTTP {status}", error)
                self.assertIn("HF_TOKEN", error)

    def test_reads_a_private_data_set_with_a_token(self) -> None:
        result = self.export("--dataset", "org/private", "--format", "jsonl", HF_TOKEN="known")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(self.exported()), len(TRAIN))

    def test_says_that_there_is_no_such_data_set(self) -> None:
        self.assertIn("The hub has no data set org/nothing", self.refused("--dataset", "org/nothing"))


def unused_endpoint() -> str:
    """A place on this machine where nobody listens."""
    hub = LoopbackHub({})
    hub.start()
    hub.stop()
    return hub.endpoint


if __name__ == "__main__":
    unittest.main()
