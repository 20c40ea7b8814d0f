"""Makes the training files of a method from a data set, with a datasheet beside them. The twin of convert.ts.

It streams: the source is read once to write it, once more before that to decide on a split or on repeats, and once more
to pair scores. Of a row no more is kept than a few numbers and the hash of its prompt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reward_studio.datasheet import DATASHEET, datasheet_text, pretty_json
from reward_studio.derive import DERIVED_FROM
from reward_studio.derived_rows import RecordSource, read_records
from reward_studio.dialects.layout import Register
from reward_studio.dialects.registry import find_dialect, layout_of
from reward_studio.errors import StudioError
from reward_studio.formats.binding import BoundFormat
from reward_studio.formats.json_text import parse_json, utf8
from reward_studio.formats.row_problem import RowProblem
from reward_studio.methods import METHODS
from reward_studio.options import (
    DEFAULT_MIN_MARGIN,
    DEFAULT_TIE_BELOW,
    ExportOptions,
    check_formats,
    check_options,
    check_source,
    no_scores_in_pairs,
)
from reward_studio.plan_parts import needs_plan, plan_parts, refuse_empty_parts
from reward_studio.recognise import Recognition, choose_format, recognise, unrecognised
from reward_studio.score_pairs import count_prompts
from reward_studio.sources.dataset import Dataset
from reward_studio.split import check_split
from reward_studio.write_parts import write_parts
from reward_studio.writers.arrow import require_pyarrow
from reward_studio.writers.output_files import OutputFiles


@dataclass(frozen=True)
class Exported:
    """What an export wrote: the files, the records in each part, the rows left out by reason, what a row cannot say."""

    method: str
    shape: str
    files: Sequence[Path]
    records: Mapping[str, int]
    dropped: Mapping[str, int]
    lost: Mapping[str, int]
    registers: Sequence[Path]
    datasheet: Path


def convert(dataset: Dataset, folder: Path, options: ExportOptions, method: str | None = None) -> Exported:
    """Writes the files of a method, or of the first one that the rows fit. On any error no file is left.

    Raises:
        StudioError: see ``export_data``.
    """
    check_formats(options.formats)
    if set(options.formats) & {"parquet", "arrow"}:
        require_pyarrow()
    if options.shares is not None:
        check_split(options.shares)
    dialect = find_dialect(options.dialect)
    if method is not None:
        check_options(options, method)
        layout_of(dialect, method)
    source = record_source(dataset, options, method)
    targets = [(part, path) for file_format in options.formats for part, path in _targets(folder, options, file_format)]
    registers = [] if dialect.register is None else [folder / dialect.register.name]
    sheet = folder / DATASHEET
    with OutputFiles([*(path for _, path in targets), *registers, sheet], options.force) as files:
        plan = plan_parts(source, options) if needs_plan(options) else None
        if plan:
            refuse_empty_parts(dataset.name, dataset.row_count, plan.sizes(), plan.dropped)
        written = write_parts(source, options, plan, [(part, path, files.open(path)) for part, path in targets])
        refuse_empty_parts(dataset.name, dataset.row_count, written.rows, written.dropped)
        for path in registers:
            assert dialect.register is not None
            content = _register_content(dialect.register, path, source.method, options)
            files.open(path).write_bytes(utf8(pretty_json(content)))
        files.open(sheet).write_bytes(utf8(datasheet_text(source, options, targets, written)))
    return Exported(
        method=source.method,
        shape=source.format.shape.id,
        files=[path for _, path in targets],
        records=written.rows,
        dropped={found.reason: found.count for found in written.dropped},
        lost=written.lost,
        registers=registers,
        datasheet=sheet,
    )


def record_source(dataset: Dataset, options: ExportOptions, wanted: str | None) -> RecordSource:
    """The shape of the method itself, else one of a method that its records can be made from."""
    recognition = recognise(dataset, options.column_map)
    fitting = {found.method for found in recognition.candidates if found.fits}
    method = wanted or next((known for known in METHODS if known in fitting), METHODS[0])
    if wanted is None:
        check_options(options, method)
    layout = layout_of(find_dialect(options.dialect), method)
    source, bound = _source_format(recognition, fitting, method, options)
    check_source(options, source)
    sizes: Mapping[str, int] | None = None
    if source == "pointwise" and method != "pointwise":
        records = (found for _, found in read_records(dataset, bound) if not isinstance(found, RowProblem))
        sizes = count_prompts(records)
    return RecordSource(
        dataset=dataset,
        format=bound,
        source_method=source,
        method=method,
        layout=layout,
        seed=options.seed,
        min_margin=DEFAULT_MIN_MARGIN if options.min_margin is None else options.min_margin,
        tie_below=DEFAULT_TIE_BELOW if options.tie_below is None else options.tie_below,
        pair_scores=options.pair_scores,
        prompt_sizes=sizes,
    )


def _source_format(
    recognition: Recognition, fitting: set[str], method: str, options: ExportOptions
) -> tuple[str, BoundFormat]:
    comparing = [known for known in ("bradley-terry", "pairwise") if known in fitting]
    among = [method, *DERIVED_FROM[method], *([] if options.pair_scores is None else comparing)]
    source = next((known for known in among if known in fitting), None)
    if source is None:
        refused = method == "pointwise" and comparing
        raise no_scores_in_pairs() if refused else unrecognised(recognition, method)
    return source, choose_format(recognition, source)


def _targets(folder: Path, options: ExportOptions, file_format: str) -> list[tuple[str, Path]]:
    return [(part, folder / f"{part}.{file_format}") for part in options.shares or ["data"]]


def _register_content(register: Register, path: Path, method: str, options: ExportOptions) -> Mapping[str, Any]:
    """The file in which a trainer looks data up, with our entries added: what others it had stays.

    Of several formats the first is named: they hold the same rows.
    """
    before = None
    if path.exists():
        try:
            before = parse_json(path.read_text("utf-8"))
        except ValueError as error:
            message = "The file that is there is not valid JSON."
            hint = "Repair it or choose another folder."
            raise StudioError("damaged-file", message, hint, {"file": str(path)}) from error
    name = re.sub(r"[^\w-]+", "_", path.parent.resolve().name, flags=re.ASCII)
    files = [
        (file, name if options.shares is None else f"{name}_{part}")
        for part, file in _targets(path.parent, options, options.formats[0])
    ]
    return register.content(before, method, files)
