"""Which files make up what a person names: a file, a folder or a glob of shards. Twin of shards.ts."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from pathlib import Path

from reward_studio.errors import StudioError

KINDS = {
    ".parquet": "parquet",
    ".parq": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
}
READABLE = "Readable are .parquet, .arrow, .jsonl, .json and .csv (the last three also as .gz)."

# What an export writes beside its files, and other files about data rather than with data.
_NOT_DATA = {"dataset.json", "dataset_info.json", "dataset_infos.json", "state.json", "config.json"}
_NUMBERED = re.compile(r"(.*?)-?(\d+)-of-(\d+)(\..+)")


def kind_of(path: Path) -> str | None:
    """The kind by the ending of a name, or None. Parquet and Arrow are never wrapped in gzip."""
    name = path.name.lower()
    packed = name.endswith(".gz")
    kind = KINDS.get(Path(name.removesuffix(".gz")).suffix)
    return None if packed and kind in ("parquet", "arrow") else kind


def names_files(dataset: str) -> bool:
    """Whether a name means files of this machine rather than a data set of the hub."""
    path = Path(dataset).expanduser()
    written_as_path = dataset.startswith((".", "/", "~")) or "\\" in dataset or dataset.count("/") > 1
    return path.exists() or written_as_path or is_glob(dataset) or kind_of(path) is not None or path.suffix == ".gz"


def is_glob(name: str) -> bool:
    return re.search(r"[*?\[]", name) is not None


def find_shards(name: str) -> list[Path]:
    """The files, in the order of their names with numbers by value.

    Raises:
        StudioError: ``file-not-found`` (also for a shard that is missing) or ``unsupported-file``.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return [path]
    if path.is_dir():
        files = [file for file in path.iterdir() if file.is_file() and not file.name.startswith((".", "_"))]
        files = [file for file in files if file.name not in _NOT_DATA and kind_of(file)]
        if not files:
            hint = f"{READABLE} Subfolders are not searched: name one of them."
            message = "The folder holds no file that can be read."
            raise StudioError("unsupported-file", message, hint, {"file": name})
    elif is_glob(name):
        files = [file for file in map(Path, glob.glob(str(path), recursive=True)) if kind_of(file)]
        if not files:
            raise StudioError("file-not-found", "No readable file fits the pattern.", READABLE, {"file": name})
    else:
        raise StudioError("file-not-found", "The file does not exist.", "Check the path.", {"file": name})
    files.sort(key=_numeric_order)
    kinds = list(dict.fromkeys(kind_of(file) for file in files))
    if len(kinds) > 1:
        message = f"The files are of different kinds: {', '.join(map(str, kinds))}."
        raise StudioError("unsupported-file", message, "Name one kind with a glob.", {"file": name})
    _refuse_missing_shard(files)
    return files


def _numeric_order(path: Path) -> list[tuple[int, int, str]]:
    pieces = re.split(r"(\d+)", str(path))
    return [(0, int(piece), "") if piece.isdigit() else (1, 0, piece.casefold()) for piece in pieces if piece]


def _refuse_missing_shard(files: Sequence[Path]) -> None:
    """Files named ``NAME-00003-of-00010.ext`` are a set that has to be complete; its first number may be 0 or 1."""
    sets: dict[tuple[str, ...], dict[int, re.Match[str]]] = {}
    for path in files:
        found = _NUMBERED.fullmatch(path.name)
        if found:
            stem, number, total, ending = found.groups()
            sets.setdefault((str(path.parent), stem, total, ending), {})[int(number)] = found
    for (folder, _, total_text, _), have in sets.items():
        total = int(total_text)
        first = 1 if total in have and 0 not in have else 0
        missing = next((number for number in range(first, first + total) if number not in have), None)
        if missing is None:
            continue
        example = next(iter(have.values()))
        digits = str(missing).zfill(len(example.group(2)))
        name = example.string[: example.start(2)] + digits + example.string[example.end(2) :]
        message = f"A shard is missing: {name} ({len(have)} of {total} are there)."
        hint = 'Fetch it, or name the shards you want with a glob that does not hold "-of-".'
        raise StudioError("file-not-found", message, hint, {"file": str(Path(folder) / name)})
