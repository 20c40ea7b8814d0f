"""Streams a data set as records of the method that is wanted, or the reason why a row gives none.

Twin of derived-rows.ts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Union

from reward_studio.derive import Derived, PairScores, derive_record
from reward_studio.dialects.layout import Layout
from reward_studio.formats.binding import BoundFormat
from reward_studio.formats.row_problem import RowProblem
from reward_studio.records import ScoredResponse, TrainingRecord
from reward_studio.score_pairs import ScorePairing, ScorePairRule
from reward_studio.sources.dataset import Dataset


@dataclass(frozen=True)
class RecordSource:
    """Records of a data set, and how records of the wanted method are made of them: the same for every pass.

    ``source_method`` is the method whose records the rows hold. ``prompt_sizes`` is there where these are scores and
    what is wanted compares.
    """

    dataset: Dataset
    format: BoundFormat
    source_method: str
    method: str
    layout: Layout
    seed: int
    min_margin: float
    tie_below: float
    pair_scores: PairScores | None
    prompt_sizes: Mapping[str, int] | None = None


def read_records(dataset: Dataset, bound: BoundFormat) -> Iterator[tuple[int, Union[TrainingRecord, RowProblem]]]:
    """Every record or problem, with the zero-based row that it came from."""
    columns = list(dict.fromkeys(bound.binding.values()))
    for row, cells in enumerate(dataset.read(columns=columns)):
        for result in bound.interpret(cells):
            yield row, result


def derived_rows(source: RecordSource) -> Iterator[tuple[int, Derived]]:
    """The records, and in place of one that cannot be used the reason, with their rows."""
    derive = _deriver(source)
    for row, result in read_records(source.dataset, source.format):
        if isinstance(result, RowProblem):
            yield row, result.code
            continue
        for derived in derive(result):
            yield row, derived if isinstance(derived, str) else source.layout.unfit(derived) or derived


def _deriver(source: RecordSource) -> Callable[[TrainingRecord], list[Derived]]:
    if source.prompt_sizes is None:
        return lambda record: derive_record(record, source.method, source.seed, source.pair_scores)
    rule = ScorePairRule(source.method, source.min_margin, source.tie_below, source.seed)
    pairing = ScorePairing(rule, source.prompt_sizes)
    return lambda record: pairing.add(record) if isinstance(record, ScoredResponse) else []
