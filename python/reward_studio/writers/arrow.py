"""Writes rows as Parquet or as an Arrow file: native nested values, in groups small enough to hold."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reward_studio.missing_package import missing_package
from reward_studio.writers.columns import Column, ListOf, OutputType, Struct, cell_length

_GROUP_ROWS = 5_000
# Characters of text in one group: at most 4 bytes of UTF-8 each, so that a group stays below 128 MB uncompressed.
_GROUP_CHARACTERS = 16 * 2**20


def require_pyarrow() -> Any:
    """The package, or StudioError ``not-available`` where it is not installed."""
    try:
        import pyarrow
    except ImportError as error:
        raise missing_package("pyarrow", "to write Parquet and Arrow") from error
    return pyarrow


class ArrowFileWriter:
    """Snappy, as every Parquet reader has it; a page index, so that a reader need not read a whole row group."""

    def __init__(self, path: Path, file_format: str, columns: Sequence[Column]) -> None:
        pyarrow = require_pyarrow()
        self._names = [column.name for column in columns]
        self._schema = pyarrow.schema([(column.name, _arrow_type(pyarrow, column.type)) for column in columns])
        self._rows: list[Sequence[Any]] = []
        self._characters = 0
        self._path = path
        if file_format == "parquet":
            from pyarrow import parquet

            self._writer = parquet.ParquetWriter(path, self._schema, compression="snappy", write_page_index=True)
        else:
            self._writer = pyarrow.ipc.new_file(str(path), self._schema)

    def write(self, cells: Sequence[Any]) -> None:
        self._rows.append(cells)
        self._characters += sum(map(cell_length, cells))
        if len(self._rows) >= _GROUP_ROWS or self._characters >= _GROUP_CHARACTERS:
            self._write_group()

    def finish(self) -> None:
        try:
            if self._rows:
                self._write_group()
        finally:
            self._writer.close()
        with self._path.open("rb+") as file:
            os.fsync(file.fileno())

    def _write_group(self) -> None:
        pyarrow = require_pyarrow()
        rows, self._rows, self._characters = self._rows, [], 0
        columns = zip(*rows)
        arrays = [pyarrow.array(list(cells), type=field.type) for cells, field in zip(columns, self._schema)]
        self._writer.write_batch(pyarrow.record_batch(arrays, schema=self._schema))


def _arrow_type(pyarrow: Any, kind: OutputType) -> Any:
    if isinstance(kind, ListOf):
        return pyarrow.list_(_arrow_type(pyarrow, kind.item))
    if isinstance(kind, Struct):
        return pyarrow.struct([(name, _arrow_type(pyarrow, field)) for name, field in kind.fields.items()])
    return {"int": pyarrow.int32(), "double": pyarrow.float64(), "string": pyarrow.string()}[kind]
