"""Hands over what an attempt writes, as frames on the standard output, until it has ended.

A frame is a line ``KIND BYTES`` and that many bytes: ``events`` (whole lines), ``log``, ``end`` (JSON), ``beat`` (nothing;
tells both sides that the other is there: writing to a connection that is gone ends this process).
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from reward_studio.there.attempt import AttemptFiles

_LOOK_S = 0.1
_BEAT_S = 2.0
_CHUNK = 256 * 1024


def follow(run: Path, attempt: int, events: int, log: int) -> int:
    """``events`` and ``log``: bytes of the two files that the other side has."""
    files = AttemptFiles(run, attempt)
    places = {"events": (run / "events.jsonl", events), "log": (run / "trainer.log", log)}
    beaten = time.monotonic()
    _frame("beat", b"")
    while True:
        if not run.is_dir():
            _frame("end", json.dumps({"gone": f"The folder {run} is not there any more."}).encode())
            return 0
        # In this order: what ended before we looked has written all that it will.
        ended = files.read_exit()
        lives = ended is None and files.keeper_lives()
        moved = False
        for kind, (path, offset) in places.items():
            chunk = _read(path, offset, whole_lines=kind == "events")
            if chunk:
                _frame(kind, chunk)
                places[kind] = (path, offset + len(chunk))
                moved = True
        if moved:
            continue
        if ended is not None or not lives:
            # A keeper that is gone without a word ended with its machine.
            _frame("end", json.dumps(ended or files.read_exit() or {"code": None, "signal": None}).encode())
            return 0
        if time.monotonic() - beaten >= _BEAT_S:
            beaten = time.monotonic()
            _frame("beat", b"")
        time.sleep(_LOOK_S)


def _read(path: Path, offset: int, whole_lines: bool) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            chunk = file.read(_CHUNK)
            while whole_lines and chunk and b"\n" not in chunk:
                more = file.read(_CHUNK)
                if not more:
                    return b""
                chunk += more
    except FileNotFoundError:
        return b""
    return chunk[: chunk.rindex(b"\n") + 1] if whole_lines and chunk else chunk


def _frame(kind: str, content: bytes) -> None:
    data = f"{kind} {len(content)}\n".encode() + content
    view = memoryview(data)
    while view:
        view = view[os.write(sys.stdout.fileno(), view) :]
