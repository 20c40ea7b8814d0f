"""Transforms that make messages: prompts, completions, conversations. Twin of src/core/datasets/formats/turns.ts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reward_studio.formats.messages import dialogue_turns, holds_messages, messages_of, split_shared_prompt
from reward_studio.formats.required import require_list, require_text
from reward_studio.formats.row_problem import UnfitRow
from reward_studio.formats.text import decode_json, is_blank, json_text_of, text_of
from reward_studio.records import Message, Messages

Values = Sequence[Any]
Fields = Sequence[str]
Parameters = Mapping[str, Any]

_TURN_LINE = re.compile(r"\n?<extra_id_1>(User|Assistant)\n")


def prompt(values: Values, fields: Fields, _: Parameters) -> Messages:
    """Text or messages -> the prompt as messages: plain text is one user message."""
    if holds_messages(values[0]) or _is_empty_list(values[0]):
        return messages_of(values[0], fields[0])
    return (Message("user", require_text(values[0], fields[0])),)


def completion(values: Values, fields: Fields, _: Parameters) -> Messages:
    """Text or messages -> a completion as messages: plain text is one assistant message. It may be blank."""
    if not holds_messages(values[0]):
        return (Message("assistant", text_of(values[0], fields[0])),)
    found = messages_of(values[0], fields[0])
    if found[0].role == "assistant":
        return found
    raise UnfitRow("roles-out-of-order", fields[0], f"it begins with a {found[0].role} message, not an assistant one")


def instruction(values: Values, fields: Fields, _: Parameters) -> Messages:
    """(instruction, input?) -> one user message: the input follows after a blank line, or stands alone."""
    value, more = values
    if holds_messages(value) or _is_empty_list(value):
        return messages_of(value, fields[0])
    texts = [text_of(value, fields[0]), "" if more is None else text_of(more, fields[1])]
    content = "\n\n".join(text for text in texts if not is_blank(text))
    return (Message("user", require_text(content, fields[0])),)


def with_system(values: Values, fields: Fields, _: Parameters) -> Messages:
    """(messages, system text?) -> the messages with a system message in front, where there is one."""
    found, system = values
    text = "" if system is None else text_of(system, fields[1])
    return found if is_blank(text) else (Message("system", text), *found)


def with_history(values: Values, fields: Fields, _: Parameters) -> Messages:
    """(messages, history?) -> the messages with earlier turns in front: a list of [question, answer]."""
    found, history = values
    if history is None or _is_blank_text(history):
        return found
    turns: list[Message] = []
    for turn in require_list(history, fields[1]):
        if not isinstance(turn, list) or len(turn) != 2:
            raise UnfitRow("wrong-type", fields[1], "an earlier turn is not a list of a question and its answer")
        turns.append(Message("user", text_of(turn[0], fields[1])))
        turns.append(Message("assistant", text_of(turn[1], fields[1])))
    return (*turns, *found)


def with_context(values: Values, fields: Fields, _: Parameters) -> Messages:
    """(messages, context?) -> the messages with what a grader was told in front, see the TypeScript."""
    found, context = values
    told = decode_json(context)
    if told is None or _is_blank_text(told):
        return found
    if not isinstance(told, dict):
        return (Message("system", text_of(told, fields[1])), *found)
    parts = (told.get("task_context"), told.get("tool_definitions"))
    texts = [json_text_of(part) for part in parts if part is not None]
    content = "\n\n".join(text for text in texts if not is_blank(text))
    system = () if content == "" else (Message("system", content),)
    history = told.get("history")
    before = () if history is None else messages_of(history, fields[1])
    return (*system, *before, *found)


def marked_turns(values: Values, _: Fields, __: Parameters) -> Messages:
    """(messages) -> the turns inside, where the only message is a text with lines ``<extra_id_1>Assistant``."""
    found: Messages = values[0]
    if len(found) != 1:
        return found
    content = found[0].content
    marks = list(_TURN_LINE.finditer(content))
    if not marks:
        return found
    starts = [("user", 0), *((mark.group(1).lower(), mark.end()) for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(content)]
    turns = [Message(role, content[start:end]) for (role, start), end in zip(starts, ends)]  # type: ignore[arg-type]
    return tuple(turn for index, turn in enumerate(turns) if index > 0 or not is_blank(turn.content))


def messages(values: Values, fields: Fields, _: Parameters) -> Messages:
    found = messages_of(values[0], fields[0])
    if not found:
        raise UnfitRow("empty-value", fields[0], "it holds no messages")
    return found


def split_dialogues(values: Values, fields: Fields, _: Parameters) -> dict[str, Messages]:
    """(chosen, rejected) as dialogue texts -> prompt, chosen, rejected."""
    chosen, rejected = (
        dialogue_turns(require_text(value, field), field) for value, field in zip(values, fields)
    )
    return split_shared_prompt(chosen, rejected, fields[1])


def split_messages(values: Values, fields: Fields, parameters: Parameters) -> dict[str, Messages]:
    """(chosen, rejected, prompt?) as messages -> prompt, chosen, rejected.

    Whole conversations are split at what they share; completions alone take their prompt from the column.
    """
    better = messages(values[:1], fields[:1], parameters)
    worse = messages(values[1:2], fields[1:2], parameters)
    if better[0].role != "assistant" or worse[0].role != "assistant":
        return split_shared_prompt(better, worse, fields[1])
    before = () if values[2] is None else prompt(values[2:], fields[2:], parameters)
    return {"prompt": before, "chosen": better, "rejected": worse}


def conversation(values: Values, fields: Fields, parameters: Parameters) -> Messages:
    """Messages that end in an assistant message."""
    found = messages(values, fields, parameters)
    if found[-1].role == "assistant":
        return found
    raise UnfitRow("roles-out-of-order", fields[0], f"it ends with a {found[-1].role} message, not an assistant one")


def no_prompt(_: Values, __: Fields, ___: Parameters) -> Messages:
    """No prompt: the shape has none."""
    return ()


def join(values: Values, _: Fields, __: Parameters) -> Messages:
    """(prompt messages, completion messages) -> one list."""
    return tuple(message for part in values for message in part)


def _is_empty_list(value: Any) -> bool:
    return decode_json(value) == []


def _is_blank_text(value: Any) -> bool:
    return isinstance(value, str) and is_blank(value)
