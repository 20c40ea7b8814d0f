"""Export: the files, the split, the datasheet, and what is refused."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import sys
import tempfile
import tracemalloc
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from reward_studio.errors import StudioError
from reward_studio.export import export_data, main

PAIRS = [{"prompt": f"q{index % 10}", "chosen": f"good {index}", "rejected": "bad"} for index in range(40)]


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


class Export(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def refused(self, code: str, **options: Any) -> StudioError:
        arguments = {"eval_cases": PAIRS, "output_dir": self.folder, "formats": ["jsonl"], **options}
        with self.assertRaises(StudioError) as caught:
            export_data(**arguments)
        self.assertEqual(caught.exception.code, code)
        return caught.exception

    def test_splits_by_prompt(self) -> None:
        exported = export_data(PAIRS, self.folder, formats=["jsonl"], split_ratio={"train": 0.8, "test": 0.2})
        train, test = (lines(self.folder / f"{part}.jsonl") for part in ("train", "test"))
        self.assertEqual((len(train), len(test)), (32, 8))
        prompts = [{row["prompt"][0]["content"] for row in part} for part in (train, test)]
        self.assertEqual(prompts[0] & prompts[1], set())
        self.assertEqual(exported.records, {"train": 32, "test": 8})
        self.assertEqual(list(train[0]), ["prompt", "chosen", "rejected"])

    def test_writes_a_datasheet(self) -> None:
        export_data([*PAIRS, {"prompt": "q", "chosen": "same", "rejected": "same"}], self.folder, formats=["jsonl"])
        sheet = json.loads((self.folder / "dataset.json").read_text("utf-8"))
        self.assertEqual((sheet["rows"], sheet["records"], sheet["method"]), (41, 40, "bradley-terry"))
        self.assertEqual(sheet["dropped"], [{"reason": "identical-pair", "count": 1, "firstRows": [40]}])
        self.assertEqual(sheet["files"], [{"path": "data.jsonl", "rows": 40}])

    def test_makes_comparisons_of_pairs_and_pairs_again(self) -> None:
        export_data(PAIRS, self.folder / "ab", formats=["jsonl"], method="pairwise")
        compared = lines(self.folder / "ab" / "data.jsonl")
        self.assertEqual({row["preferred"] for row in compared}, {"A", "B"})
        export_data(compared, self.folder / "bt", formats=["jsonl"], method="bradley-terry")
        chosen = [row["chosen"][0]["content"] for row in lines(self.folder / "bt" / "data.jsonl")]
        self.assertEqual(chosen, [row["chosen"] for row in PAIRS])

    def test_takes_evaluation_cases_with_json_columns(self) -> None:
        output = [{"answer": {"role": "assistant", "content": "x", "label": {"helpfulness": 3}}}]
        case = {"input": json.dumps([{"role": "user", "content": "q"}]), "output": json.dumps(output)}
        exported = export_data([case], self.folder, formats=["jsonl"])
        self.assertEqual(exported.shape, "judge-pointwise")
        self.assertEqual(lines(self.folder / "data.jsonl")[0]["score"], 3)

    def test_replaces_nothing_unless_told_to(self) -> None:
        export_data(PAIRS, self.folder, formats=["jsonl"])
        self.refused("already-exists")
        export_data(PAIRS, self.folder, formats=["jsonl"], force=True)

    def test_leaves_no_file_behind_when_the_disk_is_full(self) -> None:
        full = OSError(errno.ENOSPC, "No space left on device")
        with mock.patch("reward_studio.writers.json_lines.write_json", side_effect=full):
            self.refused("disk-full", split_ratio={"train": 0.8, "test": 0.2})
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_leaves_the_old_files_as_they_were_when_it_fails(self) -> None:
        export_data(PAIRS, self.folder, formats=["jsonl"])
        before = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        self.refused("too-few-rows", eval_cases=PAIRS[:1], split_ratio={"train": 0.8, "test": 0.2}, force=True)
        self.refused("no-rows", eval_cases=[], force=True)
        self.assertEqual({path.name: path.read_bytes() for path in self.folder.iterdir()}, before)

    def test_refuses(self) -> None:
        self.refused("usage", formats=["csv"])
        self.refused("usage", split_ratio={"train": 0.8})
        self.refused("no-rows", eval_cases=[])
        self.refused("invalid-row", eval_cases=["text"])
        self.refused("missing-column", eval_cases=[{"a": 1}])
        self.refused("usage", method="pointwise")
        self.refused("usage", method="pointwize")
        self.refused("usage", pair_scores={"chosen": 4})
        self.refused("missing-column", eval_cases=[{"prompt": "q", "chosen": "a"}], method="bt")
        self.refused("too-few-rows", eval_cases=PAIRS[:1], split_ratio={"train": 0.8, "test": 0.2})

    def test_says_why_reinforcement_learning_prompts_train_nothing(self) -> None:
        row = {"data_source": "x", "prompt": [{"role": "user", "content": "q"}], "reward_model": {"ground_truth": "5"}}
        self.assertIn("train nothing", self.refused("unrecognised-shape", eval_cases=[row]).message)

    def test_names_the_package_that_parquet_needs(self) -> None:
        with mock.patch.dict(sys.modules, {"pyarrow": None}):
            self.assertIn('"pyarrow"', self.refused("not-available", formats=["parquet"]).message)


class CommandLine(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_main(self, *arguments: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*arguments, "--output-dir", str(self.folder / "out"), "--format", "jsonl"])
        return code, out.getvalue(), err.getvalue()

    def test_exports_a_local_file_and_counts_bad_lines(self) -> None:
        source = self.folder / "pairs.jsonl"
        source.write_text("\n".join([*map(json.dumps, PAIRS), "not json", "[1]"]), "utf-8")
        code, out, err = self.run_main("--dataset", str(source), "--split", "train=0.8,test=0.2", "--method", "bt")
        self.assertEqual(code, 0)
        self.assertIn("40 records of the shape prompted-pairs", out)
        self.assertIn("2 lines are no JSON objects, the first is line 41", err)

    def test_maps_columns(self) -> None:
        source = self.folder / "rows.json"
        source.write_text(json.dumps({"rows": [{"frage": "q", "chosen": "a", "rejected": "b"}]}), "utf-8")
        self.assertEqual(self.run_main("--dataset", str(source), "--map", "prompt=frage")[0], 0)

    def test_says_what_is_wrong(self) -> None:
        self.assertIn("does not exist", self.run_main("--dataset", "nowhere.jsonl")[2])
        with mock.patch.dict(sys.modules, {"datasets": None}):
            code, _, err = self.run_main("--dataset", "helpsteer2")
        self.assertEqual(code, 2)
        self.assertIn('The package "datasets" is needed to load nvidia/HelpSteer2', err)

    def test_loads_a_hub_data_set_by_its_short_name(self) -> None:
        hub = mock.Mock(load_dataset=mock.Mock(side_effect=ValueError("Unknown split")))
        with (
            mock.patch.dict(sys.modules, {"datasets": hub}),
            mock.patch.dict(os.environ, HF_ENDPOINT="http://0.0.0.0:0"),
        ):
            self.assertEqual(self.run_main("--dataset", "HelpSteer2")[0], 2)
        hub.load_dataset.assert_called_once_with("nvidia/HelpSteer2", None, split="train")

    def test_holds_few_of_the_rows_in_memory(self) -> None:
        """Each row is 8 KB: 1,500 more of them are 12 MB of text, and must not need a quarter of that."""
        peaks = []
        for rows in (500, 2_000):
            source = self.folder / f"{rows}.jsonl"
            with source.open("w", encoding="utf-8") as file:
                for index in range(rows):
                    row = {"prompt": f"q{index}", "chosen": f"{index} " + "good " * 800, "rejected": "bad " * 1_000}
                    file.write(json.dumps(row) + "\n")
            tracemalloc.start()
            options = ["--split", "train=0.8,test=0.2", "--drop-duplicates", "--force"]
            code = self.run_main("--dataset", str(source), *options)[0]
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            self.assertEqual(code, 0)
        self.assertLess(peaks[1] - peaks[0], 3 * 2**20, peaks)


if __name__ == "__main__":
    unittest.main()
