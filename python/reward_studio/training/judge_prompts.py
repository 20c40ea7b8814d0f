"""How a judge is asked: the prompt, where it reasons, and the rows of a run as prompts with their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reward_studio.derive import swapped
from reward_studio.judges.prompts import JudgePrompt, Thinking, judge_prompt
from reward_studio.records import ComparedResponses, ScoredResponse
from reward_studio.training.known_texts import KnownText
from reward_studio.training.rows import Rows
from reward_studio.training.session import Session
from reward_studio.training.tokens import ChatTemplate, LengthLimit, check_left, encode_prompt
from reward_studio.white_space import squeeze


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


def ask_as(session: Session, template: ChatTemplate) -> Asked:
    """As the settings say; where the chat template lacks the switch that they want, the run is warned."""
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


def known_texts(tokenizer: Any, prompts: Sequence[dict[str, Any]], asked: Asked) -> list[KnownText]:
    """A few prompts with their right answers, which the saved model has to value as the trained one does."""
    tag = asked.prompt.tag
    found = []
    for each in prompts[:3]:
        answer = f"<{tag}>{each['label']}</{tag}>"
        ids = [*each["ids"], *tokenizer(answer, add_special_tokens=False)["input_ids"]]
        found.append(KnownText(ids, squeeze(each["prompt"][-1]["content"])[-200:] + f" {answer}"))
    return found
