"""One process of a training: ``python -m reward_studio.training.worker RUN_DIR ATTEMPT [CHECKPOINT]``.

The first of them writes the events. Several find each other through a file, so that nothing listens on a port.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reward_studio.events import EventLog
from reward_studio.training.checkpoints import Checkpoints, Notes
from reward_studio.training.failures import report
from reward_studio.training.reporting import prepare_reporting
from reward_studio.training.rows import Rows, describe_dropped, load_rows
from reward_studio.training.session import Session, Stopped, wait_for_all
from reward_studio.training.spec import RunSpec, read_spec

FINISHED, FAILED, STOPPED = 0, 1, 3
RENDEZVOUS = "REWARD_STUDIO_RENDEZVOUS"


def run_worker(folder: Path, attempt: int, checkpoint: Path | None) -> int:
    """Trains; the exit code. Whatever goes wrong is one event with a code, and its traceback goes to the log."""
    rank = int(os.environ.get("RANK", "0"))
    log = EventLog(folder, attempt) if rank == 0 else None
    try:
        if log is not None:
            log.status("preparing", "loading packages")
        return _train(folder, attempt, checkpoint, log)
    except Stopped:
        _last_word(log, lambda events: events.status("stopped"))
        return STOPPED
    except BaseException as error:  # the last word of a run is never a traceback
        traceback.print_exc()
        told = report(error)
        _last_word(log, lambda events: events.status("failed", error=told))
        return FAILED
    finally:
        if log is not None:
            log.close()
        _leave_group()


def _train(folder: Path, attempt: int, checkpoint: Path | None, log: EventLog | None) -> int:
    spec = read_spec(folder)
    prepare_reporting(spec, folder)
    _join_group(spec)
    session = _session(folder, attempt, spec, log)
    from reward_studio.training.methods import prepare

    session.tell(lambda events: events.status("preparing", "reading rows"))
    train_rows, validation_rows = load_rows(spec)
    session.leave_if_asked()
    session.tell(lambda events: events.status("preparing", "loading the base model"))
    ready = prepare(session, train_rows, validation_rows)
    _tell_counts(session, ready.prepared.train_rows, "training")
    if ready.prepared.validation_rows is not None:
        _tell_counts(session, ready.prepared.validation_rows, "validation")
    else:
        session.warn("There are no validation rows: nothing is measured, and the newest checkpoint becomes the model.")
    session.leave_if_asked()
    if session.main:
        session.checkpoints.clear_partial()
    if checkpoint is not None:
        ready.trainer.restore(Notes.read(checkpoint))
    session.tell(lambda events: events.status("running"))
    ready.trainer.train(resume_from_checkpoint=None if checkpoint is None else str(checkpoint))
    if session.stopping:
        session.tell(lambda events: events.status("stopped"))
        return STOPPED
    return _finish(session, ready)


def _finish(session: Session, ready: Any) -> int:
    wait_for_all()
    if not session.main:
        return FINISHED
    from reward_studio.training.saved_model import save_model

    session.tell(lambda events: events.status("running", "saving the model and loading it again"))
    # The model of the trainer would lie in memory beside the one that is loaded again.
    ready.trainer.model = ready.trainer.model_wrapped = ready.trainer.optimizer = None
    ready.trainer = None
    gc.collect()
    best = session.checkpoints.best(session.evaluations)
    assert best is not None
    prepared = ready.prepared
    notes = save_model(session, prepared, ready.tokenizer, ready.judge, best)
    evaluation = notes.evaluations.get(best)
    validation = 0 if prepared.validation is None else len(prepared.validation)
    session.tell(
        lambda events: events.result(
            "model", len(prepared.train), validation, None if evaluation is None else evaluation["evaluation"]
        )
    )
    session.tell(lambda events: events.status("finished"))
    return FINISHED


def _session(folder: Path, attempt: int, spec: RunSpec, log: EventLog | None) -> Session:
    from transformers.utils import logging

    from reward_studio.training.hardware import choose_hardware

    logging.disable_progress_bar()
    metric = spec.settings["best_metric"]
    lower = metric in ("loss", "mean_absolute_error")
    named = None if metric == "last" else metric
    checkpoints = Checkpoints(folder, spec.settings["keep_checkpoints"], named, higher_is_better=not lower)
    return Session(folder, attempt, spec, choose_hardware(spec.settings), log, checkpoints)


def _tell_counts(session: Session, rows: Rows, what: str) -> None:
    if rows.dropped:
        total = sum(rows.dropped.values())
        session.warn(f"Of the {what} rows {total} are not used{describe_dropped(rows.dropped)}.")
    if rows.truncated:
        session.warn(f"Of the {what} rows {rows.truncated} are cut to max_length.")


def _join_group(spec: RunSpec) -> None:
    rendezvous = os.environ.get(RENDEZVOUS)
    if rendezvous is None:
        return
    import torch
    import torch.distributed as dist

    cuda = spec.settings["device"] == "auto" and torch.cuda.is_available()
    rank = int(os.environ["RANK"])
    if cuda:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    dist.init_process_group(
        "cpu:gloo,cuda:nccl" if cuda else "gloo",
        init_method=f"file://{rendezvous}",
        rank=rank,
        world_size=int(os.environ["WORLD_SIZE"]),
    )


def _leave_group() -> None:
    distributed = sys.modules.get("torch.distributed")
    if distributed is not None and distributed.is_available() and distributed.is_initialized():
        distributed.destroy_process_group()


def _last_word(log: EventLog | None, write: Callable[[EventLog], None]) -> None:
    """On a full disk there may be no room for it: then the exit code and the log of the trainer tell."""
    if log is None:
        return
    try:
        write(log)
    except OSError:
        traceback.print_exc()


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(run_worker(Path(arguments[0]), int(arguments[1]), Path(arguments[2]) if len(arguments) > 2 else None))
