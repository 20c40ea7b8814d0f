"""A model that is loaded to answer: rewards of texts, or completions of chats."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError

_BATCH = 8


@dataclass(frozen=True)
class Generation:
    """How a completion is sampled; ``temperature`` 0 takes the likeliest token."""

    max_tokens: int
    temperature: float
    top_p: float
    stop: Sequence[str]
    seed: int | None
    template: Mapping[str, Any]


@dataclass(frozen=True)
class Completion:
    text: str
    tokens: int
    finish_reason: str


@dataclass
class Loaded:
    """``longest`` is the most tokens that the model takes. One request computes at a time."""

    name: str
    kind: str
    model: Any
    tokenizer: Any
    longest: int
    settings: Mapping[str, Any]

    def __post_init__(self) -> None:
        self._turn = threading.Lock()

    def chat_ids(self, messages: Sequence[Mapping[str, Any]], generation_prompt: bool, **options: Any) -> list[int]:
        from jinja2 import TemplateError

        try:
            encoded = self.tokenizer.apply_chat_template(
                list(messages), tokenize=True, return_dict=True, add_generation_prompt=generation_prompt, **options
            )
        except TemplateError as error:
            raise StudioError("usage", f"The chat template refuses these messages: {error}.") from error
        return self._fitting(list(encoded["input_ids"]))

    def text_ids(self, text: str) -> list[int]:
        return self._fitting(list(self.tokenizer(text)["input_ids"]))

    def rewards(self, texts: Sequence[Sequence[int]]) -> list[float]:
        """The head's own number for each text, without any activation."""
        import torch

        found: list[float] = []
        with self._turn:
            for start in range(0, len(texts), _BATCH):
                part = [list(ids) for ids in texts[start : start + _BATCH]]
                width = max(len(ids) for ids in part)
                padding = self.tokenizer.pad_token_id
                ids = torch.tensor([each + [padding] * (width - len(each)) for each in part], device=self.model.device)
                mask = torch.tensor(
                    [[1] * len(each) + [0] * (width - len(each)) for each in part], device=self.model.device
                )
                with torch.no_grad():
                    logits = self.model(input_ids=ids, attention_mask=mask, use_cache=False).logits
                found.extend(float(value) for value in logits.float().reshape(len(part), -1)[:, 0])
        return found

    def complete(self, ids: Sequence[int], generation: Generation) -> Completion:
        import torch

        room = self.longest - len(ids)
        if room < 1:
            raise StudioError("usage", f"The prompt has {len(ids)} tokens, and the model takes {self.longest}.")
        sampling: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        if generation.temperature > 0:
            sampling = {"do_sample": True, "temperature": generation.temperature, "top_p": generation.top_p, "top_k": 0}
        prompt = torch.tensor([list(ids)], device=self.model.device)
        with self._turn:
            if generation.seed is not None:
                torch.manual_seed(generation.seed)
            with torch.no_grad():
                found = self.model.generate(
                    input_ids=prompt,
                    attention_mask=torch.ones_like(prompt),
                    max_new_tokens=min(generation.max_tokens, room),
                    pad_token_id=self.tokenizer.pad_token_id,
                    stop_strings=list(generation.stop) or None,
                    tokenizer=self.tokenizer,
                    **sampling,
                )
        new = found[0, len(ids) :].tolist()
        ended = bool(new) and new[-1] in self._ends()
        text = self.tokenizer.decode(new, skip_special_tokens=True)
        stop = next((word for word in generation.stop if word in text), None)
        if stop is not None:
            text = text[: text.index(stop)]
        return Completion(text, len(new), "stop" if ended or stop is not None else "length")

    def pieces(self, completion: Completion) -> Iterator[str]:
        """A completion in parts, for those who ask for a stream."""
        for start in range(0, len(completion.text), 64):
            yield completion.text[start : start + 64]

    def _ends(self) -> set[int]:
        known = self.model.generation_config.eos_token_id
        ends = {known} if isinstance(known, int) else set(known or [])
        return ends | {self.tokenizer.eos_token_id}

    def _fitting(self, ids: list[int]) -> list[int]:
        if len(ids) > self.longest:
            raise StudioError("usage", f"The text has {len(ids)} tokens, and the model takes {self.longest}.")
        if not ids:
            raise StudioError("usage", "The text is empty.")
        return ids


def load(folder: Path, kind: str, device: str) -> Loaded:
    """Raises StudioError ``file-not-found`` or ``invalid-model``."""
    import torch

    from reward_studio.training.base_model import load_tokenizer, load_weights, longest_text

    tokenizer = load_tokenizer(str(folder))
    cuda = device == "auto" and torch.cuda.is_available()
    dtype = torch.bfloat16 if cuda and torch.cuda.is_bf16_supported() else torch.float32
    model = load_weights(str(folder), kind == "reward", {"dtype": dtype}, new_head=False).eval()
    model.config.get_text_config().pad_token_id = tokenizer.pad_token_id
    model = model.to("cuda" if cuda else "cpu")
    grader = folder / "grader.json"
    settings = json.loads(grader.read_text("utf-8")) if grader.is_file() else {}
    name = folder.parent.name if folder.name == "model" and grader.is_file() else folder.name
    return Loaded(name, kind, model, tokenizer, longest_text(model, 1 << 20), settings)
