"""Plain text. Pairs are whole dialogues with the marks ``\\n\\nHuman: `` and ``\\n\\nAssistant: `` (hh-rlhf); the other
methods have the prompt, one user message, and the responses in columns of their own. Twin of text.ts.
"""

from __future__ import annotations

import re

from reward_studio.dialects.conversations import (
    chosen_conversation,
    only_text,
    rejected_conversation,
    unfit_for_one_message,
)
from reward_studio.dialects.layout import Dialect, Layout
from reward_studio.formats.text import trim_blanks
from reward_studio.records import Messages, PreferencePair
from reward_studio.writers.columns import Column

_MARKS = {"user": "Human", "assistant": "Assistant"}
_TURN_MARK = re.compile(r"\n\n(Human|Assistant):")


def _dialogue(messages: Messages) -> str:
    return "".join(f"\n\n{_MARKS[message.role]}: {trim_blanks(message.content)}" for message in messages)


def _unfit_dialogue(pair: PreferencePair) -> str | None:
    messages = (*pair.prompt, *pair.chosen, *pair.rejected)
    if any(message.role not in _MARKS for message in messages):
        return "role-not-in-dialect"
    if any(_TURN_MARK.search(message.content) for message in messages):
        return "turn-mark-in-text"
    return "identical-pair" if _dialogue(pair.chosen) == _dialogue(pair.rejected) else None


def _unfit_prompt(prompt: Messages) -> str | None:
    if not prompt or (len(prompt) == 1 and trim_blanks(prompt[0].content) == ""):
        return "no-prompt"
    if len(prompt) > 1:
        return "multi-turn-prompt"
    return None if prompt[0].role == "user" else "role-not-in-dialect"


def _text_columns(*names: str) -> list[Column]:
    return [Column(name, "string") for name in names]


TEXT_LAYOUTS = {
    "bradley-terry": Layout(
        _text_columns("chosen", "rejected"),
        lambda pair, _: [_dialogue(chosen_conversation(pair)), _dialogue(rejected_conversation(pair))],
        _unfit_dialogue,
        ["margin"],
    ),
    "pointwise": Layout(
        [*_text_columns("prompt", "response"), Column("score", "int")],
        lambda scored, _: [only_text(scored.prompt), only_text(scored.response), scored.score],
        lambda scored: _unfit_prompt(scored.prompt) or unfit_for_one_message(scored.response),
    ),
    "pairwise": Layout(
        [*_text_columns("prompt", "response_a", "response_b", "preferred"), Column("strength", "double")],
        lambda compared, _: [
            *map(only_text, (compared.prompt, compared.response_a, compared.response_b)),
            compared.preferred,
            compared.strength,
        ],
        lambda compared: (
            _unfit_prompt(compared.prompt) or unfit_for_one_message(compared.response_a, compared.response_b)
        ),
    ),
    "sft": Layout(
        _text_columns("prompt", "response"),
        lambda conversation, _: [only_text(conversation.messages[:-1]), only_text(conversation.messages[-1:])],
        lambda conversation: _unfit_prompt(conversation.messages[:-1]),
    ),
}

TEXT = Dialect("text", TEXT_LAYOUTS)
