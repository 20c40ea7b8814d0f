"""What the trainers of TRL do differently in a run: where checkpoints go, how validation is done, what resumes."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transformers import Trainer

from reward_studio.training.checkpoints import Notes
from reward_studio.training.evaluation import Measured, Measurer
from reward_studio.training.known_texts import KnownText, known_values
from reward_studio.training.session import Session, as_values, wait_for_all
from reward_studio.training.sharding import set_up_sharding


class RunTrainer(Trainer):
    """To be mixed in before a trainer of TRL, which keeps its loop, loss and logging."""

    model: Any
    session: Session
    measurer: Measurer | None = None
    known_texts: Sequence[KnownText] = ()
    _saving_to: Path | None = None
    # Set by transformers, without a type.
    control: Any

    def attach(self, session: Session, measurer: Measurer | None, known_texts: Sequence[KnownText]) -> None:
        self.session = session
        self.measurer = measurer
        self.known_texts = known_texts

    @property
    def num_tokens(self) -> int:
        """Tokens trained on: counted by TRL, by GRPO in the state that transformers keeps."""
        counted = getattr(self, "_total_train_tokens", None)
        return int(self.state.num_input_tokens_seen if counted is None else counted)

    def restore(self, notes: Notes) -> None:
        """What transformers does not restore from a checkpoint."""
        self.session.evaluations = dict(notes.evaluations)
        if hasattr(self, "_total_train_tokens"):
            self._total_train_tokens = notes.num_tokens

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Measures every validation row, in place of the means over batches that transformers takes."""
        metrics: dict[str, float] = {}
        if self.measurer is not None:
            was_training = self.model.training
            self.model.eval()
            measured = self.measurer(self)
            self.model.train(was_training)
            if measured is None:
                self.control.should_training_stop = self.control.should_save = True
            else:
                metrics = measured.metrics
                self._record(measured)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return {f"eval_{name}": value for name, value in metrics.items()}

    def _build_accelerator_args(self, **options: Any) -> dict[str, Any]:
        built: dict[str, Any] = super()._build_accelerator_args(**options)
        if built.get("fsdp_plugin") is not None:
            set_up_sharding(built["fsdp_plugin"], self.args)
        return built

    def save_model(self, output_dir: str | None = None, _internal_call: bool = False) -> None:
        """Whole weights beside the shards that resume, which transformers leaves out."""
        if not self.is_fsdp_enabled:
            super().save_model(output_dir, _internal_call)
            return
        weights = self.accelerator.get_state_dict(self.model)
        if self.args.should_save:
            self._save(output_dir or self.args.output_dir, state_dict=weights)

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """The run itself says how a checkpoint came about."""

    def _record(self, measured: Measured) -> None:
        session, step = self.session, self.state.global_step
        session.evaluations[step] = {"metrics": measured.metrics, "evaluation": measured.evaluation}
        values = as_values(measured.metrics, "validation")
        session.tell(lambda log: log.metrics(step, values, total_steps=self.state.max_steps, epoch=self.state.epoch))
        if all(math.isfinite(measure["value"]) for measure in measured.evaluation["measures"]):
            session.tell(lambda log: log.evaluation(step, measured.evaluation, []))
        if measured.samples:
            session.tell(lambda log: log.samples(step, measured.samples))
        if session.checkpoints.improves(step, session.evaluations):
            self.control.should_save = True

    def _get_output_dir(self, trial: Any) -> str:
        return str(self._saving_to or self.args.output_dir)

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """Written whole under another name, renamed, then announced."""
        session, step = self.session, self.state.global_step
        checkpoints = session.checkpoints
        partial = checkpoints.partial(step)
        self._saving_to = partial
        try:
            super()._save_checkpoint(model, trial)
            known = known_values(self, self.known_texts)
            if session.main:
                notes = Notes(step, self.num_tokens, session.evaluations, known)
                notes.write(partial / f"checkpoint-{step}")
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        finally:
            self._saving_to = None
        wait_for_all()
        if session.main:
            path = checkpoints.publish(step)
            session.tell(lambda log: log.checkpoint(step, path))
            checkpoints.rotate(session.evaluations)
        wait_for_all()
