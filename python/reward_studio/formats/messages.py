"""Chat messages in the spellings that data sets use. The twin of src/core/datasets/formats/messages.ts."""

from __future__ import annotations

import re
from typing import Any, cast

from reward_studio.formats.called_tools import CALL_KEYS, call_texts, with_calls
from reward_studio.formats.row_problem import UnfitRow
from reward_studio.formats.text import decode_json, describe_type, is_blank, quote_value, text_of, trim_blanks
from reward_studio.records import Message, Messages, Role

_ROLE_KEYS = ("role", "from", "user", "speaker")
_CONTENT_KEYS = ("content", "value", "text", "message")
_ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "prompter": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "bot": "assistant",
    "chatgpt": "assistant",
    "model": "assistant",
    "tool": "tool",
    "function": "tool",
    "observation": "tool",
}
_TURN_MARK = re.compile(r"\n\n(Human|Assistant):")


def holds_messages(value: Any) -> bool:
    """Whether a cell holds messages, natively or as JSON text, rather than plain text, which may be some JSON."""
    decoded = decode_json(value)
    return (
        isinstance(decoded, list)
        and len(decoded) > 0
        and all(isinstance(item, dict) and _role_of(item) is not None for item in decoded)
    )


def messages_of(value: Any, field: str) -> Messages:
    """A list of messages from a native list or JSON text.

    The tools that a message calls follow its content as JSON text, and it may then have no content; other keys are
    dropped.
    """
    decoded = decode_json(value)
    if decoded is None:
        raise UnfitRow("missing-value", field, "it is missing")
    if not isinstance(decoded, list):
        raise UnfitRow("wrong-type", field, f"it is {describe_type(decoded)}, not a list of messages")
    return tuple(_message_of(item, index, field) for index, item in enumerate(decoded))


def _message_of(item: Any, index: int, field: str) -> Message:
    if not isinstance(item, dict):
        raise UnfitRow("wrong-type", field, f"message {index + 1} is {describe_type(item)}, not {{role, content}}")
    role = _role_of(item)
    if role is None:
        spelled = _spelled_role(item)
        found = "no role" if spelled is None else f"the unknown role {quote_value(spelled)}"
        raise UnfitRow("wrong-type", field, f"message {index + 1} has {found}")
    key = next((key for key in _CONTENT_KEYS if item.get(key) is not None), None)
    calls = call_texts(item.get(name) for name in CALL_KEYS)
    if key is None:
        if not calls:
            raise UnfitRow("missing-value", field, f"message {index + 1} has no content")
        return Message(role, with_calls("", calls))
    content = _content_of(item[key], field)
    return Message(role, with_calls(content, calls) if calls else content)


def _spelled_role(item: dict[str, Any]) -> str | None:
    return next((cast(str, item[key]) for key in _ROLE_KEYS if isinstance(item.get(key), str)), None)


def _role_of(item: dict[str, Any]) -> Role | None:
    spelled = _spelled_role(item)
    return None if spelled is None else _ROLES.get(spelled.lower())


def _content_of(content: Any, field: str) -> str:
    if not isinstance(content, list):
        return text_of(content, field)
    texts: list[str] = []
    for part in content:
        if not isinstance(part, dict) or not isinstance(part.get("text"), str):
            raise UnfitRow("wrong-type", field, "a message holds a part that is not text")
        texts.append(part["text"])
    return "".join(texts)


def split_shared_prompt(chosen: Messages, rejected: Messages, field: str) -> dict[str, Messages]:
    """Splits two whole conversations into ``prompt``, ``chosen`` and ``rejected``.

    The prompt is the longest run of equal messages after which both go on with an assistant message.
    """
    length = 0
    while length < min(len(chosen), len(rejected)) and chosen[length] == rejected[length]:
        length += 1
    while length > 0 and not (_assistant_at(chosen, length) and _assistant_at(rejected, length)):
        length -= 1
    if not (_assistant_at(chosen, length) and _assistant_at(rejected, length)):
        raise UnfitRow("no-shared-prompt", field, "the two conversations do not begin with the same prompt")
    return {"prompt": chosen[:length], "chosen": chosen[length:], "rejected": rejected[length:]}


def _assistant_at(messages: Messages, index: int) -> bool:
    return index < len(messages) and messages[index].role == "assistant"


def dialogue_turns(text: str, field: str) -> Messages:
    """The turns of a text with marks ``\\n\\nHuman:`` and ``\\n\\nAssistant:``; blanks around each turn are dropped."""
    marked = f"\n\n{text}" if text.startswith(("Human:", "Assistant:")) else text
    marks = list(_TURN_MARK.finditer(marked))
    if not marks or not is_blank(marked[: marks[0].start()]):
        raise UnfitRow("wrong-type", field, 'it is not a dialogue with the marks "Human:" and "Assistant:"')
    ends = [mark.start() for mark in marks[1:]] + [len(marked)]
    return tuple(
        Message("user" if mark.group(1) == "Human" else "assistant", trim_blanks(marked[mark.end() : end]))
        for mark, end in zip(marks, ends)
    )
