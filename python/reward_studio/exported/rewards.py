"""The reward of a conversation: by the model in this process, or by a server that holds it."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import Any

from reward_studio.exported.grader_data import GRADER
from reward_studio.exported.http_requests import post

_LOADING = threading.Lock()


class Rewards:
    """The number of the reward head, before any activation: a logit.

    It compares responses to one prompt and says nothing across prompts.

    Args:
        model: folder of the model, loaded with transformers; with ``base_url`` the name that the server gives it.
        base_url: of a server with ``/classify``: ``python -m reward_studio serve``, or vLLM.
        api_key: of that server.
        timeout: of a request, in seconds.
    """

    def __init__(
        self,
        model: str | None = None,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float = 60.0,
    ) -> None:
        self.model = model if model is not None or base_url is not None else GRADER["model"]
        self.base_url = base_url
        self.api_key = api_key
        self.timeout = timeout

    def of(self, messages: list[dict[str, str]]) -> float:
        """The reward of a conversation that ends in the response."""
        if self.base_url is None:
            return _loaded(self.model).of(messages)
        body: dict[str, Any] = {"messages": messages, "use_activation": False}
        if self.model is not None:
            body["model"] = self.model
        return float(post(self.base_url, "/classify", body, self.api_key, self.timeout)["data"][0]["probs"][0])


def percentile_of(reward: float) -> float | None:
    """Percentile (0 to 100) among the rewards of the responses that it was trained on, where these are known."""
    quantiles = (GRADER.get("scores") or {}).get("quantiles")
    if quantiles is None:
        return None
    below, above = bisect_left(quantiles, reward), bisect_right(quantiles, reward)
    if below < above:
        return (below + above - 1) / 2
    if below == 0 or below == len(quantiles):
        return 0.0 if below == 0 else 100.0
    low, high = quantiles[below - 1], quantiles[below]
    return below - 1 + (reward - low) / (high - low)


class _Loaded:
    def __init__(self, model: str) -> None:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        cuda = torch.cuda.is_available()
        dtype = torch.bfloat16 if cuda and torch.cuda.is_bf16_supported() else torch.float32
        self._tokenizer = AutoTokenizer.from_pretrained(model)
        self._model = AutoModelForSequenceClassification.from_pretrained(model, num_labels=1, dtype=dtype).eval()
        self._model.config.get_text_config().pad_token_id = self._tokenizer.pad_token_id
        self._model.to("cuda" if cuda else "cpu")
        self._turn = threading.Lock()

    def of(self, messages: list[dict[str, str]]) -> float:
        import torch

        encoded = self._tokenizer.apply_chat_template(messages, tokenize=True, return_dict=True, return_tensors="pt")
        ids = encoded["input_ids"].to(self._model.device)
        longest = getattr(self._model.config.get_text_config(), "max_position_embeddings", None)
        if longest is not None and ids.shape[1] > longest:
            raise ValueError(f"The text has {ids.shape[1]} tokens, and the model takes {longest}.")
        with self._turn, torch.no_grad():
            return float(self._model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits.float()[0, 0])


@lru_cache(maxsize=1)
def _load(model: str) -> _Loaded:
    return _Loaded(model)


def _loaded(model: str) -> _Loaded:
    # Once, whoever asks first; graders are copied, the model is not.
    with _LOADING:
        return _load(model)
