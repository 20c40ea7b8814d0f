"""``train``: takes the run's lock, starts the processes that train, and sees to it that there is a last word."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from reward_studio.errors import StudioError
from reward_studio.events import EventLog
from reward_studio.process_lock import WriterLock
from reward_studio.training.failures import report
from reward_studio.training.spec import RunSpec, read_spec
from reward_studio.training.worker import FAILED, FINISHED, RENDEZVOUS, STOPPED, run_worker

_POLL_S = 0.2
_GRACE_S = 20


def train(folder: Path, attempt: int, checkpoint: Path | None) -> int:
    """The exit code: 0 finished, 3 stopped, 1 failed.

    Raises:
        StudioError: ``run-not-found`` or ``run-busy``; everything else is told in the events.
    """
    if not (folder / "run.json").is_file():
        raise StudioError("run-not-found", "There is no run.json.", "Name the folder of a run.", {"file": str(folder)})
    with WriterLock(folder):
        try:
            spec = read_spec(folder)
            _check_checkpoint(folder, checkpoint)
        except StudioError as error:
            with EventLog(folder, attempt) as log:
                log.status("failed", error=report(error))
            return FAILED
        if spec.settings["processes"] == 1:
            return run_worker(folder, attempt, checkpoint)
        return _train_together(folder, attempt, checkpoint, spec)


def _check_checkpoint(folder: Path, checkpoint: Path | None) -> None:
    if checkpoint is None or (checkpoint / "trainer_state.json").is_file():
        return
    hint = "Resume from a folder that a checkpoint event names."
    raise StudioError("file-not-found", "This is no checkpoint of this trainer.", hint, {"file": str(checkpoint)})


def _train_together(folder: Path, attempt: int, checkpoint: Path | None, spec: RunSpec) -> int:
    processes = spec.settings["processes"]
    with tempfile.TemporaryDirectory(prefix="reward-studio-") as meeting:
        workers: list[subprocess.Popen[bytes]] = []

        def pass_on(number: int, frame: FrameType | None) -> None:
            for worker in workers:
                worker.send_signal(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, pass_on)
        for rank in range(processes):
            workers.append(_start(folder, attempt, checkpoint, rank, processes, Path(meeting) / "rendezvous"))
        _wait(workers)
    return _outcome(folder, attempt, [worker.returncode for worker in workers])


def _start(
    folder: Path, attempt: int, checkpoint: Path | None, rank: int, processes: int, rendezvous: Path
) -> subprocess.Popen[bytes]:
    package = str(Path(__file__).resolve().parents[2])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    threads = max(1, (os.cpu_count() or 1) // processes)
    environment = {
        "OMP_NUM_THREADS": str(threads),
        # All processes are on this machine: nothing has to be reachable from another. Their own words come first.
        "GLOO_SOCKET_IFNAME": "lo0" if sys.platform == "darwin" else "lo",
        "NCCL_SOCKET_IFNAME": "lo",
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        RENDEZVOUS: str(rendezvous),
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": str(processes),
        "LOCAL_WORLD_SIZE": str(processes),
    }
    arguments = [str(folder), str(attempt), *([] if checkpoint is None else [str(checkpoint)])]
    command = [sys.executable, "-m", "reward_studio.training.worker", *arguments]
    return subprocess.Popen(command, env=environment)


def _wait(workers: Sequence[subprocess.Popen[bytes]]) -> None:
    """Until all have ended. Where one failed, the others would wait for it for ever: they get some time, then end."""
    while any(worker.poll() is None for worker in workers):
        failed = any(worker.poll() not in (None, FINISHED, STOPPED) for worker in workers)
        running = [worker for worker in workers if worker.poll() is None]
        try:
            running[0].wait(_GRACE_S if failed else _POLL_S)
        except subprocess.TimeoutExpired:
            if failed:
                for worker in running:
                    worker.kill()
                    worker.wait()


def _outcome(folder: Path, attempt: int, codes: Sequence[int]) -> int:
    written, last = _last_status(folder, attempt)
    if last in ("finished", "stopped", "failed"):
        return {"finished": FINISHED, "stopped": STOPPED, "failed": FAILED}[last]
    ended = ", ".join(f"process {rank} with {code}" for rank, code in enumerate(codes) if code != 0)
    error = StudioError(
        "trainer-died",
        f"The training processes ended without a last word: {ended}.",
        "trainer.log has what they said; a process that the system killed (-9) was out of memory.",
    )
    with EventLog(folder, attempt, written) as log:
        log.status("failed", error=report(error))
    return FAILED


def _last_status(folder: Path, attempt: int) -> tuple[int, str | None]:
    """How many entries this attempt has, and the last status among them."""
    count, last = 0, None
    events = folder / "events.jsonl"
    for line in events.read_bytes().splitlines() if events.is_file() else []:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and entry.get("attempt") == attempt:
            count += 1
            last = entry["status"] if entry.get("kind") == "status" else last
    return count, last
