"""Responses of agents: what they say and the tools they call. The twin of src/core/datasets/formats/tool-calls.ts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reward_studio.formats.called_tools import call_texts, with_calls
from reward_studio.formats.turns import completion
from reward_studio.records import Message, Messages


def completion_with_calls(values: Sequence[Any], fields: Sequence[str], _: Mapping[str, Any]) -> Messages:
    """(response, tool calls?, tool responses?) -> a completion as messages, the calls after it as JSON text."""
    value, *calls = values
    texts = call_texts(calls)
    if not texts:
        return completion([value], fields, {})
    *before, last = completion(["" if value is None else value], fields, {})
    return (*before, Message(last.role, with_calls(last.content, texts)))
