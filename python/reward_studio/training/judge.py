"""Pointwise and pairwise judges with TRL's GRPOTrainer, and how they are validated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from trl import GRPOConfig, GRPOTrainer
from trl.trainer.utils import RepeatSampler

from reward_studio.judges.rewards import Reward
from reward_studio.judges.verdicts import read_verdict
from reward_studio.training.arguments import common_arguments
from reward_studio.training.base_model import adapter_config
from reward_studio.training.evaluation import Measured, Measurer, over_rows
from reward_studio.training.judge_completions import complete, end_tokens
from reward_studio.training.judge_evaluation import Judged, evaluate_judged
from reward_studio.training.judge_prompts import Asked, known_texts
from reward_studio.training.judge_reward import JudgeReward, reward_of
from reward_studio.training.prepared import Prepared, as_dataset
from reward_studio.training.run_trainer import RunTrainer
from reward_studio.training.session import Session

_LEAST_EVALUATION_BATCH = 8


class EpochSampler(RepeatSampler):
    """Shuffles each epoch by its own seed, so that a run that resumes in a later one finds the same order."""

    trainer: Any = None

    def __iter__(self) -> Iterator[int]:
        per_epoch = max(1, len(self) // (self.repeat_count * self.mini_repeat_count * self.batch_size))
        self.generator.manual_seed(self.seed + self.trainer.state.global_step // per_epoch)
        return iter(list(super().__iter__()))


class JudgeTrainer(RunTrainer, GRPOTrainer):
    """TRL's trainer of group relative policy optimisation, in a run."""

    def _get_train_sampler(self, dataset: Any = None) -> EpochSampler:
        stock: Any = super()._get_train_sampler(dataset)
        sampler = EpochSampler(
            stock.data_source,
            mini_repeat_count=stock.mini_repeat_count,
            batch_size=stock.batch_size,
            repeat_count=stock.repeat_count,
            shuffle=stock.shuffle,
            seed=stock.seed,
        )
        sampler.trainer = self
        return sampler


def make_trainer(session: Session, prepared: Prepared, model: Any, tokenizer: Any, asked: Asked) -> JudgeTrainer:
    settings = session.spec.settings
    arguments = GRPOConfig(
        **common_arguments(session.spec, session.hardware, session.checkpoints.folder),
        num_generations=settings["num_generations"],
        max_completion_length=settings["max_completion_length"],
        temperature=settings["temperature"],
        beta=settings["kl_coefficient"],
        chat_template_kwargs=asked.template_options,
    )
    reward = JudgeReward(session, end_tokens(model, tokenizer))
    columns = ("place", "prompt", "label", "strength", "row", "order")
    trainer = JudgeTrainer(
        model=model,
        reward_funcs=reward,
        args=arguments,
        train_dataset=as_dataset([{name: each[name] for name in columns} for each in prepared.train]),
        processing_class=tokenizer,
        peft_config=adapter_config(session.spec.method, settings, model),
    )
    measurer = None
    if prepared.validation is not None:
        measurer = judge_measurer(session, prepared.validation, tokenizer, asked)
    trainer.attach(session, measurer, known_texts(tokenizer, prepared.train, asked))
    return trainer


def judge_measurer(session: Session, prompts: Sequence[dict[str, Any]], tokenizer: Any, asked: Asked) -> Measurer:
    """The likeliest completion of every validation prompt, in each of its orders."""
    settings, method = session.spec.settings, session.spec.method
    reward = reward_of(session)
    batch = max(_LEAST_EVALUATION_BATCH, settings["micro_batch_size"])

    def measure(trainer: Any) -> Measured | None:
        def judge(numbers: Sequence[int]) -> list[Judged]:
            asked_for = [prompts[number] for number in numbers]
            completions = complete(trainer, tokenizer, [each["ids"] for each in asked_for], asked.max_completion_length)
            return [
                _judged(each, text, tokens, cut, method, reward)
                for each, (text, tokens, cut) in zip(asked_for, completions)
            ]

        judged = over_rows(session, len(prompts), batch, judge)
        return None if judged is None else evaluate_judged(method, judged, reward)

    return measure


def _judged(prompt: dict[str, Any], text: str, tokens: int, cut: bool, method: str, reward: Reward) -> Judged:
    verdict = read_verdict(text, method)
    return Judged(
        place=prompt["place"],
        row=prompt["row"],
        order=prompt["order"],
        prompt=prompt["prompt"][-1]["content"],
        label=prompt["label"],
        strength=prompt["strength"],
        text=text,
        verdict=verdict,
        reward=reward.of(verdict, prompt["label"], prompt["strength"]),
        tokens=tokens,
        cut=cut,
    )
