"""What an agent calls and is answered, as part of the text that is judged or learnt.

The twin of src/core/datasets/formats/called-tools.ts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reward_studio.formats.text import decode_json, is_blank, json_text_of

CALL_KEYS = ("tool_calls", "function_call")
"""A message's keys for calls: of tools, and the older one of a single function."""


def call_texts(calls: Iterable[Any]) -> list[str]:
    """Calls and answers that are there, as JSON text."""
    return [json_text_of(call) for call in map(decode_json, calls) if not _is_nothing(call)]


def with_calls(text: str, calls: list[str]) -> str:
    """A text with what is called after it."""
    return "\n\n".join(part for part in (text, *calls) if not is_blank(part))


def _is_nothing(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and is_blank(value))
