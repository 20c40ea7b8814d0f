"""Recognises what rows are: which of the known shapes fit, how well, and by what evidence. Twin of recognise.ts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.formats.binding import BoundFormat, bind_shape, mapped_names
from reward_studio.formats.declaration import Shape, UnusableShape, load_shapes
from reward_studio.formats.guards import refusal
from reward_studio.formats.row_problem import RowProblem
from reward_studio.methods import METHOD_OF_RECORD, METHOD_TITLES
from reward_studio.sources.dataset import Dataset, Row, RowList

_FITTING_SHARE = 0.5
_FIRST_ROWS, _MIDDLE_ROWS, _LAST_ROWS = 100, 50, 50


@dataclass(frozen=True)
class Candidate:
    """A shape whose columns are there; ``share`` of the sampled rows (0 to 1) give records."""

    id: str
    method: str
    format: BoundFormat
    share: float
    fits: bool
    refused: str | None
    first_problem: tuple[int, RowProblem] | None


@dataclass(frozen=True)
class Recognition:
    """Fitting candidates first, among these the most particular shape first."""

    row_count: int
    columns: Sequence[str]
    candidates: Sequence[Candidate]
    shortfalls: Sequence[tuple[Shape, Sequence[str]]]
    unusable: UnusableShape | None


def recognise(rows: Sequence[Row] | Dataset, column_map: Mapping[str, str] | None = None) -> Recognition:
    """Tries the first, middle and last rows against every shape.

    Args:
        column_map: field of a shape -> column that holds it.

    Raises:
        StudioError: ``missing-column`` or ``usage`` for a map that names what is not there.
    """
    dataset = rows if isinstance(rows, Dataset) else RowList("rows", rows)
    mapping = dict(column_map or {})
    shapes, unusable = load_shapes()
    _refuse_unknown_fields(mapping, shapes)
    names = mapped_names(dataset.columns, mapping)
    sample = sample_rows(dataset)
    candidates: list[Candidate] = []
    shortfalls: list[tuple[Shape, Sequence[str]]] = []
    for shape in shapes:
        binding, missing = bind_shape(shape, names, list(mapping))
        if binding is not None:
            candidates.append(_try_format(BoundFormat(shape, binding), sample))
        elif missing:
            shortfalls.append((shape, missing))
    candidates.sort(key=lambda found: (not found.fits, found.format.shape.rank, -found.share))
    known = next((shape for shape in unusable if bind_shape(shape, names, [])[0] is not None), None)
    return Recognition(dataset.row_count, dataset.columns, candidates, shortfalls, known)


def choose_format(recognition: Recognition, method: str) -> BoundFormat:
    """The format to read rows with.

    Raises:
        StudioError: ``no-rows``, ``missing-column`` or ``unrecognised-shape``: none fits, or two mean different things.
    """
    fitting = [found for found in recognition.candidates if found.method == method and found.fits]
    if not fitting:
        raise unrecognised(recognition, method)
    best = fitting[0].format
    family = best.shape.ambiguity and best.shape.ambiguity["family"]
    rivals = [
        found.format.shape.ambiguity
        for found in fitting
        if family and found.format.shape.ambiguity and found.format.shape.ambiguity["family"] == family
    ]
    if len(rivals) < 2:
        return best
    says = " or ".join(rival["say"] for rival in rivals)
    raise StudioError("unrecognised-shape", f"The labels can be read in {len(rivals)} ways.", f"Say which: {says}.")


def unrecognised(recognition: Recognition, method: str) -> StudioError:
    """Why no shape of the method fits."""
    if recognition.row_count == 0:
        return StudioError("no-rows", "The dataset has no rows.", "Choose a file that holds some.")
    candidates = [found for found in recognition.candidates if found.method == method]
    for found in candidates:
        if found.refused is not None:
            message = f'The rows look like "{found.format.shape.title}", but {found.refused}.'
            return StudioError("unrecognised-shape", message)
    if recognition.unusable and not any(found.fits for found in recognition.candidates):
        message = f"The rows are known, but train nothing: {recognition.unusable.because}."
        return StudioError("unrecognised-shape", message, f"{recognition.unusable.instead}.")
    nearest = max(candidates, key=lambda found: found.share, default=None)
    if nearest and nearest.first_problem:
        row, problem = nearest.first_problem
        message = f'The rows do not fit {METHOD_TITLES[method]}: nearest is "{nearest.format.shape.title}".'
        return StudioError("unrecognised-shape", message, f'First, in row {row}, "{problem.field}": {problem.message}.')
    columns = ", ".join(f'"{name}"' for name in recognition.columns)
    lacking = nearest_shortfall(recognition, method)
    if lacking is None:
        return StudioError("missing-column", f"The columns ({columns}) make up no shape for {METHOD_TITLES[method]}.")
    shape, missing = lacking
    lacks = " and ".join(f'"{name}"' for name in missing)
    none = f"The columns ({columns}) make up no shape for {METHOD_TITLES[method]}."
    message = f'{none} Nearest is "{shape.title}", which lacks {lacks}.'
    hint = f"Name a column with --map {missing[0]}=COLUMN."
    return StudioError("missing-column", message, hint, {"field": missing[0]})


def nearest_shortfall(recognition: Recognition, method: str) -> tuple[Shape, Sequence[str]] | None:
    """The shape that lacks the fewest columns of those it needs, as a share; the plainest among equals."""
    lacking = [found for found in recognition.shortfalls if METHOD_OF_RECORD[found[0].record] == method]

    def share_lacking(found: tuple[Shape, Sequence[str]]) -> tuple[float, float]:
        need = sum(not field.optional for field in found[0].fields.values())
        return len(found[1]) / need, -found[0].rank

    return min(lacking, key=share_lacking, default=None)


def sample_rows(dataset: Dataset) -> list[tuple[int, Row]]:
    """The first 100 rows, 50 from the middle and the last 50, with their zero-based places; all of a small data set."""
    count = dataset.row_count
    windows = [(0, count)]
    if count > _FIRST_ROWS + _MIDDLE_ROWS + _LAST_ROWS:
        middle = max(_FIRST_ROWS, (count - _MIDDLE_ROWS) // 2)
        until = min(middle + _MIDDLE_ROWS, count - _LAST_ROWS)
        windows = [(0, _FIRST_ROWS), (middle, until), (count - _LAST_ROWS, count)]
    return [place for start, end in windows for place in enumerate(dataset.read(start, end), start)]


def _try_format(bound: BoundFormat, sample: Sequence[tuple[int, Row]]) -> Candidate:
    fitting = 0
    first_problem: tuple[int, RowProblem] | None = None
    for place, row in sample:
        results = bound.interpret(row)
        problem = next((result for result in results if isinstance(result, RowProblem)), None)
        if problem is not None and first_problem is None:
            first_problem = (place, problem)
        fitting += any(not isinstance(result, RowProblem) for result in results)
    share = fitting / len(sample) if sample else 0.0
    refused = refusal(bound.shape, lambda field: _values_of(bound, field, sample))
    return Candidate(
        id=bound.shape.id,
        method=METHOD_OF_RECORD[bound.shape.record],
        format=bound,
        share=share,
        fits=share >= _FITTING_SHARE and refused is None,
        refused=refused,
        first_problem=first_problem,
    )


def _values_of(bound: BoundFormat, field: str, sample: Sequence[tuple[int, Row]]) -> list[Any]:
    column = bound.binding.get(field)
    return [] if column is None else [row.get(column) for _, row in sample]


def _refuse_unknown_fields(mapping: Mapping[str, str], shapes: Sequence[Shape]) -> None:
    known = {name for shape in shapes for field, spec in shape.fields.items() for name in (field, *spec.columns)}
    for field in mapping:
        if field not in known:
            names = ", ".join(sorted({name for shape in shapes for name in shape.fields}))
            raise StudioError("usage", f'No row shape has a field "{field}".', f"The fields are: {names}.")
