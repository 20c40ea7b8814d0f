"""Writes training files under temporary names, which take their final ones when all of them are whole."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.formats.json_text import utf8, write_json
from reward_studio.read_rows import missing_package
from reward_studio.records import TrainingRecord, as_json

FORMATS = ("parquet", "jsonl")

_ROW_GROUP_BYTES = 128 * 2**20
# Column -> key of the record's JSON, and the type of the column.
_COLUMNS: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "bradley-terry": (
        ("prompt", "prompt", "messages"),
        ("chosen", "chosen", "messages"),
        ("rejected", "rejected", "messages"),
        ("margin", "margin", "double"),
    ),
    "pointwise": (("prompt", "prompt", "messages"), ("response", "response", "messages"), ("score", "score", "int32")),
    "pairwise": (
        ("prompt", "prompt", "messages"),
        ("response_a", "responseA", "messages"),
        ("response_b", "responseB", "messages"),
        ("preferred", "preferred", "string"),
        ("strength", "strength", "double"),
    ),
    "sft": (("messages", "messages", "messages"),),
}


class OutputFiles:
    """Files of one export: all of them get their final names, or none does."""

    def __init__(self, targets: Sequence[Path], force: bool) -> None:
        """Raises StudioError ``already-exists``, unless files may be replaced."""
        for path in targets:
            if path.exists() and not force:
                hint = "Choose another folder, or replace it with --force."
                raise StudioError("already-exists", f"{path.name} is already there.", hint, {"file": str(path)})
        self._temporary: dict[Path, Path] = {}

    def __enter__(self) -> OutputFiles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for path, temporary in self._temporary.items():
            if kind is None:
                os.replace(temporary, path)
            else:
                temporary.unlink(missing_ok=True)

    def open(self, path: Path) -> Path:
        """Where to write what will be ``path``."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
        self._temporary[path] = temporary
        return temporary


def write_records(path: Path, records: Sequence[TrainingRecord], method: str, file_format: str) -> None:
    """Writes the records of a method in its columns (docs/data.md); JSONL leaves out a value that a record has not.

    Raises:
        StudioError: ``not-available`` where Parquet is asked for and pyarrow is not installed.
    """
    rows = (_row_of(record, method) for record in records)
    if file_format == "parquet":
        _write_parquet(path, rows, method)
        return
    with path.open("wb") as file:
        for row in rows:
            file.write(utf8(write_json({name: cell for name, cell in row.items() if cell is not None}) + "\n"))


def require_parquet() -> None:
    """Raises StudioError ``not-available`` where pyarrow is not installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise missing_package("pyarrow", "to write Parquet") from error


def _row_of(record: TrainingRecord, method: str) -> dict[str, Any]:
    fields = as_json(record)
    return {column: fields.get(key) for column, key, _ in _COLUMNS[method]}


def _write_parquet(path: Path, rows: Iterator[Mapping[str, Any]], method: str) -> None:
    require_parquet()
    import pyarrow
    from pyarrow import parquet

    turn = pyarrow.struct([("role", pyarrow.string()), ("content", pyarrow.string())])
    types = {"messages": pyarrow.list_(turn), "double": pyarrow.float64(), "int32": pyarrow.int32()}
    schema = pyarrow.schema([(name, types.get(kind, pyarrow.string())) for name, _, kind in _COLUMNS[method]])
    with parquet.ParquetWriter(path, schema, compression="zstd", write_page_index=True) as writer:
        for group in _row_groups(rows):
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))


def _row_groups(rows: Iterator[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    group: list[Mapping[str, Any]] = []
    size = 0
    for row in rows:
        group.append(row)
        size += len(utf8(write_json(row)))
        if size >= _ROW_GROUP_BYTES // 2:
            yield group
            group, size = [], 0
    if group:
        yield group
