"""Bradley-Terry with TRL's RewardTrainer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from trl import RewardConfig, RewardTrainer

from reward_studio.records import PreferencePair, completion_text
from reward_studio.training.arguments import common_arguments
from reward_studio.training.base_model import adapter_config
from reward_studio.training.evaluation import Measured, Measurer, evaluate_pairs, over_rows
from reward_studio.training.known_texts import KnownText
from reward_studio.training.prepared import Prepared, as_dataset
from reward_studio.training.rows import Rows
from reward_studio.training.run_trainer import RunTrainer
from reward_studio.training.session import Session
from reward_studio.training.tokens import ChatTemplate, LengthLimit, encode_pairs
from reward_studio.white_space import squeeze

_SAMPLES = 20
_LEAST_EVALUATION_BATCH = 4


class BradleyTerryTrainer(RunTrainer, RewardTrainer):
    """TRL's trainer of reward models, in a run."""


def prepare_pairs(session: Session, rows: Rows, template: ChatTemplate, limit: LengthLimit) -> list[dict[str, Any]]:
    return encode_pairs(rows, template, limit, session.spec.settings["use_margin"])


def make_trainer(session: Session, prepared: Prepared, model: Any, tokenizer: Any) -> BradleyTerryTrainer:
    settings = session.spec.settings
    arguments = RewardConfig(
        **common_arguments(session.spec, session.hardware, session.checkpoints.folder),
        max_length=None,
        center_rewards_coefficient=settings["center_rewards_coefficient"] or None,
        activation_offloading=settings["activation_offload"],
    )
    trainer = BradleyTerryTrainer(
        model=model,
        args=arguments,
        train_dataset=as_dataset(prepared.train),
        processing_class=tokenizer,
        peft_config=adapter_config("bradley-terry", settings, model),
    )
    measurer = (
        None if prepared.validation is None else pairs_measurer(session, prepared.validation_rows, prepared.validation)
    )
    trainer.attach(session, measurer, _known_texts(tokenizer, prepared.train))
    return trainer


def pairs_measurer(session: Session, rows: Rows | None, pairs: Sequence[dict[str, Any]]) -> Measurer:
    """Rewards of both sides of every pair."""
    assert rows is not None
    numbered = [rows.records[pair["place"]] for pair in pairs]
    records = [each.record for each in numbered if isinstance(each.record, PreferencePair)]
    batch = max(_LEAST_EVALUATION_BATCH, session.spec.settings["micro_batch_size"])

    def measure(trainer: Any) -> Measured | None:
        rewards = over_rows(
            session, len(pairs), batch, lambda numbers: rewards_of(trainer, [pairs[number] for number in numbers])
        )
        if rewards is None:
            return None
        samples = [
            _sample(numbered[number].row, records[number], rewards[number])
            for number in range(min(_SAMPLES, len(records)))
        ]
        return replace(evaluate_pairs(records, rewards), samples=samples)

    return measure


def rewards_of(trainer: Any, pairs: Sequence[dict[str, Any]]) -> list[tuple[float, float]]:
    """(chosen, rejected) of a batch."""
    import torch

    sides = [{name: pair[name] for name in ("chosen_ids", "rejected_ids")} for pair in pairs]
    batch = {name: value.to(trainer.args.device) for name, value in trainer.data_collator(sides).items()}
    with torch.no_grad():
        logits = trainer.model_wrapped(**batch, use_cache=False).logits.float().squeeze(-1)
    chosen, rejected = logits.chunk(2)
    return list(zip(chosen.tolist(), rejected.tolist()))


def _sample(row: int, record: PreferencePair, rewards: tuple[float, float]) -> dict[str, Any]:
    sides = ((record.chosen, rewards[0]), (record.rejected, rewards[1]))
    return {
        "row": row,
        "prompt": "\n\n".join(message.content for message in record.prompt),
        "outputs": [{"text": completion_text(side), "verdict": None, "reward": reward} for side, reward in sides],
        "gold": None,
    }


def _known_texts(tokenizer: Any, pairs: Sequence[dict[str, Any]]) -> list[KnownText]:
    sides = [pair[name] for pair in pairs[:2] for name in ("chosen_ids", "rejected_ids")]
    return [KnownText(ids, squeeze(tokenizer.decode(ids))[:200]) for ids in sides]
