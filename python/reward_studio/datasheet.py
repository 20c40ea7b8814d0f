"""The datasheet beside exported files: what is needed to make them again, and to know what is not in them.

The fields of src/core/datasets/datasheet.ts, in the same order. It holds no time: same input, same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reward_studio.derived_rows import RecordSource
from reward_studio.dropped_rows import DroppedRows
from reward_studio.fingerprint import fingerprint_dataset
from reward_studio.formats.json_text import parse_json, write_json
from reward_studio.options import ExportOptions
from reward_studio.writers.columns import describe_type

DATASHEET = "dataset.json"


@dataclass(frozen=True)
class Written:
    """What was written: rows by part, rows by label in each part, and what the dialect could not say."""

    rows: Mapping[str, int]
    labels: Mapping[str, Mapping[str, int]]
    lost: Mapping[str, int]
    dropped: Sequence[DroppedRows]


def datasheet_text(
    source: RecordSource, options: ExportOptions, targets: Sequence[tuple[str, Path]], written: Written
) -> str:
    """``targets``: the part and the path of every file."""
    dataset, shape = source.dataset, source.format.shape
    derived_from = None if source.source_method == source.method else source.source_method
    sheet = {
        "source": {
            "name": dataset.name,
            "files": [{"name": file.path.name, "bytes": file.bytes, "rows": file.rows} for file in dataset.files],
            "fingerprint": fingerprint_dataset(dataset),
        },
        "recognised": {"id": shape.id, "title": shape.title},
        "method": source.method,
        **({} if derived_from is None else {"derived_from": derived_from}),
        "dialect": options.dialect,
        "steps": _steps(source, options, derived_from),
        "seed": options.seed,
        "rows": dataset.row_count,
        "records": sum(written.rows.values()),
        "dropped": [found.as_json() for found in written.dropped],
        "lost": written.lost,
        "labels": written.labels,
        "schema": [{"name": column.name, "type": describe_type(column.type)} for column in source.layout.columns],
        "files": [
            {"path": path.name, "rows": written.rows[part], **({} if options.shares is None else {"part": part})}
            for part, path in targets
        ],
    }
    return pretty_json(sheet)


def pretty_json(value: Any) -> str:
    """JSON with an indent of 2 and a line feed at its end, numbers as JavaScript writes them."""
    return json.dumps(parse_json(write_json(value)), indent=2, ensure_ascii=False) + "\n"


def _steps(source: RecordSource, options: ExportOptions, derived_from: str | None) -> list[dict[str, Any]]:
    """What was done, in this order."""
    steps: list[dict[str, Any]] = [{"do": "read", "shape": source.format.shape.id}]
    if options.column_map:
        steps[0]["map"] = dict(options.column_map)
    if derived_from is not None:
        step: dict[str, Any] = {"do": "derive", "from": derived_from}
        if derived_from == "pointwise" and source.method == "bradley-terry":
            step["min_margin"] = source.min_margin
        if derived_from == "pointwise" and source.method == "pairwise":
            step["tie_below"] = source.tie_below
        if options.pair_scores is not None:
            step["pair_scores"] = {"chosen": options.pair_scores.chosen, "rejected": options.pair_scores.rejected}
        steps.append(step)
    if options.drop_contradictions:
        steps.append({"do": "drop-contradictions"})
    if options.drop_duplicates:
        steps.append({"do": "drop-duplicates"})
    if options.shares is not None:
        shares = dict(options.shares)
        steps.append({"do": "split", "shares": shares, "by": "prompt", "stratified": options.stratify})
    if options.both_orders:
        steps.append({"do": "both-orders"})
    formats = options.formats[0] if len(options.formats) == 1 else list(options.formats)
    steps.append({"do": "write", "dialect": options.dialect, "format": formats})
    return steps
