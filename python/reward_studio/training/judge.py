"""Pointwise and pairwise judges with TRL's GRPOTrainer: prompts, the reward of a completion, validation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from trl import GRPOConfig, GRPOTrainer
from trl.models import unwrap_model_for_generation
from trl.trainer.utils import RepeatSampler

from reward_studio.derive import swapped
from reward_studio.judges.prompts import JudgePrompt, Thinking, judge_prompt
from reward_studio.judges.rewards import Reward
from reward_studio.judges.verdicts import Verdict, read_verdict
from reward_studio.records import ComparedResponses, ScoredResponse, squeeze
from reward_studio.training.arguments import common_arguments
from reward_studio.training.base_model import adapter_config
from reward_studio.training.evaluation import Measured, Measurer, over_rows
from reward_studio.training.judge_evaluation import Judged, evaluate_judged
from reward_studio.training.known_texts import KnownText
from reward_studio.training.prepared import Prepared, as_dataset
from reward_studio.training.rows import Rows
from reward_studio.training.run_trainer import RunTrainer
from reward_studio.training.session import Session
from reward_studio.training.tokens import ChatTemplate, LengthLimit, check_left, encode_prompt

# Completions of training are shown for so many prompts, every so many steps.
_SHOWN_PROMPTS = 4
_SHOWN_EVERY = 10
_LEAST_EVALUATION_BATCH = 8


@dataclass(frozen=True)
class Asked:
    """How the judge is asked: its prompt, and where it reasons."""

    prompt: JudgePrompt
    thinking: Thinking
    template_options: dict[str, Any]
    max_completion_length: int

    def as_json(self) -> dict[str, Any]:
        rest = {"thinking": self.thinking, "max_completion_length": self.max_completion_length}
        return {**self.prompt.as_json(), **rest}


def asked(session: Session, template: ChatTemplate) -> Asked:
    spec, settings = session.spec, session.spec.settings
    thinking: Thinking = settings["thinking"]
    if settings["thinking"] == "auto":
        thinking = "template" if template.switches_thinking else "prompt"
    if thinking == "template" and not template.switches_thinking:
        session.warn("The chat template has no switch for thinking (enable_thinking): it is used as it is.")
    options = {"enable_thinking": thinking == "template"} if template.switches_thinking else {}
    prompt = judge_prompt(spec.method, settings["prompt"], settings["principles"], thinking)
    return Asked(prompt, thinking, options, settings["max_completion_length"])


def prepare_prompts(
    session: Session, rows: Rows, template: ChatTemplate, limit: LengthLimit, asked: Asked
) -> list[dict[str, Any]]:
    """Prompts with their labels. A prompt above the limit is left out: cut, it would lose what is asked."""
    encoded: list[dict[str, Any]] = []
    for place, each in enumerate(rows.records):
        record = each.record
        assert isinstance(record, (ScoredResponse, ComparedResponses))
        orders = [("AB", record)]
        if isinstance(record, ComparedResponses) and session.spec.settings["both_orders"]:
            orders.append(("BA", swapped(record)))
        for order, ordered in orders:
            text = asked.prompt.render(ordered)
            ids = encode_prompt(rows, template, text, asked.template_options)
            if ids is None:
                continue
            if len(ids) > limit.tokens:
                rows.dropped["too-long"] += 1
                continue
            encoded.append(
                {
                    "place": place,
                    "prompt": [{"role": "user", "content": text}],
                    "ids": ids,
                    "label": ordered.score if isinstance(ordered, ScoredResponse) else ordered.preferred,
                    "strength": None if isinstance(ordered, ScoredResponse) else ordered.strength,
                    "row": each.row,
                    "order": order,
                }
            )
    check_left(len(encoded), rows, limit.tokens)
    return encoded


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


class JudgeReward:
    """What TRL calls with completions: reads their verdicts, rewards them, counts and shows them."""

    # TRL names its metrics by it.
    __name__ = "judge"

    def __init__(self, session: Session, ends: Sequence[int]) -> None:
        settings = session.spec.settings
        self._session = session
        self._method = session.spec.method
        self._reward = reward_of(session)
        self._longest = settings["max_completion_length"]
        self._ends = set(ends)

    def __call__(
        self,
        prompts: Sequence[Any],
        completions: Sequence[Any],
        completion_ids: Sequence[Sequence[int]],
        **columns: Any,
    ) -> list[float | None]:
        texts = [text_of(completion) for completion in completions]
        verdicts = [read_verdict(text, self._method) for text in texts]
        labels: Sequence[Verdict] = columns["label"]
        rewards: list[float | None] = [
            self._reward.of(verdict, label, strength)
            for verdict, label, strength in zip(verdicts, labels, columns["strength"])
        ]
        log_metric = columns["log_metric"]
        log_metric("parse_failures", _share(verdict is None for verdict in verdicts))
        log_metric("accuracy", _share(verdict == label for verdict, label in zip(verdicts, labels)))
        step = columns["trainer_state"].global_step
        if step % _SHOWN_EVERY == 0:
            self._show(step, prompts, texts, verdicts, rewards, completion_ids, columns)
        return rewards

    def _show(
        self,
        step: int,
        prompts: Sequence[Any],
        texts: Sequence[str],
        verdicts: Sequence[Verdict | None],
        rewards: Sequence[float | None],
        ids: Sequence[Sequence[int]],
        columns: dict[str, Any],
    ) -> None:
        groups: dict[tuple[int, str], dict[str, Any]] = {}
        for number, text in enumerate(texts):
            key = (columns["row"][number], columns["order"][number])
            if key not in groups and len(groups) == _SHOWN_PROMPTS:
                continue
            group = groups.setdefault(key, sample_of(key[0], prompts[number][-1]["content"], columns["label"][number]))
            cut = len(ids[number]) >= self._longest and ids[number][-1] not in self._ends
            group["outputs"].append(
                output_of(text, verdicts[number], rewards[number], self._method, key[1], len(ids[number]), cut)
            )
        self._session.tell(lambda log: log.samples(step, list(groups.values()), "train"))


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
    reward = JudgeReward(session, _ends(model, tokenizer))
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
    trainer.attach(session, measurer, _known_texts(tokenizer, prepared.train, asked))
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


def complete(
    trainer: Any, tokenizer: Any, prompts: Sequence[Sequence[int]], longest: int
) -> list[tuple[str, int, bool]]:
    """(text, tokens, whether it was cut) of the likeliest completion of each prompt."""
    width = max(len(ids) for ids in prompts)
    padding = tokenizer.pad_token_id
    ids = torch.tensor([[padding] * (width - len(each)) + list(each) for each in prompts], device=trainer.args.device)
    mask = torch.tensor([[0] * (width - len(each)) + [1] * len(each) for each in prompts], device=trainer.args.device)
    ends = _ends(trainer.model, tokenizer)
    with (
        torch.no_grad(),
        unwrap_model_for_generation(
            trainer.model_wrapped,
            trainer.accelerator,
            gradient_checkpointing_kwargs=trainer.args.gradient_checkpointing_kwargs,
        ) as model,
    ):
        # Sampling settings that the model came with have no part in the likeliest completion.
        found = model.generate(
            input_ids=ids,
            attention_mask=mask,
            max_new_tokens=longest,
            do_sample=False,
            temperature=None,
            top_p=None,
            top_k=None,
            pad_token_id=padding,
            eos_token_id=ends,
        )
    completions: list[tuple[str, int, bool]] = []
    for row in found[:, width:].tolist():
        end = next((place for place, token in enumerate(row) if token in ends), None)
        kept = row if end is None else row[: end + 1]
        completions.append((tokenizer.decode(kept, skip_special_tokens=True), len(kept), end is None))
    return completions


def reward_of(session: Session) -> Reward:
    settings = session.spec.settings
    return Reward(
        session.spec.method,
        settings["reward"],
        settings.get("reward_k", 2.0),
        settings.get("strength_weight", False),
    )


def text_of(completion: Any) -> str:
    """What was written, of a completion as TRL has it: text, or a list of messages."""
    if isinstance(completion, str):
        return completion
    return "\n".join(message.get("content") or "" for message in completion)


def sample_of(row: int, prompt: str, gold: Verdict) -> dict[str, Any]:
    return {"row": row, "prompt": prompt, "outputs": [], "gold": gold}


def output_of(
    text: str, verdict: Verdict | None, reward: float | None, method: str, order: str, tokens: int, cut: bool
) -> dict[str, Any]:
    output = {"text": text, "verdict": verdict, "reward": reward, "tokens": tokens, "cut": cut}
    return {**output, "order": order} if method == "pairwise" else output


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


def _known_texts(tokenizer: Any, prompts: Sequence[dict[str, Any]], asked: Asked) -> list[KnownText]:
    tag = asked.prompt.tag
    found = []
    for each in prompts[:3]:
        answer = f"<{tag}>{each['label']}</{tag}>"
        ids = [*each["ids"], *tokenizer(answer, add_special_tokens=False)["input_ids"]]
        found.append(KnownText(ids, squeeze(each["prompt"][-1]["content"])[-200:] + f" {answer}"))
    return found


def _ends(model: Any, tokenizer: Any) -> list[int]:
    """The tokens that end a completion: of the model's generation settings, and the tokenizer's own."""
    configured = getattr(model, "generation_config", None)
    known = getattr(configured, "eos_token_id", None)
    ends = [known] if isinstance(known, int) else list(known or [])
    if tokenizer.eos_token_id is not None and tokenizer.eos_token_id not in ends:
        ends.append(tokenizer.eos_token_id)
    return ends


def _share(outcomes: Any) -> float:
    counted = [bool(outcome) for outcome in outcomes]
    return sum(counted) / len(counted)
