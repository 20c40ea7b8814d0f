"""Responses of agents: what they say and the tools they call. The twin of src/core/datasets/formats/tool-calls.ts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reward_studio.formats.text import decode_json, is_blank, json_text_of
from reward_studio.formats.turns import completion
from reward_studio.records import Message, Messages


def completion_with_calls(values: Sequence[Any], fields: Sequence[str], _: Mapping[str, Any]) -> Messages:
    """(response, tool calls?, tool responses?) -> a completion as messages, the calls after it as JSON text."""
    value, *calls = values
    blocks = [json_text_of(call) for call in map(decode_json, calls) if not _is_nothing(call)]
    if not blocks:
        return completion([value], fields, {})
    *before, last = completion(["" if value is None else value], fields, {})
    content = "\n\n".join(text for text in (last.content, *blocks) if not is_blank(text))
    return (*before, Message(last.role, content))


def _is_nothing(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and is_blank(value))
