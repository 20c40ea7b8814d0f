"""LLaMA-Factory: conversations of {from, value}, and the entry of ``dataset_info.json`` that names them.

Twin of llama-factory.ts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reward_studio.dialects.conversations import unfit_for_one_message
from reward_studio.dialects.layout import Dialect, Layout, Register
from reward_studio.errors import StudioError
from reward_studio.records import Message, Messages, PreferencePair
from reward_studio.writers.columns import Column, ListOf, Struct

_TURN = Struct({"from": "string", "value": "string"})
_NAMES = {"system": "system", "user": "human", "assistant": "gpt", "tool": "observation"}
_JUDGE = (
    "LLaMA-Factory has no rows of scores or labels: it learns from pairs (--method bt) and conversations (--method sft)"
)


def _turn_of(message: Message) -> dict[str, str]:
    return {"from": _NAMES[message.role], "value": message.content}


def _turns_of(messages: Messages) -> list[dict[str, str]]:
    return [_turn_of(message) for message in messages]


def _unfit_turns(messages: Messages) -> str | None:
    """After a system message, it wants user (or tool) and assistant in turn; others it leaves out without a word."""
    turns = messages[1:] if messages and messages[0].role == "system" else messages
    if not turns:
        return "no-prompt"
    in_turn = all(
        (index % 2 == 1) == (message.role == "assistant") and message.role != "system"
        for index, message in enumerate(turns)
    )
    return None if in_turn else "roles-not-alternating"


def _unfit_pair(pair: PreferencePair) -> str | None:
    unfit = _unfit_turns(pair.prompt) or unfit_for_one_message(pair.chosen, pair.rejected)
    ends_answered = bool(pair.prompt) and pair.prompt[-1].role == "assistant"
    return unfit or ("roles-not-alternating" if ends_answered else None)


def _register_content(before: Any, method: str, files: Sequence[tuple[Path, str]]) -> Mapping[str, Any]:
    if before is not None and not isinstance(before, dict):
        message = "The dataset_info.json that is there is not a JSON object."
        raise StudioError("damaged-file", message, "Repair it or choose another folder.", {"file": "dataset_info.json"})
    return {**(before or {}), **{entry: _entry_of(path.name, method) for path, entry in files}}


def _entry_of(file: str, method: str) -> dict[str, Any]:
    pairs = method == "bradley-terry"
    sides = {"chosen": "chosen", "rejected": "rejected"} if pairs else {}
    return {
        "file_name": file,
        "formatting": "sharegpt",
        **({"ranking": True} if pairs else {}),
        "columns": {"messages": "conversations", **sides},
        "tags": {
            "role_tag": "from",
            "content_tag": "value",
            "user_tag": "human",
            "assistant_tag": "gpt",
            "observation_tag": "observation",
            "system_tag": "system",
        },
    }


LLAMA_FACTORY = Dialect(
    "llama-factory",
    {
        "bradley-terry": Layout(
            [Column("conversations", ListOf(_TURN)), Column("chosen", _TURN), Column("rejected", _TURN)],
            lambda pair, _: [_turns_of(pair.prompt), _turn_of(pair.chosen[0]), _turn_of(pair.rejected[0])],
            _unfit_pair,
            ["margin"],
        ),
        "pointwise": _JUDGE,
        "pairwise": _JUDGE,
        "sft": Layout(
            [Column("conversations", ListOf(_TURN))],
            lambda conversation, _: [_turns_of(conversation.messages)],
            lambda conversation: _unfit_turns(conversation.messages),
        ),
    },
    Register("dataset_info.json", _register_content),
)
