"""Turns what a trainer of transformers does into the events of a run, and says when it evaluates, saves and stops."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

from transformers import TrainerCallback

from reward_studio.training.gpu_statistics import GpuStatistics
from reward_studio.training.session import Session, as_values

# What TRL logs -> the name in the events. What is not here repeats another number or is of no use in a chart.
NAMES: Mapping[str, str] = {
    "loss": "loss",
    "grad_norm": "grad_norm",
    "learning_rate": "learning_rate",
    "accuracy": "accuracy",
    "mean_token_accuracy": "accuracy",
    "margin": "margin",
    "min_reward": "min_reward",
    "mean_reward": "mean_reward",
    "max_reward": "max_reward",
    "reward": "reward",
    "reward_std": "reward_std",
    "frac_reward_zero_std": "dead_groups",
    "parse_failures": "parse_failures",
    "kl": "kl",
    "entropy": "entropy",
    "clip_ratio/region_mean": "clip_ratio/region_mean",
    "completions/mean_length": "completions/mean_length",
    "completions/max_length": "completions/max_length",
    "completions/clipped_ratio": "completions/clipped_ratio",
    "num_tokens": "num_tokens",
}


class RunCallback(TrainerCallback):
    """The session's part in the training loop."""

    def __init__(self, session: Session, evaluates: bool) -> None:
        self._session = session
        self._evaluates = evaluates
        self._evaluated_at = -1
        self._saved_at = -1
        self._warned = False
        self._logged: tuple[float, int, float] | None = None
        self._gpus = GpuStatistics() if session.main and session.hardware.device == "cuda" else None

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._saved_at = state.global_step
        self._evaluated_at = state.global_step if state.global_step in self._session.evaluations else -1
        self._logged = (time.monotonic(), state.global_step, 0.0)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        settings = self._session.spec.settings
        last = state.global_step >= state.max_steps
        if self._session.stop_asked():
            control.should_training_stop = control.should_save = control.should_log = True
            return
        if last or _due(settings["eval_steps"], state.global_step):
            self._ask_evaluation(state, control)
        if last or _due(settings["save_steps"], state.global_step):
            self._ask_save(state, control)

    def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        settings = self._session.spec.settings
        if self._session.stopping or control.should_training_stop:
            return
        if settings["eval_steps"] == 0:
            self._ask_evaluation(state, control)
        if settings["save_steps"] == 0:
            self._ask_save(state, control)

    def on_evaluate(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._evaluated_at = state.global_step

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._saved_at = state.global_step

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        if not self._session.main or not logs or "loss" not in logs:
            return
        found = {NAMES[name]: value for name, value in logs.items() if name in NAMES and value is not None}
        values = as_values({**found, **self._speed(state.global_step, found.get("num_tokens"))}, "train")
        if self._gpus is not None:
            values.update(self._gpus.values())
        self._session.tell(
            lambda log: log.metrics(state.global_step, values, total_steps=state.max_steps, epoch=state.epoch)
        )
        broken = [name for name, value in values.items() if not math.isfinite(value)]
        if broken and not self._warned:
            self._warned = True
            self._session.warn(
                f"{', '.join(broken)} is no finite number from step {state.global_step} on: "
                "lower learning_rate, or look for damaged rows."
            )

    def _ask_evaluation(self, state: Any, control: Any) -> None:
        if self._evaluates and self._evaluated_at != state.global_step:
            control.should_evaluate = True

    def _ask_save(self, state: Any, control: Any) -> None:
        """Logs too, so that no mean over several steps spans a checkpoint."""
        if self._saved_at != state.global_step:
            control.should_save = control.should_log = True

    def _speed(self, step: int, tokens: float | None) -> dict[str, float]:
        now = time.monotonic()
        before, self._logged = self._logged, (now, step, tokens or 0.0)
        if before is None or step <= before[1] or now <= before[0]:
            return {}
        speed = {"step_time": (now - before[0]) / (step - before[1])}
        if tokens is not None and before[2] > 0:
            speed["tokens_per_second"] = (tokens - before[2]) / (now - before[0])
        return speed


def _due(every: int, step: int) -> bool:
    return every > 0 and step % every == 0
