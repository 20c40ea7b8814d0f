"""The message that a judge is asked with. The texts are data: src/core/methods/judges/prompts.json."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reward_studio.declared import load_declared
from reward_studio.errors import StudioError
from reward_studio.records import ComparedResponses, Messages, ScoredResponse, completion_text

Thinking = Literal["template", "prompt", "none"]
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class JudgePrompt:
    """A prompt with everything chosen, as ``grader.json`` keeps it.

    ``principles`` is the text that stands for them; where it is empty the prompt has no such part.
    """

    id: str
    method: str
    tag: str
    text: str
    principles: str
    output_format: str

    def render(self, record: ScoredResponse | ComparedResponses) -> str:
        values = {
            "principles": self.principles,
            "query": query_text(record.prompt),
            "output_format": self.output_format,
        }
        if isinstance(record, ScoredResponse):
            values["response"] = completion_text(record.response)
        else:
            values["response_a"] = completion_text(record.response_a)
            values["response_b"] = completion_text(record.response_b)
        return _PLACE.sub(lambda place: values[place.group(1)], self.text)

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


def judge_prompt(method: str, prompt_id: str, principles: str, thinking: Thinking) -> JudgePrompt:
    """The prompt of that id, asking for reasoning where ``thinking`` is ``prompt``.

    Args:
        principles: what a person wrote in place of the prompt's own principles; empty for these.

    Raises:
        StudioError: ``usage`` for an id that no prompt of the method has.
    """
    declared = [each for each in load_declared("methods/judges/prompts.json")["prompts"] if each["method"] == method]
    found = next((each for each in declared if each["id"] == prompt_id), None)
    if found is None:
        known = ", ".join(each["id"] for each in declared)
        raise StudioError("usage", f'There is no prompt "{prompt_id}" for {method}.', f"The prompts are: {known}.")
    listed = principles.strip() or _numbered(found["principles"])
    text = found["text"]
    if listed and "{principles}" not in text:
        text = "# Principles\n{principles}\n\n" + text
    form: Mapping[str, str] = found["output_format"]
    output_format = form["reasoned" if thinking == "prompt" else "direct"]
    return JudgePrompt(prompt_id, method, found["tag"], text, listed, output_format)


def query_text(prompt: Messages) -> str:
    """A single user turn as it is; several turns with the role of each in brackets above it."""
    if len(prompt) == 1 and prompt[0].role == "user":
        return prompt[0].content
    return "\n\n".join(f"[{message.role}]\n{message.content}" for message in prompt)


def _numbered(principles: Sequence[str]) -> str:
    return "\n".join(f"{number}. {principle}" for number, principle in enumerate(principles, start=1))
