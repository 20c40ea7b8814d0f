"""The files of a run's folder, listed with their hashes and handed over from any byte on."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

from reward_studio.errors import StudioError

_CHUNK = 1 << 20


def list_files(run: Path, folder: str) -> int:
    """A line ``{"path", "bytes", "sha256"}`` for each file below a folder of the run; links are not followed."""
    top = _inside(run, folder)
    if not top.is_dir():
        raise StudioError("file-not-found", "There is no such folder in the run.", None, {"file": str(top)})
    for directory, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            path = Path(directory) / name
            if path.is_symlink() or not path.is_file():
                continue
            about = {"path": path.relative_to(top).as_posix(), "bytes": path.stat().st_size, "sha256": _hash(path)}
            print(json.dumps(about), flush=True)
    return 0


def send_file(run: Path, folder: str, path: str, offset: int) -> int:
    with _inside(_inside(run, folder), path).open("rb") as file:
        file.seek(offset)
        while chunk := file.read(_CHUNK):
            sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()
    return 0


def _inside(folder: Path, path: str) -> Path:
    top, found = folder.resolve(), (folder / path).resolve()
    if top == found or top not in found.parents:
        raise StudioError("permission-denied", "This path leads out of its folder.", None, {"file": path})
    return found


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
