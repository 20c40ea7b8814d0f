"""Whole conversations and single responses: what several dialects are made of. Twin of conversations.ts."""

from __future__ import annotations

from typing import Any

from reward_studio.records import Messages, PreferencePair


def plain(messages: Messages) -> list[dict[str, Any]]:
    """Messages as cells hold them."""
    return [{"role": message.role, "content": message.content} for message in messages]


def chosen_conversation(pair: PreferencePair) -> Messages:
    return (*pair.prompt, *pair.chosen)


def rejected_conversation(pair: PreferencePair) -> Messages:
    return (*pair.prompt, *pair.rejected)


def unfit_for_whole(pair: PreferencePair) -> str | None:
    """A prompt that begins with the assistant would be read as part of the response."""
    begins = bool(pair.prompt) and pair.prompt[0].role == "assistant"
    return "prompt-begins-with-assistant" if begins else None


def unfit_for_one_message(*responses: Messages) -> str | None:
    return "multi-message-response" if any(len(response) != 1 for response in responses) else None


def only_text(response: Messages) -> str:
    """The text of a response of one message."""
    return response[0].content
