"""The base model and its tokenizer, or why they cannot be used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.training.hardware import Hardware

# What the models of transformers call the layer that turns the last hidden state into a number.
HEADS = ("score", "classifier", "classification_head")


def load_tokenizer(name: str) -> Any:
    """Raises StudioError ``file-not-found`` or ``invalid-model``."""
    from transformers import AutoTokenizer

    _check_folder(name)
    try:
        tokenizer = AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(name, "tokenizer", error) from error
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    if tokenizer.pad_token is None:
        message = "The tokenizer of the base model has neither a padding token nor an end token."
        raise StudioError("invalid-model", message, "Choose another model.", {"file": name})
    return tokenizer


def load_config(name: str) -> Any:
    """The configuration alone. Raises StudioError ``file-not-found`` or ``invalid-model``."""
    from transformers import AutoConfig

    _check_folder(name)
    try:
        return AutoConfig.from_pretrained(name)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(name, "model", error) from error


def load_model(name: str, method: str, settings: Mapping[str, Any], hardware: Hardware, tokenizer: Any) -> Any:
    """The model to train, with a fresh head for Bradley-Terry where it has none.

    Raises:
        StudioError: ``file-not-found`` or ``invalid-model``.
    """
    import torch

    # The frozen weights under an adapter need no more than the precision they are used in; what is trained is fp32.
    frozen = settings["lora_rank"] > 0 and hardware.bf16
    options: dict[str, Any] = {"dtype": torch.bfloat16 if frozen else torch.float32}
    if settings["attn_implementation"] != "auto":
        options["attn_implementation"] = settings["attn_implementation"]
    model = load_weights(name, method == "bradley-terry", options)
    _check_vocabulary(model, tokenizer, name)
    model.config.get_text_config().pad_token_id = tokenizer.pad_token_id
    return model


def load_weights(name: str, reward: bool, options: Mapping[str, Any], new_head: bool = True) -> Any:
    """A language model, or with ``reward`` one with a head that gives a number.

    Args:
        new_head: whether a head may be made where there is none.

    Raises:
        StudioError: ``file-not-found`` or ``invalid-model``.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification
    from trl.trainer.reward_trainer import suppress_seqcls_warning

    _check_folder(name)
    given: dict[str, Any] = {"dtype": torch.float32, **options, "output_loading_info": True}
    model: Any
    loaded: Mapping[str, Any]
    try:
        if reward:
            with suppress_seqcls_warning():
                model, loaded = AutoModelForSequenceClassification.from_pretrained(name, num_labels=1, **given)
        else:
            causal: Any = AutoModelForCausalLM
            model, loaded = causal.from_pretrained(name, **given)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError) as error:
        raise _unusable(name, "reward model" if reward else "language model", error) from error
    _check_complete(loaded, name, reward, new_head)
    if reward:
        model.config.problem_type = "regression"
    return model


def adapter_config(method: str, settings: Mapping[str, Any], model: Any) -> Any:
    """The configuration of the LoRA adapter; None where all weights are trained."""
    if settings["lora_rank"] == 0:
        return None
    from peft import LoraConfig

    asked = settings["lora_target_modules"].strip()
    targets = asked if asked == "all-linear" else [part.strip() for part in asked.split(",") if part.strip()]
    reward = method == "bradley-terry"
    return LoraConfig(
        task_type="SEQ_CLS" if reward else "CAUSAL_LM",
        r=settings["lora_rank"],
        lora_alpha=settings["lora_alpha"],
        lora_dropout=settings["lora_dropout"],
        target_modules=targets,
        modules_to_save=[head_name(model)] if reward else None,
    )


def head_name(model: Any) -> str:
    """The name of the layer that gives the reward."""
    for name in HEADS:
        if hasattr(model, name):
            return name
    message = f"Where {type(model).__name__} has its head is not known."
    raise StudioError("invalid-model", message, "Choose a base model of another kind.")


def longest_text(model: Any, asked: int) -> int:
    """``max_length``, or what the model can place where that is less."""
    known = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return min(asked, known) if isinstance(known, int) and known > 0 else asked


def _check_folder(name: str) -> None:
    folder = Path(name).expanduser()
    if not (folder.is_absolute() or name.startswith((".", "~")) or folder.exists()):
        return
    where = {"file": name}
    if not folder.is_dir():
        hint = "Name the folder of a Hugging Face model, or a model of the hub."
        raise StudioError("file-not-found", "The base model is not there.", hint, where)
    config = folder / "config.json"
    if not config.is_file():
        message = "This folder holds no model of transformers: it has no config.json."
        if (folder / "adapter_config.json").is_file():
            hint = "It holds an adapter: make a model of it with python -m reward_studio merge, and train that."
        else:
            hint = "Name the folder that holds config.json and the weights."
        raise StudioError("invalid-model", message, hint, where)
    try:
        json.loads(config.read_text("utf-8"))
    except ValueError as error:
        raise StudioError("invalid-model", f"Its config.json is damaged: {error}.", None, where) from error


def _check_complete(loaded: Mapping[str, Any], name: str, reward: bool, new_head: bool) -> None:
    """Weights that the folder lacks would be drawn at random: right for a new head, and for nothing else."""
    missing = sorted(
        key
        for key in loaded["missing_keys"]
        if not (reward and new_head and any(head in key.split(".") for head in HEADS))
    )
    if not missing:
        return
    kind = "reward model" if reward else "language model"
    message = f"It lacks {len(missing)} weights of a {kind}: {', '.join(missing[:3])}."
    hint = "A reward model has no head for words, and an encoder none at all: choose a causal language model."
    raise StudioError("invalid-model", message, hint, {"file": name})


def _check_vocabulary(model: Any, tokenizer: Any, name: str) -> None:
    rows = model.get_input_embeddings().weight.shape[0]
    if len(tokenizer) > rows:
        message = f"The tokenizer knows {len(tokenizer)} tokens, and the model {rows}: they do not belong together."
        raise StudioError("invalid-model", message, "Choose another model.", {"file": name})


def _unusable(name: str, what: str, error: BaseException) -> StudioError:
    first = str(error).strip().split("\n")[0]
    if "not a local folder and is not a valid model identifier" in str(error):
        hint = "Check its name; a private or gated model needs HF_TOKEN."
        return StudioError("file-not-found", f'The hub has no model "{name}".', hint, {"file": name})
    if "offline mode" in str(error) or "couldn't connect" in str(error) or "LocalEntryNotFound" in type(error).__name__:
        hint = "Connect to the hub, or name the folder of a local copy."
        return StudioError("not-available", f'"{name}" is not on this machine, and the hub cannot be reached.', hint)
    message = f"It cannot be loaded as a {what}: {first}"
    hint = "Choose a causal language model of transformers, with its weights and tokenizer."
    return StudioError("invalid-model", message, hint, {"file": name})
