"""Canonical records: what every row shape becomes. The twin of src/core/datasets/records.ts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Union

from reward_studio.white_space import squeeze

Role = Literal["system", "user", "assistant", "tool"]
Preference = Literal["A", "B", "tie"]


@dataclass(frozen=True)
class Message:
    role: Role
    content: str


Messages = tuple[Message, ...]


@dataclass(frozen=True)
class PreferencePair:
    """A prompt with a preferred and a dispreferred completion; ``margin`` is greater than 0 where the data has one."""

    prompt: Messages
    chosen: Messages
    rejected: Messages
    margin: float | None = None


@dataclass(frozen=True)
class ScoredResponse:
    """A response with a score from 0 (worst) to 4 (best)."""

    prompt: Messages
    response: Messages
    score: int


@dataclass(frozen=True)
class ComparedResponses:
    """Two responses and which one is better; ``strength`` is 0 (tie) to 2 where the data has one."""

    prompt: Messages
    response_a: Messages
    response_b: Messages
    preferred: Preference
    strength: float | None = None


@dataclass(frozen=True)
class Conversation:
    """A conversation that ends in an assistant turn."""

    messages: Messages


TrainingRecord = Union[PreferencePair, ScoredResponse, ComparedResponses, Conversation]


def completion_text(messages: Messages) -> str:
    """The text of a completion: its turns, joined by blank lines."""
    return "\n\n".join(message.content for message in messages)


def prompt_key(messages: Messages) -> str:
    """What identifies a prompt for grouping: two rows with one key never lie on two sides of a split."""
    return "\u0001".join(f"{message.role}\u0000{squeeze(message.content)}" for message in messages)


def prompt_of(record: TrainingRecord) -> Messages:
    """The prompt of any record; of a conversation, everything before its last turn."""
    return record.messages[:-1] if isinstance(record, Conversation) else record.prompt


def responses_of(record: TrainingRecord) -> tuple[Messages, ...]:
    """The responses of any record, in the order of its fields; of a conversation, its last turn."""
    if isinstance(record, PreferencePair):
        return record.chosen, record.rejected
    if isinstance(record, ComparedResponses):
        return record.response_a, record.response_b
    return (record.response,) if isinstance(record, ScoredResponse) else (record.messages[-1:],)


def code_units(text: str) -> bytes:
    """A key that orders texts by UTF-16 code units, as JavaScript compares them."""
    return text.encode("utf-16-be", "surrogatepass")


def as_json(record: TrainingRecord) -> dict[str, Any]:
    """The record under the names that TypeScript and the contract fixtures use."""
    if isinstance(record, PreferencePair):
        fields = {"kind": "preference-pair", "prompt": record.prompt, "chosen": record.chosen}
        return _plain({**fields, "rejected": record.rejected, "margin": record.margin})
    if isinstance(record, ScoredResponse):
        fields = {"kind": "scored-response", "prompt": record.prompt, "response": record.response}
        return _plain({**fields, "score": record.score})
    if isinstance(record, ComparedResponses):
        fields = {"kind": "compared-responses", "prompt": record.prompt, "responseA": record.response_a}
        fields = {**fields, "responseB": record.response_b, "preferred": record.preferred}
        return _plain({**fields, "strength": record.strength})
    return _plain({"kind": "conversation", "messages": record.messages})


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [{"role": m.role, "content": m.content} for m in value] if isinstance(value, tuple) else value
        for name, value in fields.items()
        if value is not None
    }
