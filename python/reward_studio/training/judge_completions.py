"""The likeliest completions of a judge in training, and the tokens that end one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from trl.models import unwrap_model_for_generation


def complete(
    trainer: Any, tokenizer: Any, prompts: Sequence[Sequence[int]], longest: int
) -> list[tuple[str, int, bool]]:
    """(text, tokens, whether it was cut) of the likeliest completion of each prompt."""
    width = max(len(ids) for ids in prompts)
    padding = tokenizer.pad_token_id
    ids = torch.tensor([[padding] * (width - len(each)) + list(each) for each in prompts], device=trainer.args.device)
    mask = torch.tensor([[0] * (width - len(each)) + [1] * len(each) for each in prompts], device=trainer.args.device)
    ends = end_tokens(trainer.model, tokenizer)
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


def end_tokens(model: Any, tokenizer: Any) -> list[int]:
    """The tokens that end a completion: of the model's generation settings, and the tokenizer's own."""
    configured = getattr(model, "generation_config", None)
    known = getattr(configured, "eos_token_id", None)
    ends = [known] if isinstance(known, int) else list(known or [])
    if tokenizer.eos_token_id is not None and tokenizer.eos_token_id not in ends:
        ends.append(tokenizer.eos_token_id)
    return ends
