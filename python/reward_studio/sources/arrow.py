"""Reads Parquet and Arrow files in batches, with pyarrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.missing_package import missing_package
from reward_studio.sources.dataset import Dataset, Malformed, Row, SourceFile

_BATCH_ROWS = 1_000


def _require(purpose: str) -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise missing_package("pyarrow", purpose) from error
    return pyarrow


def _damaged(path: Path, error: BaseException) -> StudioError:
    message = f"The file cannot be read: {' '.join(str(error).split()).rstrip('.')}."
    return StudioError("damaged-file", message, "Fetch it again.", {"file": str(path)})


class _ArrowRows(Dataset):
    """Rows of groups (row groups, record batches), of which only those are read that a range touches."""

    _group_rows: Sequence[int]

    def __init__(self, path: Path, purpose: str) -> None:
        self._pyarrow = _require(purpose)
        self._path = path
        self.name = str(path)
        self.malformed = Malformed()
        try:
            self.columns, self._group_rows = self._describe()
        except (self._pyarrow.ArrowException, OSError) as error:
            raise _damaged(path, error) from error
        self.row_count = sum(self._group_rows)
        self.files = [SourceFile(path, path.stat().st_size, self.row_count)]

    def _describe(self) -> tuple[Sequence[str], Sequence[int]]:
        raise NotImplementedError

    def _batches(self, groups: Sequence[int], columns: Sequence[str] | None) -> Iterator[Any]:
        raise NotImplementedError

    def read(self, start: int = 0, end: int | None = None, columns: Sequence[str] | None = None) -> Iterator[Row]:
        end = self.row_count if end is None else min(end, self.row_count)
        groups: list[int] = []
        first, at = 0, 0
        for group, rows in enumerate(self._group_rows):
            if at < end and at + rows > start:
                if not groups:
                    first = at
                groups.append(group)
            at += rows
        if not groups or start >= end:
            return
        try:
            at = first
            for batch in self._batches(groups, columns):
                part = batch.slice(max(0, start - at), max(0, end - max(start, at)))
                at += batch.num_rows
                yield from part.to_pylist()
        except (self._pyarrow.ArrowException, OSError) as error:
            raise _damaged(self._path, error) from error


class ParquetRows(_ArrowRows):
    def __init__(self, path: Path) -> None:
        """Raises StudioError ``damaged-file``, or ``not-available`` where pyarrow is not installed."""
        super().__init__(path, "to read Parquet")

    def _describe(self) -> tuple[Sequence[str], Sequence[int]]:
        with self._open() as file:
            groups = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
            return file.schema_arrow.names, groups

    def _batches(self, groups: Sequence[int], columns: Sequence[str] | None) -> Iterator[Any]:
        # pyarrow takes a point in a name for the path of a nested field.
        odd = any("." in name for name in self.columns)
        with self._open() as file:
            yield from file.iter_batches(_BATCH_ROWS, row_groups=groups, columns=None if odd else columns)

    def _open(self) -> Any:
        from pyarrow import parquet

        return parquet.ParquetFile(self._path, pre_buffer=False)


class ArrowFileRows(_ArrowRows):
    """An Arrow IPC file, or a stream, which is what the cache of ``datasets`` holds."""

    def __init__(self, path: Path) -> None:
        """Raises StudioError ``damaged-file``, or ``not-available`` where pyarrow is not installed."""
        super().__init__(path, "to read Arrow files")

    def _describe(self) -> tuple[Sequence[str], Sequence[int]]:
        with self._pyarrow.memory_map(str(self._path)) as mapped:
            try:
                file = self._pyarrow.ipc.open_file(mapped)
                batches = [file.get_batch(group).num_rows for group in range(file.num_record_batches)]
            except self._pyarrow.ArrowInvalid:
                mapped.seek(0)
                file = self._pyarrow.ipc.open_stream(mapped)
                batches = [batch.num_rows for batch in file]
            return file.schema.names, batches

    def _batches(self, groups: Sequence[int], columns: Sequence[str] | None) -> Iterator[Any]:
        wanted = set(groups)
        with self._pyarrow.memory_map(str(self._path)) as mapped:
            try:
                file = self._pyarrow.ipc.open_file(mapped)
                batches: Any = (file.get_batch(group) for group in groups)
            except self._pyarrow.ArrowInvalid:
                mapped.seek(0)
                file = self._pyarrow.ipc.open_stream(mapped)
                batches = (batch for group, batch in enumerate(file) if group in wanted)
            for batch in batches:
                chosen = batch if columns is None else batch.select(list(columns))
                for start in range(0, chosen.num_rows, _BATCH_ROWS):
                    yield chosen.slice(start, _BATCH_ROWS)
