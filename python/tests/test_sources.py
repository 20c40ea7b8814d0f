"""Data sets by their paths: files, folders and globs of shards, read in parts."""

from __future__ import annotations

import gzip
import json
import tempfile
import unittest
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.fingerprint import fingerprint_dataset, fingerprint_file
from reward_studio.recognise import sample_rows
from reward_studio.sources.dataset import Dataset
from reward_studio.sources.open import open_dataset

ROWS = [{"prompt": f"q{index}", "chosen": "good", "rejected": "bad"} for index in range(1_500)]


def json_lines(rows: list[Any]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


class Sources(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def refused(self, code: str, name: str | Path) -> StudioError:
        with self.assertRaises(StudioError) as caught:
            open_dataset(str(name))
        self.assertEqual(caught.exception.code, code)
        return caught.exception

    def prompts(self, dataset: Dataset, start: int, end: int) -> list[str]:
        return [row["prompt"] for row in dataset.read(start, end)]

    def test_reads_a_range_of_json_lines(self) -> None:
        lines = json_lines(ROWS).splitlines(keepends=True)
        path = self.write("rows.jsonl", "".join([*lines[:700], "\n", "{broken\n", *lines[700:]]))
        dataset = open_dataset(str(path))
        self.assertEqual((dataset.row_count, dataset.malformed.first_lines), (1_500, [702]))
        for start, end in ((0, 2), (511, 513), (699, 702), (1_498, 9_999), (1_500, 1_501)):
            wanted = [f"q{index}" for index in range(start, min(end, 1_500))]
            self.assertEqual(self.prompts(dataset, start, end), wanted)

    def test_reads_gzipped_lines(self) -> None:
        path = self.folder / "rows.jsonl.gz"
        path.write_bytes(gzip.compress(json_lines(ROWS).encode()))
        self.assertEqual(self.prompts(open_dataset(str(path)), 600, 602), ["q600", "q601"])

    def test_reads_csv_with_every_cell_as_text(self) -> None:
        text = '\ufeffprompt,chosen,rejected\r\n"q, 1","two\nlines","a ""b"""\r\n\r\n2,,x\r\n'
        dataset = open_dataset(str(self.write("rows.csv", text)))
        self.assertEqual(dataset.columns, ["prompt", "chosen", "rejected"])
        self.assertEqual(
            list(dataset.read()),
            [
                {"prompt": "q, 1", "chosen": "two\nlines", "rejected": 'a "b"'},
                {"prompt": "2", "chosen": "", "rejected": "x"},
            ],
        )

    def test_refuses_csv_that_is_empty_ragged_or_has_an_open_quote(self) -> None:
        self.refused("empty-file", self.write("empty.csv", ""))
        ragged = self.refused("damaged-file", self.write("ragged.csv", "a,b\n1,2\n1\n"))
        self.assertEqual(ragged.where["line"], 3)
        self.refused("damaged-file", self.write("open.csv", 'a,b\n1,"2\n'))

    def test_samples_the_start_the_middle_and_the_end(self) -> None:
        dataset = open_dataset(str(self.write("rows.jsonl", json_lines(ROWS))))
        places = [place for place, _ in sample_rows(dataset)]
        self.assertEqual(places, [*range(100), *range(725, 775), *range(1_450, 1_500)])
        self.assertEqual([row["prompt"] for _, row in sample_rows(dataset)], [f"q{place}" for place in places])

    def test_joins_the_shards_of_a_folder_in_numeric_order(self) -> None:
        for number, start in (("2", 500), ("10", 1_000), ("1", 0)):
            self.write(f"part-{number}.jsonl", json_lines(ROWS[start : start + 500]))
        self.write("dataset.json", "{}")
        dataset = open_dataset(str(self.folder))
        self.assertEqual([file.rows for file in dataset.files], [500, 500, 500])
        self.assertEqual(self.prompts(dataset, 499, 501), ["q499", "q500"])
        self.assertEqual(self.prompts(dataset, 0, 1_500), [row["prompt"] for row in ROWS])
        self.assertEqual(open_dataset(str(self.folder / "part-1*.jsonl")).row_count, 1_000)

    def test_names_the_shard_that_is_missing(self) -> None:
        for number in ("00000", "00002"):
            self.write(f"train-{number}-of-00003.jsonl", json_lines(ROWS[:2]))
        self.assertIn("train-00001-of-00003.jsonl", self.refused("file-not-found", self.folder).message)

    def test_refuses_what_is_no_data_set(self) -> None:
        self.refused("file-not-found", "nowhere.jsonl")
        self.refused("file-not-found", "./nowhere")
        self.refused("file-not-found", self.folder / "*.jsonl")
        self.refused("unsupported-file", self.folder)
        self.refused("empty-file", self.write("empty.jsonl", ""))
        self.refused("unsupported-file", self.write("rows.txt", "q"))
        self.refused("damaged-file", self.write("broken.json", "["))
        self.refused("unsupported-file", self.write("number.json", "4"))
        self.assertEqual(self.refused("invalid-row", self.write("list.json", "[{}, 4]")).where["row"], 1)
        packed = gzip.compress(json_lines(ROWS).encode())
        (self.folder / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
        self.refused("damaged-file", self.folder / "cut.jsonl.gz")

    def test_tells_changed_data_by_its_fingerprint(self) -> None:
        path = self.write("rows.jsonl", json_lines(ROWS))
        before = fingerprint_dataset(open_dataset(str(path)))
        self.assertEqual(before, fingerprint_file(path))
        self.write("rows.jsonl", json_lines(ROWS[1:]))
        self.assertNotEqual(before, fingerprint_dataset(open_dataset(str(path))))

    def test_samples_the_bytes_of_a_huge_file(self) -> None:
        path = self.folder / "huge.bin"
        path.write_bytes(bytes(range(256)) * 4_096 * 70)
        self.assertRegex(fingerprint_file(path, whole_up_to=1), "^sha256-sampled:[0-9a-f]{64}$")


if __name__ == "__main__":
    unittest.main()
