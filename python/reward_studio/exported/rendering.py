"""The message that a judge is asked with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reward_studio.exported.texts import Text, messages_of

_PLACE = re.compile(r"\{(\w+)\}")


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
