"""The rows of a run as canonical records: recognised, derived where that keeps the meaning, split, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from reward_studio.convert import record_source
from reward_studio.derived_rows import derived_rows
from reward_studio.errors import StudioError
from reward_studio.options import ExportOptions
from reward_studio.records import ComparedResponses, PreferencePair, TrainingRecord, completion_text
from reward_studio.sources.open import open_dataset
from reward_studio.split import assign_split, group_of
from reward_studio.training.spec import RunSpec


@dataclass(frozen=True)
class Numbered:
    """A record with the zero-based row of its data set."""

    row: int
    record: TrainingRecord


@dataclass
class Rows:
    """``dropped`` counts by reason what was left out; the reasons are those of a conversion, and of this trainer.

    ``truncated`` counts the rows that are used, and were cut to ``max_length``.
    """

    file: str
    records: Sequence[Numbered]
    dropped: Counter[str] = field(default_factory=Counter)
    truncated: int = 0


def load_rows(spec: RunSpec) -> tuple[Rows, Rows | None]:
    """Rows to train on, and to validate on: a file of their own, or a share of the prompts; None for no validation.

    Raises:
        StudioError: those of ``open_dataset`` and ``recognise``; ``too-few-rows``, ``no-rows``.
    """
    train = _read(spec, spec.train.path)
    if len(train.records) < 2:
        hint = "Look at the rows with: reward-studio check."
        raise StudioError("too-few-rows", f"{_counted(train)}; at least 2 are needed.", hint, {"file": train.file})
    if spec.validation is not None:
        validation = _read(spec, spec.validation.path)
        if not validation.records:
            hint = "Name another validation file, or none: then a share of the training prompts is held out."
            raise StudioError(
                "no-rows", f"The validation data has none: {_counted(validation)}.", hint, {"file": validation.file}
            )
        return train, validation
    share = spec.settings["validation_share"]
    if share == 0:
        return train, None
    return _hold_out(train, share, spec.seed)


def _hold_out(rows: Rows, share: float, seed: int) -> tuple[Rows, Rows | None]:
    groups = [group_of(each.record) for each in rows.records]
    parts = assign_split(groups, {"validation": share, "train": 1 - share}, seed)
    sides = {
        part: [each for each, name in zip(rows.records, parts) if name == part] for part in ("train", "validation")
    }
    if not sides["train"] or not sides["validation"]:
        return rows, None
    return Rows(rows.file, sides["train"], rows.dropped), Rows(rows.file, sides["validation"])


def _read(spec: RunSpec, path: str) -> Rows:
    dataset = open_dataset(path)
    options = ExportOptions(formats=["jsonl"], seed=spec.seed, column_map=dict(spec.column_map))
    source = record_source(dataset, options, spec.method)
    records: list[Numbered] = []
    dropped: Counter[str] = Counter()
    if dataset.malformed.count:
        dropped["damaged-line"] = dataset.malformed.count
    for row, found in derived_rows(source):
        reason = found if isinstance(found, str) else _unfit(found)
        if reason is None and not isinstance(found, str):
            records.append(Numbered(row, found))
        else:
            dropped[str(reason)] += 1
    return Rows(path, records, dropped)


def _unfit(record: TrainingRecord) -> str | None:
    """Why a record teaches nothing."""
    if isinstance(record, PreferencePair) and completion_text(record.chosen) == completion_text(record.rejected):
        return "identical-pair"
    if isinstance(record, ComparedResponses) and record.preferred != "tie":
        if completion_text(record.response_a) == completion_text(record.response_b):
            return "identical-pair"
    return None


def _counted(rows: Rows) -> str:
    return f"{len(rows.records)} usable rows{describe_dropped(rows.dropped)}"


def describe_dropped(dropped: Counter[str]) -> str:
    """ " (left out: 3 identical-pair, 1 too-long)", or nothing."""
    if not dropped:
        return ""
    return f" (left out: {', '.join(f'{count} {reason}' for reason, count in dropped.most_common())})"
