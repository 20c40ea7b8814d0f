"""What an export can be asked for, and which requests make no sense together. Twin of convert-options.ts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reward_studio.derive import PairScores
from reward_studio.errors import StudioError
from reward_studio.writers.row_writer import FORMATS

DEFAULT_SEED = 42
DEFAULT_MIN_MARGIN = 1
DEFAULT_TIE_BELOW = 1


@dataclass(frozen=True)
class ExportOptions:
    """The arguments of ``export_data``, which says what each means; ``method`` is decided here."""

    formats: Sequence[str]
    dialect: str = "own"
    shares: Mapping[str, float] | None = None
    stratify: bool = False
    seed: int = DEFAULT_SEED
    column_map: Mapping[str, str] = field(default_factory=dict)
    both_orders: bool = False
    min_margin: float | None = None
    tie_below: float | None = None
    pair_scores: PairScores | None = None
    drop_duplicates: bool = False
    drop_contradictions: bool = False
    force: bool = False


def check_formats(formats: Sequence[str]) -> None:
    """Raises StudioError ``usage`` for a format that is none, and where there is none at all."""
    known = f"The formats are: {', '.join(FORMATS)}."
    for name in formats:
        if name not in FORMATS:
            raise StudioError("usage", f'"{name}" is no format.', known)
    if not formats:
        raise StudioError("usage", "No format is named.", known)


def check_options(options: ExportOptions, method: str) -> None:
    """Raises StudioError ``usage`` for what can be refused by the method alone."""
    if options.stratify and options.shares is None:
        raise _refused("--stratify is about a split, and there is none", "Add --split, or leave it out.")
    if options.stratify and method not in ("pointwise", "pairwise"):
        hint = "Leave it out: the split is by prompt."
        raise _refused("--stratify needs labels, and these rows have none", hint)
    if options.both_orders and method != "pairwise":
        raise _refused("--both-orders is about comparisons (A, B or tie)", "Use it with --method pairwise.")
    if options.min_margin is not None and method != "bradley-terry":
        raise _refused("--min-margin is about pairs made of scores", "Use it with --method bt.")
    if options.tie_below is not None and method != "pairwise":
        raise _refused("--tie-below is about comparisons made of scores", "Use it with --method pairwise.")
    for name, value in (("--min-margin", options.min_margin), ("--tie-below", options.tie_below)):
        if value is not None and not 0 < value <= 4:
            raise _refused(f"{name} is {value:g}, not above 0 and at most 4", "Scores are from 0 to 4.")
    if options.pair_scores is not None:
        if method != "pointwise":
            raise _refused("--pair-scores is about scores made of pairs", "Use it with --method pointwise.")
        _check_pair_scores(options.pair_scores)
    if options.drop_contradictions and method == "sft":
        what = "conversations have no labels that could contradict each other"
        raise _refused(what, "Leave --drop-contradictions out.")


def check_source(options: ExportOptions, source: str) -> None:
    """Refuses what only the recognised rows tell; ``source`` is the method whose records they hold."""
    scores = source == "pointwise"
    for name, value in (("--min-margin", options.min_margin), ("--tie-below", options.tie_below)):
        if value is not None and not scores:
            what = f"{name} is about scores, and the rows are already judged against each other"
            raise _refused(what, "Leave it out.")
    if options.pair_scores is not None and scores:
        raise _refused("--pair-scores is about pairs, and the rows have scores of their own", "Leave it out.")


def parse_pair_scores(text: str) -> PairScores:
    """Parses ``chosen=4,rejected=0``, or raises StudioError ``usage``."""
    sides = dict(part.split("=", 1) for part in text.replace(" ", "").split(",") if "=" in part)
    if set(sides) != {"chosen", "rejected"} or not all(score.isdecimal() for score in sides.values()):
        raise _refused(f'"{text}" does not say what the sides stand for', "Write it as chosen=4,rejected=0.")
    return PairScores(int(sides["chosen"]), int(sides["rejected"]))


def no_scores_in_pairs() -> StudioError:
    """Why pairs and comparisons give no scores by themselves."""
    message = (
        "The rows compare responses, which does not say how good each of them is:"
        " no scores from 0 to 4 can be made of them."
    )
    hint = (
        "If in your data the two sides do stand for scores, say which: --pair-scores chosen=4,rejected=0."
        " Else train Bradley-Terry or pairwise."
    )
    return StudioError("usage", message, hint)


def _check_pair_scores(scores: PairScores) -> None:
    if 0 <= scores.rejected < scores.chosen <= 4:
        return
    what = f"--pair-scores has chosen={scores.chosen},rejected={scores.rejected}"
    hint = "Give two whole numbers from 0 to 4, the chosen one higher: chosen=4,rejected=0."
    raise _refused(what, hint)


def _refused(what: str, hint: str) -> StudioError:
    return StudioError("usage", f"{what[0].upper()}{what[1:]}.", hint)
