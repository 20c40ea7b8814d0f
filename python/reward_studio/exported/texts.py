"""Prompts and responses, given as text or as chat messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Union

Text = Union[str, Sequence[Mapping[str, Any]]]


def messages_of(text: Text, role: str) -> list[dict[str, str]]:
    """Chat messages as they are; a text as the one message of this role.

    Raises:
        ValueError: where it is neither.
    """
    if isinstance(text, str):
        return [{"role": role, "content": text}]
    found = []
    for message in text:
        content = message.get("content")
        if not isinstance(message.get("role"), str) or not isinstance(content, str):
            raise ValueError('A message is {"role": text, "content": text}.')
        found.append({"role": message["role"], "content": content})
    return found
