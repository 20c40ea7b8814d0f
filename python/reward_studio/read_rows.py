"""Reads rows: a local .jsonl, .json or .parquet file, or a data set of the hub by its name."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.formats.json_text import parse_json

Row = Mapping[str, Any]

# Short names that the documentation of judge training uses.
HUB_NAMES: Mapping[str, str] = {
    "helpsteer2": "nvidia/HelpSteer2",
    "helpsteer3": "nvidia/HelpSteer3",
    "rewardbench": "allenai/reward-bench",
    "rewardbench2": "allenai/reward-bench-2",
    "ultrafeedback": "HuggingFaceH4/ultrafeedback_binarized",
}

_CONTAINERS = ("rows", "data", "datasamples", "examples")


def read_rows(dataset: str, hub_split: str = "train") -> tuple[list[Row], list[int]]:
    """The rows, and the one-based lines of a JSONL file that are none.

    Args:
        dataset: a path, or a name on the hub (``nvidia/HelpSteer2``, or a short one: ``helpsteer2``).
        hub_split: which part of a hub data set.

    Raises:
        StudioError: ``file-not-found``, ``damaged-file``, ``unsupported-file``, or ``not-available`` for a package that
            is not installed and a hub that cannot be reached.
    """
    path = Path(dataset)
    if path.is_file():
        return _read_file(path)
    if path.suffix in (".jsonl", ".json", ".parquet", ".gz") or path.exists():
        what = "is a folder: name one file" if path.is_dir() else "does not exist"
        raise StudioError("file-not-found", f"{dataset} {what}.", "Check the path.", {"file": dataset})
    return _read_hub(HUB_NAMES.get(dataset.lower(), dataset), hub_split), []


def _read_file(path: Path) -> tuple[list[Row], list[int]]:
    ending = "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix
    if ending == ".parquet":
        return _read_parquet(path), []
    if ending not in (".jsonl", ".ndjson", ".json", ".jsonl.gz", ".ndjson.gz", ".json.gz"):
        hint = "Give a .jsonl, .json or .parquet file."
        raise StudioError("unsupported-file", f"{path.name} is none of the kinds that are read.", hint)
    text = _read_text(path)
    return (_rows_of_json(path, text), []) if ".json" in (ending, ending[:-3]) else _rows_of_lines(text)


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig", errors="replace")
    except (OSError, EOFError) as error:
        where = {"file": str(path)}
        raise StudioError("damaged-file", f"The file cannot be read: {error}.", "Fetch it again.", where) from error


def _rows_of_lines(text: str) -> tuple[list[Row], list[int]]:
    rows: list[Row] = []
    malformed: list[int] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip(" \t\r") == "":
            continue
        try:
            row = parse_json(line)
        except ValueError:
            row = None
        if isinstance(row, dict):
            rows.append(row)
        else:
            malformed.append(number)
    return rows, malformed


def _rows_of_json(path: Path, text: str) -> list[Row]:
    try:
        value = parse_json(text)
    except ValueError as error:
        raise StudioError("damaged-file", f"This is not valid JSON: {error}.", where={"file": str(path)}) from error
    if isinstance(value, dict):
        value = next((value[key] for key in _CONTAINERS if isinstance(value.get(key), list)), None)
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        hint = f"It has to be a list of objects, or an object that holds one under {', '.join(_CONTAINERS)}."
        raise StudioError("unsupported-file", "The JSON is not a list of rows.", hint, {"file": str(path)})
    return value


def _read_parquet(path: Path) -> list[Row]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise missing_package("pyarrow", "to read Parquet") from error
    try:
        return parquet.read_table(path).to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        raise StudioError("damaged-file", f"The file cannot be read: {error}.", where={"file": str(path)}) from error


def _read_hub(name: str, split: str) -> list[Row]:
    try:
        from datasets import load_dataset
    except ImportError as error:
        raise missing_package("datasets", f"to load {name} from the hub") from error
    try:
        return [dict(row) for row in load_dataset(name, split=split)]
    except Exception as error:  # noqa: BLE001 - datasets raises errors of many libraries
        hint = "Check the name and the network (HF_ENDPOINT names another hub), or give the path of a local copy."
        raise StudioError("not-available", f"{name} could not be loaded: {error}.", hint) from error


def missing_package(name: str, purpose: str) -> StudioError:
    """The error for a package that is needed and not installed."""
    hint = f"Install it with: pip install {name}. JSONL files need no package."
    return StudioError("not-available", f'The package "{name}" is needed {purpose}, and is not installed.', hint)
