"""A lock file that names its holder by pid, start time and machine: the rules of src/core/runs/process-lock.ts."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from reward_studio.errors import StudioError

# A file is made empty and filled a moment later: a damaged one is read again.
_DAMAGED_READS = 5
_DAMAGED_PAUSE_S = 0.005


class WriterLock:
    """The one writer of a run's folder, from entering to leaving the context.

    Raises:
        StudioError: ``run-busy``, naming the process that writes the run already.
    """

    def __init__(self, run_folder: Path) -> None:
        self._path = run_folder / "writer.lock"
        self._text = json.dumps({"pid": os.getpid(), "start": process_start(os.getpid()), "host": socket.gethostname()})

    def __enter__(self) -> WriterLock:
        damaged = 0
        while not self._create():
            found = self._read()
            if found is None:
                continue
            holder = _parse(found)
            if holder is not None and _lives(holder):
                message = f"Process {holder['pid']} on {holder['host']} is already writing this run."
                hint = "Wait for it, stop it, or start a new run."
                raise StudioError("run-busy", message, hint, {"file": str(self._path.parent)})
            if holder is None and damaged < _DAMAGED_READS:
                damaged += 1
                time.sleep(_DAMAGED_PAUSE_S)
                continue
            if self._read() == found:
                self._path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._read() == self._text:
            self._path.unlink(missing_ok=True)

    def _create(self) -> bool:
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            return False
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(self._text)
        return True

    def _read(self) -> str | None:
        try:
            return self._path.read_text("utf-8")
        except FileNotFoundError:
            return None


def process_start(pid: int) -> str | None:
    """When a process started, in the words of this system; None where it cannot be told."""
    if sys.platform == "linux":
        try:
            stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
        except OSError:
            return None
        # After the name of the command, which may hold any character (proc(5)); a zombie has ended.
        fields = stat[stat.rindex(")") + 2 :].split(" ")
        return None if fields[0] == "Z" else fields[19]
    if sys.platform == "win32":
        import psutil  # comes with accelerate; the standard library cannot ask without ending the process

        return str(psutil.Process(pid).create_time()) if psutil.pid_exists(pid) else None
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def _parse(text: str) -> dict[str, Any] | None:
    try:
        holder = json.loads(text)
    except ValueError:
        return None
    known = isinstance(holder, dict) and isinstance(holder.get("pid"), int) and isinstance(holder.get("host"), str)
    return holder if known else None


def _lives(holder: dict[str, Any]) -> bool:
    if holder["host"] != socket.gethostname():
        return True
    now = process_start(holder["pid"])
    return now is not None and holder.get("start") in (None, now)
