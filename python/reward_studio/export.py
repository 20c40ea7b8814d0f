"""Makes training files of any recognised data set.

Example: ``python -m reward_studio.export --dataset helpsteer2 --output-dir ./data --format parquet``
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reward_studio.convert import Exported, convert
from reward_studio.derive import PairScores
from reward_studio.dialects.registry import DIALECTS
from reward_studio.errors import StudioError
from reward_studio.methods import METHOD_ALIASES, METHODS
from reward_studio.options import DEFAULT_SEED, ExportOptions, parse_pair_scores
from reward_studio.sources.dataset import Malformed, RowList
from reward_studio.sources.open import open_dataset
from reward_studio.split import parse_split
from reward_studio.writers.row_writer import FORMATS


def export_data(
    eval_cases: Iterable[Any],
    output_dir: str | Path,
    formats: Sequence[str] = ("parquet",),
    split_ratio: Mapping[str, float] | None = None,
    *,
    method: str | None = None,
    dialect: str = "own",
    column_map: Mapping[str, str] | None = None,
    stratify: bool = False,
    seed: int = DEFAULT_SEED,
    both_orders: bool = False,
    min_margin: float | None = None,
    tie_below: float | None = None,
    pair_scores: Mapping[str, int] | None = None,
    drop_duplicates: bool = False,
    drop_contradictions: bool = False,
    force: bool = False,
    source: str = "eval_cases",
) -> Exported:
    """Writes the training files of a method, and ``dataset.json`` beside them.

    Args:
        eval_cases: rows of any recognised shape: mappings, dataclasses, or models with ``model_dump``.
        formats: ``parquet`` and ``arrow`` (which need pyarrow), ``jsonl``.
        split_ratio: part -> share, adding up to 1; without it, one file ``data``. A prompt lies in one part only.
        method: what to train (``bt``, ``pointwise``, ``pairwise``, ``sft``); without it, what the rows fit.
        dialect: the layout of a trainer.
        column_map: field of a row shape -> column that holds it.
        stratify: keep the shares of the labels alike in every part.
        both_orders: every comparison twice, the second time with its responses swapped.
        min_margin: scores to pairs: the least difference that makes a pair (1).
        tie_below: scores to comparisons: a smaller difference is a tie (1).
        pair_scores: pairs to scores: what ``chosen`` and ``rejected`` stand for.

    Raises:
        StudioError: rows of no known shape, no usable row, a part without one, a file that is already there, a missing
            package, options that make no sense together.
    """
    options = ExportOptions(
        formats=formats,
        dialect=dialect,
        shares=split_ratio,
        stratify=stratify,
        seed=seed,
        column_map=column_map or {},
        both_orders=both_orders,
        min_margin=min_margin,
        tie_below=tie_below,
        pair_scores=None if pair_scores is None else _pair_scores(pair_scores),
        drop_duplicates=drop_duplicates,
        drop_contradictions=drop_contradictions,
        force=force,
    )
    rows = RowList(source, [_mapping_of(case) for case in eval_cases])
    return convert(rows, Path(output_dir), options, _method(method))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Exit code 0, 2 with the reason on standard error, or 130 when it is interrupted."""
    given = _parser().parse_args(arguments)
    try:
        options = ExportOptions(
            formats=list(dict.fromkeys(given.format or ["parquet"])),
            dialect=given.dialect,
            shares=None if given.split is None else parse_split(given.split),
            stratify=given.stratify,
            seed=given.seed,
            column_map=_parse_map(given.map),
            both_orders=given.both_orders,
            min_margin=given.min_margin,
            tie_below=given.tie_below,
            pair_scores=None if given.pair_scores is None else parse_pair_scores(given.pair_scores),
            drop_duplicates=given.drop_duplicates,
            drop_contradictions=given.drop_contradictions,
            force=given.force,
        )
        dataset = open_dataset(given.dataset, given.hub_split, given.hub_config)
        _warn_of(dataset.malformed)
        exported = convert(dataset, Path(given.output_dir), options, _method(given.method))
    except StudioError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("cancelled", file=sys.stderr)
        return 130
    _report(exported)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m reward_studio.export", description=(__doc__ or "").split("\n")[0])
    add = parser.add_argument
    add("--dataset", required=True, help="a file, a folder or a glob of shards, or a name on the hub")
    add("--output-dir", required=True)
    add("--format", choices=FORMATS, action="append", help="parquet unless given; may be repeated")
    add("--method", "--to", choices=[*METHODS, *METHOD_ALIASES], help="what to train, unless the rows say it")
    add("--dialect", choices=list(DIALECTS), default="own", help="layout of a trainer (own)")
    add("--split", help="parts by prompt, for example train=0.8,val=0.1,test=0.1")
    add("--stratify", action="store_true", help="with --split: the same shares of the labels in every part")
    add("--seed", type=int, default=DEFAULT_SEED, help=f"seed of the split and of A/B positions ({DEFAULT_SEED})")
    add("--map", action="append", default=[], metavar="FIELD=COLUMN", help="column that holds a field; may be repeated")
    add("--both-orders", action="store_true", help="pairwise: every comparison twice, the second time swapped")
    add("--min-margin", type=float, help="scores to pairs: least difference that makes a pair (1)")
    add("--tie-below", type=float, help="scores to comparisons: a smaller difference is a tie (1)")
    add("--pair-scores", help="pairs to scores: what the sides stand for, chosen=4,rejected=0")
    add("--drop-duplicates", action="store_true", help="leave out rows that repeat an earlier one")
    add("--drop-contradictions", action="store_true", help="leave out rows that judge the same responses differently")
    add("--hub-split", default="train", help="part of a hub data set (train)")
    add("--hub-config", help="configuration of a hub data set that has several")
    add("--force", action="store_true", help="replace files that are already there")
    return parser


def _report(exported: Exported) -> None:
    left_out = "".join(f", {count} left out ({reason})" for reason, count in exported.dropped.items())
    print(f"{exported.method}: {sum(exported.records.values())} records of the shape {exported.shape}{left_out}")
    for field, count in exported.lost.items():
        print(f"not kept: the {field} of {count} records, which the dialect cannot say")
    for path in (*exported.files, *exported.registers):
        print(path)


def _warn_of(malformed: Malformed) -> None:
    if malformed.count:
        first = malformed.first_lines[0]
        print(f"{malformed.count} lines are no JSON objects, the first is line {first}", file=sys.stderr)


def _parse_map(entries: Sequence[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for entry in entries:
        field, equals, column = entry.partition("=")
        if not (field and equals and column):
            raise StudioError("usage", f'"{entry}" is not of the form field=column.')
        mapping[field] = column
    return mapping


def _method(name: str | None) -> str | None:
    method = METHOD_ALIASES.get(name or "", name)
    if method is not None and method not in METHODS:
        raise StudioError("usage", f'There is no method "{name}".', f"Choose one of {', '.join(METHODS)}.")
    return method


def _pair_scores(scores: Mapping[str, int]) -> PairScores:
    return parse_pair_scores(",".join(f"{side}={score}" for side, score in scores.items()))


def _mapping_of(case: Any) -> Mapping[str, Any]:
    if isinstance(case, Mapping):
        return case
    if hasattr(case, "model_dump"):
        dumped: Mapping[str, Any] = case.model_dump()
        return dumped
    if dataclasses.is_dataclass(case) and not isinstance(case, type):
        return dataclasses.asdict(case)
    raise StudioError("invalid-row", f"A case is a {type(case).__name__}, not a mapping, a dataclass or a model.")


if __name__ == "__main__":
    sys.exit(main())
