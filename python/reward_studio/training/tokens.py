"""Records as tokens, through the chat template of the model's own tokenizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.records import Conversation, Message, Messages, PreferencePair
from reward_studio.training.rows import Rows, describe_dropped

IGNORED = -100


@dataclass(frozen=True)
class LengthLimit:
    """``truncation`` is ``filter`` (longer rows go), ``left`` (the end stays) or ``right`` (the start stays)."""

    tokens: int
    truncation: str

    def fit(self, ids: Sequence[int]) -> list[int] | None:
        if len(ids) <= self.tokens:
            return list(ids)
        if self.truncation == "filter":
            return None
        return list(ids[-self.tokens :] if self.truncation == "left" else ids[: self.tokens])


class ChatTemplate:
    """A tokenizer's chat template.

    Raises:
        StudioError: ``invalid-model`` where the tokenizer has none.
    """

    def __init__(self, tokenizer: Any, model: str) -> None:
        if not tokenizer.chat_template:
            hint = "Choose a model tuned on chats (often named -Instruct), or add a chat_template.jinja to its folder."
            raise StudioError(
                "invalid-model", "The tokenizer of the base model has no chat template.", hint, {"file": model}
            )
        self.tokenizer = tokenizer
        text = tokenizer.chat_template
        self.text: str = text if isinstance(text, str) else "\n".join(text.values())

    @property
    def switches_thinking(self) -> bool:
        return "enable_thinking" in self.text

    def ids(self, messages: Messages, generation_prompt: bool = False, **options: Any) -> list[int]:
        """Raises what the template raises: some refuse a system turn, or two user turns in a row."""
        turns = [{"role": message.role, "content": message.content} for message in messages]
        encoded = self.tokenizer.apply_chat_template(
            turns, tokenize=True, return_dict=True, add_generation_prompt=generation_prompt, **options
        )
        return list(encoded["input_ids"])


def encode_pairs(rows: Rows, template: ChatTemplate, limit: LengthLimit, use_margin: bool) -> list[dict[str, Any]]:
    """Pairs as TRL's RewardTrainer takes them, with the place of each in ``rows``."""
    encoded: list[dict[str, Any]] = []
    for place, each in enumerate(rows.records):
        record = each.record
        assert isinstance(record, PreferencePair)
        sides = _templated(
            rows, lambda: [template.ids((*record.prompt, *side)) for side in (record.chosen, record.rejected)]
        )
        if sides is None:
            continue
        chosen, rejected = (limit.fit(ids) for ids in sides)
        if chosen is None or rejected is None:
            rows.dropped["too-long"] += 1
        elif chosen == rejected:
            rows.dropped["identical-after-truncation"] += 1
        else:
            rows.truncated += len(chosen) < len(sides[0]) or len(rejected) < len(sides[1])
            pair: dict[str, Any] = {"place": place, "chosen_ids": chosen, "rejected_ids": rejected}
            if use_margin:
                pair["margin"] = float(record.margin or 0.0)
            encoded.append(pair)
    return _checked(encoded, rows, limit)


def encode_conversations(
    rows: Rows, template: ChatTemplate, limit: LengthLimit, assistant_only: bool
) -> list[dict[str, Any]]:
    """Conversations as TRL's SFTTrainer takes them, labelled where the assistant speaks."""
    label = _labeller(template) if assistant_only else None
    encoded: list[dict[str, Any]] = []
    for place, each in enumerate(rows.records):
        record = each.record
        assert isinstance(record, Conversation)
        messages = record.messages
        ids = _templated(rows, lambda: template.ids(messages))
        if ids is None:
            continue
        labels = list(ids) if label is None else label(messages, ids)
        if labels is None:
            rows.dropped["assistant-turns-not-found"] += 1
            continue
        kept, kept_labels = limit.fit(ids), limit.fit(labels)
        if kept is None or kept_labels is None:
            rows.dropped["too-long"] += 1
        elif all(each == IGNORED for each in kept_labels):
            rows.dropped["nothing-to-learn-after-truncation"] += 1
        else:
            rows.truncated += len(kept) < len(ids)
            encoded.append({"place": place, "input_ids": kept, "labels": kept_labels})
    return _checked(encoded, rows, limit)


def _labeller(template: ChatTemplate) -> Callable[[Messages, Sequence[int]], list[int] | None]:
    """Labels for the assistant's turns: by marks of the template, by those TRL knows for it, or by prefixes."""
    marked = template.text if "generation %}" in template.text else _training_template(template.tokenizer)
    if marked is None:
        return lambda messages, ids: _labels_by_prefix(template, messages, ids)

    def by_marks(messages: Messages, ids: Sequence[int]) -> list[int] | None:
        turns = [{"role": message.role, "content": message.content} for message in messages]
        encoded = template.tokenizer.apply_chat_template(
            turns, tokenize=True, return_dict=True, return_assistant_tokens_mask=True, chat_template=marked
        )
        if list(encoded["input_ids"]) != list(ids):
            return _labels_by_prefix(template, messages, ids)
        return [token if on else IGNORED for token, on in zip(ids, encoded["assistant_masks"])]

    return by_marks


def _training_template(tokenizer: Any) -> str | None:
    from trl.chat_template_utils import get_training_chat_template

    try:
        found = get_training_chat_template(tokenizer)
    except ValueError:
        return None
    return str(found) if found else None


def _labels_by_prefix(template: ChatTemplate, messages: Messages, ids: Sequence[int]) -> list[int] | None:
    """Each assistant turn is what it adds to the turns before it; None where the template rewrites these."""
    labels = [IGNORED] * len(ids)
    for turn, message in enumerate(messages):
        if message.role != "assistant":
            continue
        start = template.ids(messages[:turn], generation_prompt=True) if turn else []
        end = template.ids(messages[: turn + 1])
        if list(ids[: len(start)]) != start or list(ids[: len(end)]) != end:
            return None
        labels[len(start) : len(end)] = ids[len(start) : len(end)]
    return labels


def encode_prompt(rows: Rows, template: ChatTemplate, text: str, options: dict[str, Any]) -> list[int] | None:
    """One user message up to where the judge begins to write."""
    return _templated(rows, lambda: template.ids((Message("user", text),), generation_prompt=True, **options))


def _templated(rows: Rows, encode: Callable[[], Any]) -> Any:
    from jinja2 import TemplateError

    try:
        return encode()
    except TemplateError as error:
        rows.dropped[f"chat-template: {error}"] += 1
        return None


def _checked(encoded: list[dict[str, Any]], rows: Rows, limit: LengthLimit) -> list[dict[str, Any]]:
    check_left(len(encoded), rows, limit.tokens)
    return encoded


def check_left(count: int, rows: Rows, tokens: int) -> None:
    """Raises StudioError ``too-few-rows`` where nothing is left, with the reasons."""
    if count > 0:
        return
    message = f"None of the rows is left to use{describe_dropped(rows.dropped)}."
    too_long = rows.dropped["too-long"] > 0
    hint = (
        f"max_length is {tokens} tokens: raise it, or set truncation."
        if too_long
        else "Look at the rows, and at what the chat template of the model accepts."
    )
    where = {"file": rows.file, "field": "max_length"} if too_long else {"file": rows.file}
    raise StudioError("too-few-rows", message, hint, where)
