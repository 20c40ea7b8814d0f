"""Takes files over the standard input, each under its path in a folder, and puts the folder in its place once it is whole.

It is sent as text and run with ``python3 -c`` where nothing of ours is yet, so it imports nothing of ours and runs on any
Python 3. The first line of the input is ``{"folder", "place", "files": [{"path", "bytes", "sha256"}]}``: ``place`` is where
the files go, relative to ``folder``, which may begin with ``~``. It answers ``{"place", "python", "have"}`` with what is
there of each file (all of it, a beginning, nothing), takes the rest of each in turn, and answers ``{"done": true}`` or
``{"error", "code"}``.
"""

import errno
import hashlib
import json
import os
import shutil
import sys
from typing import Any, BinaryIO

CHUNK = 1 << 20


def answer(value: Any) -> None:
    print(json.dumps(value), flush=True)


def main() -> int:
    source = sys.stdin.buffer
    request = json.loads(source.readline())
    folder = os.path.abspath(os.path.expanduser(request["folder"]))
    place = os.path.join(folder, request["place"])
    if os.path.isdir(place):
        answer({"place": place, "folder": folder, "python": sys.executable, "have": None})
        return 0
    partial = place + ".partial"
    try:
        os.makedirs(partial, exist_ok=True)
        have = [beginning(inside(partial, each["path"]), each["bytes"]) for each in request["files"]]
        answer({"place": place, "folder": folder, "python": sys.executable, "have": have})
        for each, start in zip(request["files"], have):
            take(source, inside(partial, each["path"]), each, start)
        os.replace(partial, place)
    except OSError as error:
        if os.path.isdir(place):
            shutil.rmtree(partial, ignore_errors=True)
        else:
            code = {errno.ENOSPC: "disk-full", errno.EDQUOT: "disk-full", errno.EACCES: "permission-denied"}
            answer({"error": str(error), "code": code.get(error.errno or 0, "not-available")})
            return 1
    answer({"done": True})
    return 0


def inside(folder: str, path: str) -> str:
    found = os.path.normpath(os.path.join(folder, path))
    if not found.startswith(folder + os.sep):
        raise OSError(errno.EACCES, "This path leads out of its folder", path)
    return found


def beginning(path: str, size: int) -> int:
    try:
        return min(size, os.path.getsize(path))
    except OSError:
        return 0


def take(source: BinaryIO, path: str, about: Any, start: int) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "r+b" if start else "wb") as file:
        file.seek(start)
        left = about["bytes"] - start
        while left:
            chunk = source.read(min(CHUNK, left))
            if not chunk:
                raise OSError(errno.EPIPE, "The connection ended in the middle of a file", path)
            file.write(chunk)
            left -= len(chunk)
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    if digest.hexdigest() != about["sha256"]:
        os.unlink(path)
        raise OSError(errno.EIO, "This file arrived with another content and is to be sent again", path)


if __name__ == "__main__":
    sys.exit(main())
