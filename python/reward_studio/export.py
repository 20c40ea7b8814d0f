"""Makes training files of any recognised data set.

    python -m reward_studio.export --dataset helpsteer2 --output-dir ./data --format parquet --split train=0.8,test=0.2
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reward_studio.derive import DERIVED_FROM, derive_record
from reward_studio.errors import StudioError
from reward_studio.formats.binding import BoundFormat
from reward_studio.formats.row_problem import RowProblem
from reward_studio.read_rows import read_rows
from reward_studio.recognise import METHODS, Recognition, choose_format, recognise, unrecognised
from reward_studio.records import TrainingRecord
from reward_studio.split import assign_split, check_split, group_of, parse_split
from reward_studio.write_rows import FORMATS, OutputFiles, require_parquet, write_records

DATASHEET = "dataset.json"

_ALIASES = {"bt": "bradley-terry"}


@dataclass(frozen=True)
class Exported:
    """What an export wrote: the files, the records in each part, and the rows left out by reason."""

    method: str
    shape: str
    files: Sequence[Path]
    records: Mapping[str, int]
    dropped: Mapping[str, int]


def export_data(
    eval_cases: Iterable[Any],
    output_dir: str | Path,
    formats: Sequence[str] = ("parquet",),
    split_ratio: Mapping[str, float] | None = None,
    *,
    method: str | None = None,
    column_map: Mapping[str, str] | None = None,
    seed: int = 42,
    force: bool = False,
    source: str = "eval_cases",
) -> Exported:
    """Writes the training files of a method, and ``dataset.json`` beside them.

    Args:
        eval_cases: rows of any recognised shape: mappings, dataclasses, or models with ``model_dump``.
        formats: ``parquet`` (needs pyarrow) and ``jsonl``.
        split_ratio: part -> share, adding up to 1; without it, one file ``data``. A prompt lies in one part only.
        method: what to train; without it, what the rows fit.

    Raises:
        StudioError: rows of no known shape, no usable row, a part without one, a file that is already there, a missing
            package.
    """
    for name in formats:
        if name not in FORMATS:
            raise StudioError("usage", f'"{name}" is no format.', f"The formats are: {', '.join(FORMATS)}.")
    if "parquet" in formats:
        require_parquet()
    shares = None if split_ratio is None else check_split(split_ratio)
    rows = [_mapping_of(case) for case in eval_cases]
    recognition = recognise(rows, column_map)
    target, bound = _plan(recognition, method)
    records, dropped = _read(rows, bound, target, seed)
    if not records:
        reasons = "; ".join(f"{count} rows: {reason}" for reason, count in dropped.items())
        raise StudioError("no-rows", f"None of the {len(rows)} rows gives a record.", f"{reasons}.")
    parts = _split(records, shares, seed)
    folder = Path(output_dir)
    targets = {(part, name): folder / f"{part}.{name}" for part in parts for name in formats}
    sheet = folder / DATASHEET
    with OutputFiles([*targets.values(), sheet], force) as files:
        for (part, name), path in targets.items():
            write_records(files.open(path), parts[part], target, name)
        exported = Exported(
            target, bound.shape.id, list(targets.values()), {part: len(parts[part]) for part in parts}, dropped
        )
        datasheet = _datasheet(exported, source, len(rows), shares, seed)
        files.open(sheet).write_text(json.dumps(datasheet, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return exported


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Exit code 0, or 2 with the reason on standard error."""
    parser = argparse.ArgumentParser("python -m reward_studio.export", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--dataset", required=True, help="a .jsonl, .json or .parquet file, or a name on the hub")
    parser.add_argument("--output-dir", required=True)
    parser.add_argument("--format", choices=FORMATS, action="append", help="parquet unless given; may be repeated")
    parser.add_argument("--method", choices=[*METHODS, *_ALIASES], help="what to train, unless the rows say it")
    parser.add_argument("--split", help="for example train=0.8,test=0.2")
    parser.add_argument("--hub-split", default="train", help="part of a hub data set (train)")
    parser.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--force", action="store_true", help="replace files that are already there")
    options = parser.parse_args(arguments)
    try:
        rows, malformed = read_rows(options.dataset, options.hub_split)
        if malformed:
            print(f"{len(malformed)} lines are no JSON objects, the first is line {malformed[0]}", file=sys.stderr)
        exported = export_data(
            rows,
            options.output_dir,
            options.format or ["parquet"],
            None if options.split is None else parse_split(options.split),
            method=_ALIASES.get(options.method, options.method),
            column_map=_parse_map(options.map),
            seed=options.seed,
            force=options.force,
            source=Path(options.dataset).name,
        )
    except StudioError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    left_out = "".join(f", {count} left out ({reason})" for reason, count in exported.dropped.items())
    print(f"{exported.method}: {sum(exported.records.values())} records of the shape {exported.shape}{left_out}")
    for path in exported.files:
        print(path)
    return 0


def _parse_map(entries: Sequence[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for entry in entries:
        field, equals, column = entry.partition("=")
        if not (field and equals and column):
            raise StudioError("usage", f'"{entry}" is not of the form field=column.')
        mapping[field] = column
    return mapping


def _mapping_of(case: Any) -> Mapping[str, Any]:
    if isinstance(case, Mapping):
        return case
    if hasattr(case, "model_dump"):
        return case.model_dump()
    if dataclasses.is_dataclass(case) and not isinstance(case, type):
        return dataclasses.asdict(case)
    raise StudioError("invalid-row", f"A case is a {type(case).__name__}, not a mapping, a dataclass or a model.")


def _plan(recognition: Recognition, method: str | None) -> tuple[str, BoundFormat]:
    """The method to write, and the format to read by: that of the method, or of one that it is made from."""
    fitting = {found.method for found in recognition.candidates if found.fits}
    if method is None:
        method = next((found for found in METHODS if found in fitting), METHODS[0])
    source = next((found for found in (method, *DERIVED_FROM[method]) if found in fitting), None)
    if source is None:
        raise unrecognised(recognition, method)
    return method, choose_format(recognition, source)


def _read(
    rows: Sequence[Mapping[str, Any]], bound: BoundFormat, method: str, seed: int
) -> tuple[list[TrainingRecord], dict[str, int]]:
    records: list[TrainingRecord] = []
    dropped: Counter[str] = Counter()
    for row in rows:
        for result in bound.interpret(row):
            derived = result.code if isinstance(result, RowProblem) else derive_record(result, method, seed)
            if isinstance(derived, str):
                dropped[derived] += 1
            else:
                records.append(derived)
    return records, dict(dropped)


def _split(
    records: Sequence[TrainingRecord], shares: Mapping[str, float] | None, seed: int
) -> dict[str, list[TrainingRecord]]:
    if shares is None:
        return {"data": list(records)}
    parts: dict[str, list[TrainingRecord]] = {name: [] for name in shares}
    for record, part in zip(records, assign_split([group_of(record) for record in records], shares, seed)):
        parts[part].append(record)
    for name, held in parts.items():
        if not held:
            hint = "All rows of one prompt stay together: give the part a larger share, or leave the split out."
            raise StudioError("too-few-rows", f'The part "{name}" would get none of {len(records)} records.', hint)
    return parts


def _datasheet(
    exported: Exported, source: str, rows: int, shares: Mapping[str, float] | None, seed: int
) -> dict[str, Any]:
    return {
        "source": {"name": source},
        "recognised": {"id": exported.shape},
        "method": exported.method,
        **({} if shares is None else {"split": shares}),
        "seed": seed,
        "rows": rows,
        "records": sum(exported.records.values()),
        "dropped": [{"reason": reason, "count": count} for reason, count in exported.dropped.items()],
        "files": [{"path": path.name, "rows": exported.records[path.stem]} for path in exported.files],
    }


if __name__ == "__main__":
    sys.exit(main())
