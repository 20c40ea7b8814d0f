"""Supervised fine-tuning with TRL's SFTTrainer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trl import SFTConfig, SFTTrainer

from reward_studio.errors import StudioError
from reward_studio.training.arguments import common_arguments
from reward_studio.training.base_model import adapter_config
from reward_studio.training.evaluation import Measured, Measurer, evaluate_tokens, over_rows
from reward_studio.training.known_texts import KnownText
from reward_studio.training.prepared import Prepared, as_dataset
from reward_studio.training.rows import Rows
from reward_studio.training.run_trainer import RunTrainer
from reward_studio.training.session import Session
from reward_studio.training.tokens import ChatTemplate, LengthLimit, encode_conversations
from reward_studio.white_space import squeeze


class ConversationTrainer(RunTrainer, SFTTrainer):
    """TRL's trainer of conversations, in a run."""


def prepare_conversations(
    session: Session, rows: Rows, template: ChatTemplate, limit: LengthLimit
) -> list[dict[str, Any]]:
    return encode_conversations(rows, template, limit, session.spec.settings["assistant_only_loss"])


def make_trainer(session: Session, prepared: Prepared, model: Any, tokenizer: Any) -> ConversationTrainer:
    settings = session.spec.settings
    if settings["packing"] and settings["attn_implementation"] != "flash_attention_2":
        message = "packing needs attn_implementation flash_attention_2: without it conversations see each other."
        raise StudioError("usage", message, "Set both, or neither.", {"field": "packing"})
    arguments = SFTConfig(
        **common_arguments(session.spec, session.hardware, session.checkpoints.folder),
        # The rows are encoded and fitted already; packing alone still needs the length of a sequence.
        max_length=settings["max_length"] if settings["packing"] else None,
        packing=settings["packing"],
        assistant_only_loss=False,
        activation_offloading=settings["activation_offload"],
    )
    trainer = ConversationTrainer(
        model=model,
        args=arguments,
        train_dataset=as_dataset(prepared.train),
        processing_class=tokenizer,
        peft_config=adapter_config("sft", settings, model),
    )
    measurer = None if prepared.validation is None else conversations_measurer(session, prepared.validation)
    known = [
        KnownText(each["input_ids"], squeeze(tokenizer.decode(each["input_ids"]))[:200]) for each in prepared.train[:3]
    ]
    trainer.attach(session, measurer, known)
    return trainer


def conversations_measurer(session: Session, encoded: Sequence[dict[str, Any]]) -> Measurer:
    """Likelihood of every token that is learned from."""
    batch = session.spec.settings["micro_batch_size"]

    def measure(trainer: Any) -> Measured | None:
        totals = over_rows(
            session, len(encoded), batch, lambda numbers: _totals(trainer, [encoded[number] for number in numbers])
        )
        return None if totals is None else evaluate_tokens(totals, trainer.model.config.get_text_config().vocab_size)

    return measure


def _totals(trainer: Any, encoded: Sequence[dict[str, Any]]) -> list[tuple[float, int, int]]:
    import torch
    from trl.trainer.sft_trainer import DataCollatorForLanguageModeling

    collate = DataCollatorForLanguageModeling(pad_token_id=trainer.processing_class.pad_token_id)
    rows = [{"input_ids": each["input_ids"], "labels": each["labels"]} for each in encoded]
    batch = {name: value.to(trainer.args.device) for name, value in collate(rows).items()}
    labels = batch.pop("labels")[:, 1:]
    with torch.no_grad():
        logits = trainer.model_wrapped(**batch, use_cache=False).logits[:, :-1].float()
    learned = labels != -100
    losses = torch.nn.functional.cross_entropy(logits.transpose(1, 2), labels, reduction="none")
    right = (logits.argmax(-1) == labels) & learned
    sums = ((losses * learned).sum(1).tolist(), learned.sum(1).tolist(), right.sum(1).tolist())
    return list(zip(*sums))
