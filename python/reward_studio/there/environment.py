"""Makes a virtual environment with the pinned packages of an engine on this machine, in the program's own folder."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from reward_studio.errors import StudioError

_LEAST_PYTHON = (3, 11)
_MARK = "reward-studio.json"


def make_environment(folder: Path, engine: str, wheels: Path | None) -> Path:
    """The interpreter of the environment, which is complete; what is done is printed.

    Args:
        folder: holds the environments; made if need be.
        wheels: a folder that packages are taken from, in place of the package index.

    Raises:
        StudioError: ``not-available`` for a Python that is too old or lacks venv, and where packages cannot be installed.
    """
    if sys.version_info < _LEAST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        hint = "Name Python 3.11 or newer for this target."
        raise StudioError("not-available", f"This is Python {found}, which is too old.", hint, {"file": sys.executable})
    requirements = Path(__file__).resolve().parents[2] / "requirements" / f"{engine}.txt"
    if not requirements.is_file():
        raise StudioError("usage", f'There is no list of packages for the engine "{engine}".')
    listed = hashlib.sha256(requirements.read_bytes()).hexdigest()[:8]
    place = folder / f"{engine}-{sys.version_info[0]}.{sys.version_info[1]}-{listed}"
    python = place / "bin" / "python"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{place.name}.lock").open("w") as lock:
        # Held by one process at a time, and let go however that ends.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (place / _MARK).is_file():
            return python
        shutil.rmtree(place, ignore_errors=True)
        try:
            _run([sys.executable, "-m", "venv", str(place)], "Install the package of your system that holds venv.")
            places = [] if wheels is None else ["--no-index", "--find-links", str(wheels)]
            quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
            pip = [str(python), "-m", "pip", "install", *quiet, *places, "-r", str(requirements)]
            _run(pip, "Its machine needs a package index, or a folder of wheels (wheels).")
            (place / _MARK).write_text(json.dumps({"base": sys.executable, "requirements": requirements.name}), "utf-8")
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
    return python


def _run(command: list[str], hint: str) -> None:
    print("$ " + " ".join(command), flush=True)
    # Another environment that is active must not be the one that is changed.
    environment = {**os.environ, "VIRTUAL_ENV": "", "PYTHONNOUSERSITE": "1"}
    environment.pop("PYTHONPATH", None)
    tool = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        text=True,
        errors="replace",
    )
    assert tool.stdout is not None
    last = ""
    try:
        for line in tool.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
    except BaseException:
        tool.kill()
        raise
    if tool.wait() != 0:
        what = "The packages could not be installed" if "pip" in command else "The environment could not be made"
        raise StudioError("not-available", f"{what}: {last}", hint, {"file": command[0]})
