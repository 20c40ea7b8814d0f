"""What a run trains on: device, precision and how its processes share the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reward_studio.errors import StudioError

Sharding = Literal["none", "ddp", "fsdp2"]


@dataclass(frozen=True)
class Hardware:
    device: Literal["cpu", "cuda"]
    bf16: bool
    processes: int
    sharding: Sharding


def choose_hardware(settings: Mapping[str, Any]) -> Hardware:
    """Resolves every ``auto``.

    Raises:
        StudioError: ``usage`` for what this machine cannot do.
    """
    import torch

    cuda = settings["device"] == "auto" and torch.cuda.is_available()
    processes = settings["processes"]
    if cuda and processes > torch.cuda.device_count():
        message = f"{processes} processes need as many GPUs, and there are {torch.cuda.device_count()}."
        raise StudioError("usage", message, "Lower processes.", {"field": "processes"})
    if settings.get("activation_offload") and not cuda:
        raise StudioError("usage", "activation_offload needs a GPU.", "Turn it off.", {"field": "activation_offload"})
    precision = settings["precision"]
    bf16 = precision == "bf16" or (precision == "auto" and cuda and torch.cuda.is_bf16_supported())
    return Hardware("cuda" if cuda else "cpu", bf16, processes, _sharding(settings, processes, cuda))


def _sharding(settings: Mapping[str, Any], processes: int, cuda: bool) -> Sharding:
    asked = settings["sharding"]
    if processes == 1:
        if asked in ("ddp", "fsdp2"):
            message = f"sharding {asked} is for several processes, and there is one."
            raise StudioError("usage", message, "Raise processes, or set sharding to auto.", {"field": "sharding"})
        return "none"
    if asked == "none":
        message = f"{processes} processes have to share the model."
        raise StudioError("usage", message, "Set sharding to auto, ddp or fsdp2.", {"field": "sharding"})
    if asked == "auto":
        return "fsdp2" if cuda and settings["lora_rank"] == 0 else "ddp"
    return "fsdp2" if asked == "fsdp2" else "ddp"
