"""A model that is loaded to answer: rewards of texts, or completions of chats."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.serving.batches import Batches
from reward_studio.serving.model_folder import served_name

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


@dataclass(frozen=True)
class _Chat:
    ids: Sequence[int]
    generation: Generation


@dataclass
class Loaded:
    """``longest`` is the most tokens that the model takes. Requests that wait at the same time compute together."""

    name: str
    kind: str
    model: Any
    tokenizer: Any
    longest: int

    def __post_init__(self) -> None:
        self._rewards = Batches(self._compute_rewards, _BATCH)
        self._completions = Batches(self._compute_completions, _BATCH)

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
        return self._rewards.ask(texts, lambda _: None)

    def complete(self, ids: Sequence[int], generation: Generation) -> Completion:
        room = self.longest - len(ids)
        if room < 1:
            raise StudioError("usage", f"The prompt has {len(ids)} tokens, and the model takes {self.longest}.")
        chat = _Chat(ids, replace(generation, max_tokens=min(generation.max_tokens, room)))
        return self._completions.ask([chat], self._alike)[0]

    def _alike(self, chat: _Chat) -> Hashable:
        """Sampled ones go alone, so that a seed decides; so do those that end where the model does."""
        generation = chat.generation
        if generation.temperature > 0 or len(chat.ids) + generation.max_tokens >= self.longest:
            return id(chat)
        return (generation.max_tokens, tuple(generation.stop))

    def _compute_rewards(self, texts: Sequence[Sequence[int]]) -> list[float]:
        import torch

        width = max(len(ids) for ids in texts)
        padding = self.tokenizer.pad_token_id
        ids = torch.tensor([[*each, *[padding] * (width - len(each))] for each in texts], device=self.model.device)
        mask = torch.tensor([[1] * len(each) + [0] * (width - len(each)) for each in texts], device=self.model.device)
        with torch.no_grad():
            logits = self.model(input_ids=ids, attention_mask=mask, use_cache=False).logits
        return [float(value) for value in logits.float().reshape(len(texts), -1)[:, 0]]

    def _compute_completions(self, chats: Sequence[_Chat]) -> list[Completion]:
        import torch

        generation = chats[0].generation
        sampling: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        if generation.temperature > 0:
            sampling = {"do_sample": True, "temperature": generation.temperature, "top_p": generation.top_p, "top_k": 0}
        width = max(len(chat.ids) for chat in chats)
        padding = self.tokenizer.pad_token_id
        # On the left: what is written follows the prompt.
        prompts = [[padding] * (width - len(chat.ids)) + list(chat.ids) for chat in chats]
        masks = [[0] * (width - len(chat.ids)) + [1] * len(chat.ids) for chat in chats]
        if generation.seed is not None:
            torch.manual_seed(generation.seed)
        with torch.no_grad():
            found = self.model.generate(
                input_ids=torch.tensor(prompts, device=self.model.device),
                attention_mask=torch.tensor(masks, device=self.model.device),
                max_new_tokens=generation.max_tokens,
                pad_token_id=padding,
                stop_strings=list(generation.stop) or None,
                tokenizer=self.tokenizer,
                **sampling,
            )
        return [self._completion(written, generation) for written in found[:, width:].tolist()]

    def _completion(self, written: Sequence[int], generation: Generation) -> Completion:
        ends = self._ends()
        # What follows the end is padding, of a batch whose other texts went on.
        length = next((index + 1 for index, token in enumerate(written) if token in ends), len(written))
        new = list(written[:length])
        ended = bool(new) and new[-1] in ends
        text = self.tokenizer.decode(new, skip_special_tokens=True)
        stopped = before_stop(text, generation.stop)
        finish = "stop" if ended or stopped is not None else "length"
        return Completion(text if stopped is None else stopped, len(new), finish)

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


def before_stop(text: str, stops: Sequence[str]) -> str | None:
    """What stands before the stop string that comes first in ``text``; None where there is none."""
    found = [text.index(stop) for stop in stops if stop in text]
    return text[: min(found)] if found else None


def served_dtype(device: str) -> str:
    """The precision that a model computes in: ``bfloat16`` on a GPU that has it, else ``float32``."""
    import torch

    cuda = device == "auto" and torch.cuda.is_available()
    return "bfloat16" if cuda and torch.cuda.is_bf16_supported() else "float32"


def load(folder: Path, kind: str, device: str, max_length: int | None = None) -> Loaded:
    """Raises StudioError ``file-not-found`` or ``invalid-model``."""
    import torch

    from reward_studio.training.base_model import load_tokenizer, load_weights, longest_text

    tokenizer = load_tokenizer(str(folder))
    cuda = device == "auto" and torch.cuda.is_available()
    dtype = getattr(torch, served_dtype(device))
    model = load_weights(str(folder), kind == "reward", {"dtype": dtype}, new_head=False).eval()
    model.config.get_text_config().pad_token_id = tokenizer.pad_token_id
    model = model.to("cuda" if cuda else "cpu")
    return Loaded(served_name(folder), kind, model, tokenizer, longest_text(model, max_length or 1 << 20))
