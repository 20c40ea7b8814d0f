"""Parquet and Arrow files, in and out. It needs pyarrow."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.export import export_data
from reward_studio.sources.open import open_dataset
from tests.packages import HAS_PYARROW

PAIRS = [{"prompt": f"q{index}", "chosen": f"good {index}", "rejected": "bad"} for index in range(40)]


@unittest.skipUnless(HAS_PYARROW, "pyarrow is not installed")
class ArrowFiles(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def lines(self) -> list[Any]:
        return [json.loads(line) for line in (self.folder / "data.jsonl").read_text("utf-8").splitlines()]

    def test_the_rows_of_all_formats_are_the_same(self) -> None:
        export_data(PAIRS, self.folder, formats=["parquet", "jsonl", "arrow"])
        for name in ("data.parquet", "data.arrow"):
            rows = list(open_dataset(str(self.folder / name)).read())
            written = [{column: cell for column, cell in row.items() if cell is not None} for row in rows]
            self.assertEqual(written, self.lines(), name)

    def test_every_dialect_is_written_with_the_types_of_the_datasheet(self) -> None:
        import pyarrow
        from pyarrow import parquet

        for dialect in ("own", "verl", "judge-now", "judge-spec", "json", "text"):
            with self.subTest(dialect):
                folder = self.folder / dialect
                export_data(PAIRS, folder, ["parquet", "arrow"], method="pairwise", dialect=dialect)
                sheet = json.loads((folder / "dataset.json").read_text("utf-8"))
                with pyarrow.memory_map(str(folder / "data.arrow")) as mapped:
                    table = pyarrow.ipc.open_file(mapped).read_all()
                self.assertEqual(table.to_pylist(), parquet.read_table(folder / "data.parquet").to_pylist())
                self.assertEqual([field.name for field in table.schema], [column["name"] for column in sheet["schema"]])
                self.assertEqual(table.num_rows, len(PAIRS))

    def test_row_groups_are_small_and_have_a_page_index(self) -> None:
        from pyarrow import parquet

        rows = [{"prompt": f"q{index}", "chosen": "good", "rejected": "bad"} for index in range(12_001)]
        export_data(rows, self.folder)
        metadata = parquet.ParquetFile(self.folder / "data.parquet").metadata
        groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
        self.assertEqual([group.num_rows for group in groups], [5_000, 5_000, 2_001])
        self.assertTrue(all(group.column(0).has_offset_index for group in groups))

    def test_long_texts_make_row_groups_of_fewer_rows(self) -> None:
        from pyarrow import parquet

        rows = [{"prompt": f"q{index}", "chosen": "x" * 2**20, "rejected": "bad"} for index in range(40)]
        export_data(rows, self.folder)
        self.assertEqual(parquet.ParquetFile(self.folder / "data.parquet").num_row_groups, 3)

    def test_reads_a_range_across_row_groups(self) -> None:
        import pyarrow
        from pyarrow import parquet

        rows = [{"prompt": f"q{index}", "n": index} for index in range(3_500)]
        parquet.write_table(pyarrow.Table.from_pylist(rows), self.folder / "rows.parquet", row_group_size=1_200)
        dataset = open_dataset(str(self.folder / "rows.parquet"))
        for start, end in ((0, 1), (1_199, 1_201), (2_300, 3_500), (3_499, 9_999), (3_500, 3_600)):
            wanted = list(range(start, min(end, 3_500)))
            self.assertEqual([row["n"] for row in dataset.read(start, end, ["n"])], wanted)

    def test_reads_dictionary_encoded_and_large_columns(self) -> None:
        import pyarrow
        from pyarrow import parquet

        columns = {name: [row[name] for row in PAIRS] for name in ("prompt", "chosen", "rejected")}
        table = pyarrow.table(
            {
                "prompt": pyarrow.array(columns["prompt"]).dictionary_encode(),
                "chosen": pyarrow.array(columns["chosen"], pyarrow.large_string()),
                "rejected": pyarrow.array(columns["rejected"]).dictionary_encode(),
            }
        )
        parquet.write_table(table, self.folder / "encoded.parquet")
        self.assertEqual(list(open_dataset(str(self.folder / "encoded.parquet")).read()), PAIRS)

    def test_reads_the_arrow_streams_of_a_cache(self) -> None:
        import pyarrow

        table = pyarrow.Table.from_pylist(PAIRS)
        with pyarrow.ipc.new_stream(str(self.folder / "cache.arrow"), table.schema) as stream:
            stream.write_table(table, max_chunksize=16)
        dataset = open_dataset(str(self.folder / "cache.arrow"))
        self.assertEqual(list(dataset.read(10, 20)), PAIRS[10:20])

    def test_refuses_a_damaged_file(self) -> None:
        for name in ("cut.parquet", "cut.arrow"):
            (self.folder / name).write_bytes(b"PAR1 and then nothing")
            with self.assertRaises(StudioError) as caught:
                open_dataset(str(self.folder / name))
            self.assertEqual(caught.exception.code, "damaged-file")


if __name__ == "__main__":
    unittest.main()
