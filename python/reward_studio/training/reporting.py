"""Metrics that also go to Weights & Biases, where the run asks for it."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from reward_studio.errors import StudioError
from reward_studio.training.spec import RunSpec


def prepare_reporting(spec: RunSpec, folder: Path) -> None:
    """Says what is sent, unless the person's environment says otherwise: metrics and settings, no code and no texts.

    Raises:
        StudioError: ``not-available`` without the package.
    """
    if spec.settings["report_to"] != "wandb":
        return
    if find_spec("wandb") is None:
        raise StudioError(
            "not-available",
            'report_to is wandb, and the package "wandb" is not installed.',
            "Install it into this environment (python -m pip install wandb), or set report_to to none.",
            {"field": "report_to"},
        )
    defaults = {
        "WANDB_PROJECT": "reward-studio",
        "WANDB_DIR": str(folder),
        # A run that is resumed goes on in the same one.
        "WANDB_RUN_ID": spec.id,
        "WANDB_RESUME": "allow",
        "WANDB_LOG_MODEL": "false",
        "WANDB_DISABLE_CODE": "true",
        "WANDB_DISABLE_GIT": "true",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def reporting_failure(error: BaseException) -> StudioError | None:
    """None where the error is not of Weights & Biases."""
    if not type(error).__module__.startswith("wandb"):
        return None
    reason = (str(error).strip() or type(error).__name__).split("\n")[0]
    return StudioError(
        "not-available",
        f"Weights & Biases took no metrics: {reason}",
        'Set its token with "Set Weights & Biases Token" (in a terminal: WANDB_API_KEY), or set report_to to none.',
        {"field": "report_to"},
    )
