"""Decides, before anything is written, which part every record goes to, or why to none. Twin of plan-parts.ts."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reward_studio.derived_rows import RecordSource, derived_rows
from reward_studio.dropped_rows import DroppedRowCounter, DroppedRows
from reward_studio.errors import StudioError
from reward_studio.options import ExportOptions
from reward_studio.records import ComparedResponses, ScoredResponse, TrainingRecord
from reward_studio.repeats import Repeats
from reward_studio.split import group_of, place_groups
from reward_studio.stratify import place_stratified

_LEFT_OUT = -1


@dataclass(frozen=True)
class PartPlan:
    """``places``: for each record, in the order of ``derived_rows``, the number of its part, or -1 for none."""

    names: Sequence[str]
    places: array[int]
    dropped: Sequence[DroppedRows]

    def part_of(self, index: int) -> str | None:
        place = self.places[index]
        return None if place == _LEFT_OUT else self.names[place]

    def sizes(self) -> dict[str, int]:
        counts = Counter(self.places)
        return {name: counts[number] for number, name in enumerate(self.names)}


def needs_plan(options: ExportOptions) -> bool:
    """Whether there is something to decide: else one pass over the data does."""
    return options.shares is not None or options.drop_duplicates or options.drop_contradictions


def plan_parts(source: RecordSource, options: ExportOptions) -> PartPlan:
    """One pass. For each record it keeps small numbers, for each prompt (and repeat looked for) a hash: no texts."""
    counter = DroppedRowCounter(source.dataset.malformed)
    looks_for_repeats = options.drop_duplicates or options.drop_contradictions
    repeats = Repeats(options.drop_duplicates, options.drop_contradictions) if looks_for_repeats else None
    prompts: dict[str, int] = {}
    prompt_of_record = array("l")
    strata: dict[str, int] = {}
    stratum_of_record = array("l")
    rows = array("l")
    for row, derived in derived_rows(source):
        if isinstance(derived, str):
            counter.add(derived, row)
            continue
        group = "" if options.shares is None else group_of(derived)
        prompt_of_record.append(prompts.setdefault(group, len(prompts)))
        stratum = _stratum_of(derived, options.both_orders) if options.stratify else ""
        stratum_of_record.append(strata.setdefault(stratum, len(strata)))
        rows.append(row)
        if repeats:
            repeats.add(derived)
    kept = array("b", [1]) * len(rows)
    if repeats:
        for index, row in enumerate(rows):
            reason = repeats.reason(index)
            if reason is not None:
                counter.add(reason, row)
                kept[index] = 0
    counts: list[Counter[int]] = [Counter() for _ in prompts]
    for index, prompt in enumerate(prompt_of_record):
        if kept[index]:
            counts[prompt][stratum_of_record[index]] += 1
    part_of_prompt = _place_prompts(list(prompts), counts, list(strata), options)
    places = array("l", (part_of_prompt[p] if kept[i] else _LEFT_OUT for i, p in enumerate(prompt_of_record)))
    return PartPlan(list(options.shares or ["data"]), places, counter.list())


def _place_prompts(
    keys: Sequence[str], counts: Sequence[Counter[int]], strata: Sequence[str], options: ExportOptions
) -> list[int]:
    """For each prompt the number of its part."""
    if options.shares is None:
        return [0] * len(keys)
    numbers = {name: number for number, name in enumerate(options.shares)}
    filled = {key: count for key, count in zip(keys, counts) if count}
    if options.stratify:
        labels = {key: {strata[label]: rows for label, rows in count.items()} for key, count in filled.items()}
        placed = place_stratified(labels, options.shares, options.seed)
    else:
        sizes = {key: sum(count.values()) for key, count in filled.items()}
        placed = place_groups(sizes, options.shares, options.seed)
    return [numbers[placed[key]] if key in placed else _LEFT_OUT for key in keys]


def _stratum_of(record: TrainingRecord, both_orders: bool) -> str:
    """What the parts shall have alike. With both orders A and B are alike anyway, and only ties are apart from them."""
    if isinstance(record, ScoredResponse):
        return str(record.score)
    if not isinstance(record, ComparedResponses):
        return ""
    return "decided" if both_orders and record.preferred != "tie" else record.preferred


def refuse_empty_parts(name: str, row_count: int, parts: Mapping[str, int], dropped: Sequence[DroppedRows]) -> None:
    """Raises StudioError ``no-rows`` where there is no record at all, ``too-few-rows`` where a part would get none."""
    records = sum(parts.values())
    where = {"file": name}
    if records == 0:
        reasons = "; ".join(f"{found.count} rows: {found.reason}" for found in dropped)
        hint = f"{reasons}." if reasons else "The dataset has no rows."
        raise StudioError("no-rows", f"None of the {row_count} rows gives a record.", hint, where)
    empty = next((part for part, rows in parts.items() if rows == 0), None)
    if empty is not None:
        message = f'The part "{empty}" would get none of the {records} records.'
        hint = "All rows of one prompt stay together: give the part a larger share, or leave the split out."
        raise StudioError("too-few-rows", message, hint, where)
