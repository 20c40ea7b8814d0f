"""One attempt of a run on this machine: started once, known by the pid and the start time of its processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.process_lock import process_start

_STEPS = {"SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM, "SIGKILL": signal.SIGKILL}


class AttemptFiles:
    """What is kept of an attempt beside the run's own files."""

    def __init__(self, run: Path, attempt: int) -> None:
        folder = run / "attempts"
        self.run = run
        self.attempt = attempt
        self.folder = folder
        self.processes = folder / f"{attempt}.json"
        self.exit = folder / f"{attempt}.exit"

    def read_processes(self) -> dict[str, Any] | None:
        return _read(self.processes)

    def read_exit(self) -> dict[str, Any] | None:
        return _read(self.exit)

    def keeper_lives(self) -> bool:
        found = self.read_processes()
        return found is not None and _lives(found["keeper"])


def start(run: Path, attempt: int, request: Mapping[str, Any]) -> dict[str, Any]:
    """Starts the trainer under a keeper that outlives the connection, unless this attempt was started before.

    ``request``: ``spec``, ``command`` (argument vector), ``env``, ``working_folder`` or none, ``secrets``.
    """
    files = AttemptFiles(run, attempt)
    files.folder.mkdir(parents=True, exist_ok=True)
    found = files.read_processes()
    if found is not None:
        return found
    if not (run / "run.json").exists():
        _write_whole(run / "run.json", json.dumps(request["spec"], indent=2, ensure_ascii=False) + "\n")
    keeper = subprocess.Popen(
        [sys.executable, "-m", "reward_studio.there", "keep", str(run), str(attempt)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=str(run),
        env={**os.environ, "PYTHONPATH": _package_path()},
    )
    assert keeper.stdin is not None and keeper.stdout is not None
    # Secrets reach the trainer through its environment, and come to the keeper over this pipe: no file has them.
    keeper.stdin.write(json.dumps(dict(request)).encode("utf-8") + b"\n")
    keeper.stdin.close()
    answer = keeper.stdout.readline()
    if not answer:
        raise StudioError("trainer-died", "The trainer's keeper ended before it had started anything.", None)
    told: dict[str, Any] = json.loads(answer)
    if "error" in told:
        raise StudioError("trainer-died", f"The trainer's program could not be started: {told['error']}.", None)
    return told


def keep(run: Path, attempt: int) -> int:
    """The keeper: starts the trainer in a group of its own, waits for it and writes down how it ended."""
    files = AttemptFiles(run, attempt)
    request = json.loads(sys.stdin.buffer.readline())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        with (run / "trainer.log").open("ab") as log:
            trainer = subprocess.Popen(
                request["command"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **request["env"], **request["secrets"]},
                cwd=request.get("working_folder") or str(run),
                start_new_session=True,
                preexec_fn=_default_signals,
            )
    except OSError as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return 1
    told = {"keeper": _identity(os.getpid()), "trainer": _identity(trainer.pid)}
    _write_whole(files.processes, json.dumps(told))
    print(json.dumps(told), flush=True)
    code = trainer.wait()
    ended = {"code": None if code < 0 else code, "signal": signal.Signals(-code).name if code < 0 else None}
    _write_whole(files.exit, json.dumps(ended))
    return 0


def stop(run: Path, attempt: int, step: str) -> None:
    """Asks for a checkpoint and an end (docs/run-format.md), or signals the group of the trainer, and never another's."""
    if step == "checkpoint":
        from reward_studio.stop_requests import request_stop

        request_stop(run, attempt)
        return
    found = AttemptFiles(run, attempt).read_processes()
    if found is None or not _lives(found["trainer"]):
        return
    try:
        os.killpg(found["trainer"]["pid"], _STEPS[step])
    except ProcessLookupError:
        pass


def _package_path() -> str:
    inherited = os.environ.get("PYTHONPATH")
    package = str(Path(__file__).resolve().parents[2])
    return package if not inherited else os.pathsep.join([package, inherited])


def _default_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _identity(pid: int) -> dict[str, Any]:
    return {"pid": pid, "start": process_start(pid)}


def _lives(process: Mapping[str, Any]) -> bool:
    now = process_start(process["pid"])
    return now is not None and process["start"] in (None, now)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    return found


def _write_whole(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(text, "utf-8")
    partial.replace(path)
