"""Judge training rows, as the current trainer reads them (``judge-now``) and as its documents describe them
(``judge-spec``). Twin of judge-output.ts, judge-now.ts and judge-spec.ts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reward_studio.dialects.conversations import only_text, plain, unfit_for_one_message
from reward_studio.dialects.json_columns import JSON_LAYOUTS
from reward_studio.dialects.layout import Dialect, Layout
from reward_studio.dialects.own import MESSAGE_LAYOUTS
from reward_studio.dialects.text import TEXT_LAYOUTS
from reward_studio.records import ComparedResponses, ScoredResponse
from reward_studio.writers.columns import MESSAGES, Column, ListOf, OutputType, Struct

# The trainer's default; its reward functions look at the label, not at the source.
_SOURCE = "helpsteer2"


def _judged_columns(label: Mapping[str, OutputType]) -> list[Column]:
    answer = Struct({"role": "string", "content": "string", "label": Struct(label)})
    return [Column("input", MESSAGES), Column("output", ListOf(Struct({"answer": answer})))]


def _answer(content: str, label: Mapping[str, Any]) -> dict[str, Any]:
    return {"answer": {"role": "assistant", "content": content, "label": label}}


SCORED_OUTPUT = _judged_columns({"helpfulness": "int"})
COMPARED_OUTPUT = _judged_columns({"preference": "string", "preference_strength": "double", "response_id": "string"})


def scored_output(record: ScoredResponse) -> list[Any]:
    return [plain(record.prompt), [_answer(only_text(record.response), {"helpfulness": record.score})]]


def compared_output(record: ComparedResponses) -> list[Any]:
    label = {"preference": record.preferred, "preference_strength": record.strength}
    answers = [
        _answer(only_text(record.response_a), {**label, "response_id": "A"}),
        _answer(only_text(record.response_b), {**label, "response_id": "B"}),
    ]
    return [plain(record.prompt), answers]


def unfit_scored(record: ScoredResponse) -> str | None:
    return unfit_for_one_message(record.response)


def unfit_compared(record: ComparedResponses) -> str | None:
    return unfit_for_one_message(record.response_a, record.response_b)


JUDGE_NOW = Dialect(
    "judge-now",
    {
        "bradley-terry": JSON_LAYOUTS["bradley-terry"],
        "pointwise": Layout(
            [*SCORED_OUTPUT, Column("source", "string")],
            lambda record, _: [*scored_output(record), _SOURCE],
            unfit_scored,
        ),
        "pairwise": Layout(
            [*COMPARED_OUTPUT, Column("source", "string")],
            lambda record, _: [*compared_output(record), _SOURCE],
            unfit_compared,
        ),
        "sft": MESSAGE_LAYOUTS["sft"],
    },
)

JUDGE_SPEC = Dialect(
    "judge-spec",
    {
        "bradley-terry": TEXT_LAYOUTS["bradley-terry"],
        "pointwise": Layout(
            [
                Column("input", MESSAGES),
                Column("output", Struct({"content": "string", "label": Struct({"helpfulness": "int"})})),
                Column("data_source", "string"),
            ],
            lambda record, _: [
                plain(record.prompt),
                {"content": only_text(record.response), "label": {"helpfulness": record.score}},
                _SOURCE,
            ],
            unfit_scored,
        ),
        "pairwise": Layout(
            [
                Column("input", MESSAGES),
                Column("output", ListOf(Struct({"content": "string"}))),
                Column("metadata", Struct({"preferred": "string", "preference_strength": "double"})),
            ],
            lambda record, _: [
                plain(record.prompt),
                [{"content": only_text(record.response_a)}, {"content": only_text(record.response_b)}],
                {"preferred": record.preferred, "preference_strength": record.strength},
            ],
            unfit_compared,
        ),
        "sft": MESSAGE_LAYOUTS["sft"],
    },
)
