"""Message lists as JSON text. For Bradley-Terry, whole conversations as two columns. Twin of json.ts."""

from __future__ import annotations

from collections.abc import Sequence

from reward_studio.dialects.conversations import chosen_conversation, plain, rejected_conversation, unfit_for_whole
from reward_studio.dialects.layout import Dialect, Layout
from reward_studio.dialects.own import MESSAGE_LAYOUTS
from reward_studio.formats.json_text import write_json
from reward_studio.records import Messages
from reward_studio.writers.columns import Column


def _encode(messages: Messages) -> str:
    return write_json(plain(messages))


def _as_text(columns: Sequence[Column]) -> list[Column]:
    """The columns of our own layout with text in place of lists."""
    return [Column(column.name, column.type if isinstance(column.type, str) else "string") for column in columns]


JSON_LAYOUTS = {
    "bradley-terry": Layout(
        [Column("chosen", "string"), Column("rejected", "string"), Column("margin", "double")],
        lambda pair, _: [_encode(chosen_conversation(pair)), _encode(rejected_conversation(pair)), pair.margin],
        unfit_for_whole,
    ),
    "pointwise": Layout(
        _as_text(MESSAGE_LAYOUTS["pointwise"].columns),
        lambda scored, _: [_encode(scored.prompt), _encode(scored.response), scored.score],
    ),
    "pairwise": Layout(
        _as_text(MESSAGE_LAYOUTS["pairwise"].columns),
        lambda compared, _: [
            *map(_encode, (compared.prompt, compared.response_a, compared.response_b)),
            compared.preferred,
            compared.strength,
        ],
    ),
    "sft": Layout(_as_text(MESSAGE_LAYOUTS["sft"].columns), lambda conversation, _: [_encode(conversation.messages)]),
}

JSON = Dialect("json", JSON_LAYOUTS)
