"""Prompts and responses, given as text or as chat messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Union

Text = Union[str, Sequence[Mapping[str, Any]]]

_PLACE = re.compile(r"\{(\w+)\}")


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


def render(judge: Mapping[str, Any], query: Text, responses: Mapping[str, Text]) -> str:
    """The message that the judge was trained to be asked with. Names are put in once: braces in what is put in stay."""
    values = {"principles": judge["principles"], "output_format": judge["output_format"], "query": _query(query)}
    for name, response in responses.items():
        values[name] = "\n\n".join(message["content"] for message in messages_of(response, "assistant"))
    return _PLACE.sub(lambda place: values.get(place.group(1), place.group(0)), judge["text"])


def _query(query: Text) -> str:
    turns = messages_of(query, "user")
    if len(turns) == 1 and turns[0]["role"] == "user":
        return turns[0]["content"]
    return "\n\n".join(f"[{turn['role']}]\n{turn['content']}" for turn in turns)
