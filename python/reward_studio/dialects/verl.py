"""verl: ``messages`` for its SFT data set, RL rows for its stock RLHFDataset. Twin of verl.ts and judge-prompt.ts.

``prompt`` is the judging task to roll out and ``reward_model.ground_truth`` what the reward function compares with.
``input`` and ``output`` are what was judged, so that nothing has to be parsed out of the prompt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reward_studio.dialects.conversations import only_text
from reward_studio.dialects.judges import (
    COMPARED_OUTPUT,
    SCORED_OUTPUT,
    compared_output,
    scored_output,
    unfit_compared,
    unfit_scored,
)
from reward_studio.dialects.layout import Dialect, Layout, RowPlace
from reward_studio.dialects.own import MESSAGE_LAYOUTS
from reward_studio.records import ComparedResponses, Messages, ScoredResponse
from reward_studio.writers.columns import MESSAGES, Column, OutputType, Struct

_PAIRS = (
    "verl rolls out prompts and has no rows of pairs"
    " (train a judge on them with --method pairwise, or use --dialect trl)"
)


def _rl_columns(ground_truth: Mapping[str, OutputType]) -> list[Column]:
    return [
        Column("data_source", "string"),
        Column("prompt", MESSAGES),
        Column("ability", "string"),
        Column("reward_model", Struct({"style": "string", "ground_truth": Struct(ground_truth)})),
        Column("extra_info", Struct({"split": "string", "index": "int"})),
    ]


def _rl_cells(sections: Sequence[tuple[str, str]], ground_truth: Mapping[str, Any], place: RowPlace) -> list[Any]:
    task = "\n\n".join(f"# {title}\n{text}" for title, text in sections)
    # verl runs a reward function (a "rule") on the answer, rather than a reward model.
    reward_model = {"style": "rule", "ground_truth": ground_truth}
    extra = {"split": place.part, "index": place.index}
    return ["reward-studio", [{"role": "user", "content": task}], "judge", reward_model, extra]


def _scored_cells(record: ScoredResponse, place: RowPlace) -> list[Any]:
    answer_format = "Reason inside <think></think>, then give one whole number from 0 to 4: <score>N</score>"
    sections = [
        ("Task Description", "Judge how helpful the response is: 0 (worst) to 4 (best)."),
        ("Query", _prompt_text(record.prompt)),
        ("Response", only_text(record.response)),
        ("Output Format", answer_format),
    ]
    truth = {"helpfulness": record.score, "task_type": "pointwise"}
    return [*_rl_cells(sections, truth, place), *scored_output(record)]


def _compared_cells(record: ComparedResponses, place: RowPlace) -> list[Any]:
    answer_format = "Reason inside <think></think>, then give A, B or tie: <preference>A</preference>"
    sections = [
        ("Task Description", "Judge which of two responses is better, or whether they are equally good."),
        ("Query", _prompt_text(record.prompt)),
        ("Response A", only_text(record.response_a)),
        ("Response B", only_text(record.response_b)),
        ("Output Format", answer_format),
    ]
    truth = {"preference": record.preferred, "preference_strength": record.strength, "task_type": "pairwise"}
    return [*_rl_cells(sections, truth, place), *compared_output(record)]


def _prompt_text(messages: Messages) -> str:
    """The prompt as one text in which turns stay apart. One user turn is its own content."""
    if len(messages) == 1 and messages[0].role == "user":
        return messages[0].content
    return "\n\n".join(f"{message.role}: {message.content}" for message in messages)


VERL = Dialect(
    "verl",
    {
        "bradley-terry": _PAIRS,
        "pointwise": Layout(
            [*_rl_columns({"helpfulness": "int", "task_type": "string"}), *SCORED_OUTPUT], _scored_cells, unfit_scored
        ),
        "pairwise": Layout(
            [
                *_rl_columns({"preference": "string", "preference_strength": "double", "task_type": "string"}),
                *COMPARED_OUTPUT,
            ],
            _compared_cells,
            unfit_compared,
        ),
        "sft": MESSAGE_LAYOUTS["sft"],
    },
)
