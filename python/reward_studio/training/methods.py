"""A run made ready to train: tokenizer, rows as tokens, base model, and the trainer of its method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from transformers import set_seed

from reward_studio.errors import StudioError
from reward_studio.training import bradley_terry, judge, sft
from reward_studio.training.arguments import accumulation_steps
from reward_studio.training.base_model import load_model, load_tokenizer, longest_text
from reward_studio.training.callback import RunCallback
from reward_studio.training.judge_prompts import ask_as, prepare_prompts
from reward_studio.training.prepared import Prepared
from reward_studio.training.rows import Rows
from reward_studio.training.session import Session
from reward_studio.training.tokens import ChatTemplate, LengthLimit, check_left


@dataclass
class Ready:
    """``judge`` is what ``grader.json`` says of how a judge is asked."""

    trainer: Any
    prepared: Prepared
    tokenizer: Any
    judge: dict[str, Any] | None


def prepare(session: Session, train_rows: Rows, validation_rows: Rows | None) -> Ready:
    """Raises StudioError for a base model, rows or settings that do not go together."""
    spec = session.spec
    accumulation_steps(spec)
    tokenizer = load_tokenizer(spec.base_model)
    template = ChatTemplate(tokenizer, spec.base_model)
    # A head that the base model lacks is drawn at random.
    set_seed(spec.seed)
    model = load_model(spec.base_model, spec.method, spec.settings, session.hardware, tokenizer)
    limit = LengthLimit(longest_text(model, spec.settings["max_length"]), spec.settings.get("truncation", "filter"))
    if limit.tokens < spec.settings["max_length"]:
        session.warn(f"The base model takes {limit.tokens} tokens at most: max_length is {limit.tokens}.")
    asked = ask_as(session, template) if spec.method in ("pointwise", "pairwise") else None

    def encode(rows: Rows) -> list[dict[str, Any]]:
        if spec.method == "bradley-terry":
            return bradley_terry.prepare_pairs(session, rows, template, limit)
        if spec.method == "sft":
            return sft.prepare_conversations(session, rows, template, limit)
        assert asked is not None
        return prepare_prompts(session, rows, template, limit, asked)

    train = encode(train_rows)
    check_left(len(train), train_rows, limit.tokens)
    validation = None if validation_rows is None else encode(validation_rows)
    prepared = Prepared(train_rows, validation_rows, train, validation, limit.tokens)
    _check_batch(session, train)
    session.leave_if_asked()
    if spec.method == "bradley-terry":
        trainer: Any = bradley_terry.make_trainer(session, prepared, model, tokenizer)
    elif spec.method == "sft":
        trainer = sft.make_trainer(session, prepared, model, tokenizer)
    else:
        assert asked is not None
        trainer = judge.make_trainer(session, prepared, model, tokenizer, asked)
    trainer.add_callback(RunCallback(session, evaluates=validation is not None))
    return Ready(trainer, prepared, tokenizer, None if asked is None else asked.as_json())


def _check_batch(session: Session, train: Sequence[Any]) -> None:
    """GRPO takes whole batches only: of fewer rows than one, nothing would be trained."""
    size = session.spec.settings["batch_size"]
    if session.spec.method in ("pointwise", "pairwise") and len(train) < size:
        message = f"There are {len(train)} prompts, and batch_size is {size}: not one batch is full."
        raise StudioError("too-few-rows", message, "Lower batch_size.", {"field": "batch_size"})
