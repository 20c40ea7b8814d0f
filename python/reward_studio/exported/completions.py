"""What a judge writes: by the model in this process, or by a server that holds it."""

from __future__ import annotations

from typing import Any

from reward_studio.exported.grader_data import GRADER
from reward_studio.exported.http_requests import post


class Completions:
    """
    Args:
        model: folder of the model, loaded with transformers; with ``base_url`` the name that the server gives it.
        base_url: of a server with ``/v1/chat/completions``.
        api_key: of that server.
        timeout: of a request, in seconds.
    """

    def __init__(
        self,
        model: str | None = None,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float = 600.0,
    ) -> None:
        self.model = model if model is not None or base_url is not None else GRADER["model"]
        self.base_url = base_url
        self.api_key = api_key
        self.timeout = timeout
        self._loaded: Any = None

    def of(self, text: str) -> str:
        """The likeliest completion, as in the validation of its training."""
        options = {"enable_thinking": GRADER["judge"]["thinking"] == "template"}
        messages = [{"role": "user", "content": text}]
        longest = GRADER["judge"]["max_completion_length"]
        if self.base_url is None:
            return self._complete(messages, longest, options)
        body: dict[str, Any] = {"messages": messages, "temperature": 0, "max_tokens": longest}
        body["chat_template_kwargs"] = options
        if self.model is not None:
            body["model"] = self.model
        answer = post(self.base_url, "/v1/chat/completions", body, self.api_key, self.timeout)
        return answer["choices"][0]["message"]["content"] or ""

    def _complete(self, messages: list[dict[str, str]], longest: int, options: dict[str, Any]) -> str:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        if self._loaded is None:
            cuda = torch.cuda.is_available()
            dtype = torch.bfloat16 if cuda and torch.cuda.is_bf16_supported() else torch.float32
            model = AutoModelForCausalLM.from_pretrained(self.model, dtype=dtype).eval()
            self._loaded = (AutoTokenizer.from_pretrained(self.model), model.to("cuda" if cuda else "cpu"))
        tokenizer, model = self._loaded
        encoded = tokenizer.apply_chat_template(
            messages, tokenize=True, return_dict=True, return_tensors="pt", add_generation_prompt=True, **options
        )
        ids = encoded["input_ids"].to(model.device)
        with torch.no_grad():
            found = model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=longest,
                do_sample=False,
                temperature=None,
                top_p=None,
                top_k=None,
                pad_token_id=tokenizer.pad_token_id,
            )
        return tokenizer.decode(found[0, ids.shape[1] :], skip_special_tokens=True)
