"""A few texts whose values are kept with every checkpoint: a model that is loaded again has to give the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reward_studio.errors import StudioError


@dataclass(frozen=True)
class KnownText:
    """``text`` is for people; ``ids`` are its tokens."""

    ids: Sequence[int]
    text: str


def known_values(trainer: Any, texts: Sequence[KnownText]) -> list[dict[str, Any]]:
    """The values of the trainer's model for the texts. All processes take part."""
    model = trainer.model
    was_training = model.training
    model.eval()
    values = values_of(trainer.model_wrapped, texts, trainer.args.device)
    model.train(was_training)
    return [{"ids": list(each.ids), "text": each.text, "value": value} for each, value in zip(texts, values)]


def values_of(model: Any, texts: Sequence[KnownText], device: Any) -> list[float]:
    """Of a reward head its reward; of a language model the mean log-likelihood of the tokens, in nats."""
    import torch

    found: list[float] = []
    for each in texts:
        ids = torch.tensor([list(each.ids)], device=device)
        with torch.no_grad():
            logits = model(input_ids=ids, attention_mask=torch.ones_like(ids), use_cache=False).logits.float()
        if logits.dim() == 2:
            found.append(float(logits[0, 0]))
        else:
            likelihood = torch.log_softmax(logits[0, :-1], dim=-1).gather(1, ids[0, 1:, None])
            found.append(float(likelihood.mean()))
    return found


def smoke_test(model: Any, known: Sequence[Mapping[str, Any]], bf16: bool, folder: str) -> dict[str, Any]:
    """Compares a model that was loaded again with what it gave in training.

    Raises:
        StudioError: ``invalid-model`` where it gives other values: its head or adapter was not restored.
    """
    texts = [KnownText(each["ids"], each["text"]) for each in known]
    again = values_of(model, texts, next(model.parameters()).device)
    # Rounding: of bf16 weights after merging, and of fp32 sums in another order.
    tolerance = 0.1 if bf16 else 1e-3
    rows = [{"text": each["text"], "before": each["value"], "after": value} for each, value in zip(known, again)]
    differences = [abs(row["before"] - row["after"]) for row in rows]
    worst = max(differences, default=0.0)
    if any(not difference <= tolerance * (1 + abs(row["before"])) for difference, row in zip(differences, rows)):
        message = f"The model that was saved differs from the one that was trained: by {worst:.3g} on known texts."
        hint = "Its weights were not restored as they were. The checkpoints are untouched: resume, or report this."
        raise StudioError("invalid-model", message, hint, {"file": folder})
    return {"texts": rows, "largest_difference": worst}
