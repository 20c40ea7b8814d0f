"""Writes records into the files of their parts, one pass for all formats. Twin of write-parts.ts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from reward_studio.datasheet import Written
from reward_studio.derive import swapped
from reward_studio.derived_rows import RecordSource, derived_rows
from reward_studio.dialects.layout import RowPlace
from reward_studio.dropped_rows import DroppedRowCounter
from reward_studio.options import ExportOptions
from reward_studio.plan_parts import PartPlan
from reward_studio.records import ComparedResponses, ScoredResponse, TrainingRecord
from reward_studio.writers.row_writer import RowWriter, row_writer


def write_parts(
    source: RecordSource, options: ExportOptions, plan: PartPlan | None, files: Sequence[tuple[str, Path, Path]]
) -> Written:
    """Writes every record.

    Args:
        plan: absent where every record goes into the one part ``data``.
        files: part, final path (which tells the format) and the path to write, of every file.
    """
    writers: dict[str, list[RowWriter]] = {}
    with ExitStack() as finishing:
        for part, path, temporary in files:
            writer = row_writer(temporary, path.suffix.removeprefix("."), source.layout.columns)
            finishing.callback(writer.finish)
            writers.setdefault(part, []).append(writer)
        return _write(source, options, plan, writers)


def _write(
    source: RecordSource, options: ExportOptions, plan: PartPlan | None, writers: dict[str, list[RowWriter]]
) -> Written:
    counter = DroppedRowCounter(source.dataset.malformed)
    rows = {part: 0 for part in writers}
    labels: dict[str, Counter[str]] = {}
    lost: Counter[str] = Counter()
    index = 0
    for row, derived in derived_rows(source):
        if isinstance(derived, str):
            counter.add(derived, row)
            continue
        part = plan.part_of(index) if plan else "data"
        index += 1
        if part is None:
            continue
        records: list[TrainingRecord] = [derived]
        if options.both_orders and isinstance(derived, ComparedResponses):
            records.append(swapped(derived))
        for record in records:
            cells = source.layout.cells(record, RowPlace(part, rows[part]))
            for writer in writers[part]:
                writer.write(cells)
            rows[part] += 1
            label = _label_of(record)
            if label is not None:
                labels.setdefault(part, Counter())[label] += 1
            lost.update(field for field in source.layout.loses if getattr(record, field, None) is not None)
    in_order = {part: dict(sorted(counts.items())) for part, counts in labels.items()}
    return Written(rows, in_order, dict(lost), plan.dropped if plan else counter.list())


def _label_of(record: TrainingRecord) -> str | None:
    if isinstance(record, ScoredResponse):
        return str(record.score)
    return record.preferred if isinstance(record, ComparedResponses) else None
