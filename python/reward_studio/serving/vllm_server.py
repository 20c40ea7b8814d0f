"""vLLM's own server for a model. Not tried: it needs a GPU."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from reward_studio.errors import StudioError

_POLL_S = 0.5


def serve_with_vllm(folder: Path, kind: str, host: str, port: int, ready_file: Path | None, token: str) -> int:
    """Starts it, says where it listens once it answers, and ends when it ends."""
    from reward_studio.serving.serve import announce, ready_line

    chosen = port or _free_port(host)
    runner = ["--runner", "pooling"] if kind == "reward" else []
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(folder), "--host", host]
    command += ["--port", str(chosen), "--served-model-name", folder.name, *runner]
    # The token goes through the environment: a command line can be read by others.
    server = subprocess.Popen(command, env={**os.environ, "VLLM_API_KEY": token}, stdout=sys.stderr)

    def pass_on(number: int, frame: FrameType | None) -> None:
        server.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, pass_on)
    url = f"http://{host}:{chosen}"
    while server.poll() is None and not _answers(f"{url}/health"):
        time.sleep(_POLL_S)
    if server.poll() is not None:
        raise StudioError("not-available", f"vLLM ended with {server.returncode}.", "Its own messages stand above.")
    announce(ready_line(url, folder.name, kind, "vllm", os.getpid()), ready_file)
    return server.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _free_port(host: str) -> int:
    with socket.socket() as found:
        found.bind((host, 0))
        return int(found.getsockname()[1])
