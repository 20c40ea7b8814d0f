"""Opens what a person names: a file, a folder or a glob of shards as one data set, or a data set of the hub."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from reward_studio.errors import StudioError
from reward_studio.sources.arrow import ArrowFileRows, ParquetRows
from reward_studio.sources.csv_rows import open_csv
from reward_studio.sources.dataset import Dataset, Malformed, Row
from reward_studio.sources.json_lines import JsonLines
from reward_studio.sources.json_list import open_json
from reward_studio.sources.shards import READABLE, find_shards, kind_of, names_files

_OPEN = {"parquet": ParquetRows, "arrow": ArrowFileRows, "jsonl": JsonLines, "json": open_json, "csv": open_csv}


def open_dataset(name: str, hub_split: str = "train", hub_config: str | None = None) -> Dataset:
    """A data set by its path, or by its name on the hub (``nvidia/HelpSteer2``, or short: ``helpsteer2``).

    Raises:
        StudioError: ``file-not-found``, ``damaged-file``, ``empty-file``, ``unsupported-file``, or ``not-available``
            for a package that is not installed and a hub that cannot be reached.
    """
    if names_files(name):
        shards = [_open_file(path) for path in find_shards(name)]
        return Shards(name, shards)
    from reward_studio.sources.hub import open_hub

    return open_hub(name, hub_split, hub_config)


def _open_file(path: Path) -> Dataset:
    kind = kind_of(path)
    if kind is None:
        message = f"Files named *{path.suffix} cannot be read."
        raise StudioError("unsupported-file", message, READABLE, {"file": str(path)})
    return _OPEN[kind](path)


class Shards(Dataset):
    """Files of one kind, one after the other."""

    def __init__(self, name: str, shards: Sequence[Dataset]) -> None:
        """Raises StudioError ``unsupported-file`` where tables with a schema have other columns than the first."""
        self.name = name
        self.files = [file for shard in shards for file in shard.files]
        self.columns = list(dict.fromkeys(column for shard in shards for column in shard.columns))
        self.row_count = sum(shard.row_count for shard in shards)
        lines = [line for shard in shards for line in shard.malformed.first_lines]
        self.malformed = Malformed(sum(shard.malformed.count for shard in shards), lines[:100])
        self._shards = shards
        for shard in shards:
            if isinstance(shard, (ParquetRows, ArrowFileRows)) and list(shard.columns) != list(shards[0].columns):
                message = f"Its columns ({', '.join(shard.columns)}) are not those of {self.files[0].path}."
                hint = "Shards of one data set have the same columns: name the files that belong together with a glob."
                raise StudioError("unsupported-file", message, hint, {"file": shard.name})

    def read(self, start: int = 0, end: int | None = None, columns: Sequence[str] | None = None) -> Iterator[Row]:
        end = self.row_count if end is None else end
        for shard in self._shards:
            if end > 0 and start < shard.row_count:
                yield from shard.read(max(0, start), min(end, shard.row_count), columns)
            start -= shard.row_count
            end -= shard.row_count
