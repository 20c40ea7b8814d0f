"""The process of vLLM's own server, from its start to its end. Not verified on a GPU."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import FrameType

from reward_studio.errors import StudioError

_POLL_S = 0.5
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux


def run_vllm(command: Sequence[str], environment: Mapping[str, str], url: str, on_ready: Callable[[], None]) -> int:
    """Starts it, calls ``on_ready`` once it answers, and ends when it ends or is asked to.

    Returns:
        The exit code: 0 where it was asked to end.

    Raises:
        StudioError: ``not-available`` where it ends by itself before it answers.
    """
    # What it says is a log; the standard output is for the line that says where it listens.
    server = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, preexec_fn=_ends_with_us()
    )
    with _signals_for(server) as asked:
        while server.poll() is None and not _answers(f"{url}/health"):
            time.sleep(_POLL_S)
        if server.poll() is None:
            on_ready()
        elif not asked:
            hint = "Its own messages stand above."
            raise StudioError("not-available", f"vLLM ended with {server.returncode} before it answered.", hint)
        code = server.wait()
        return 0 if asked else code


def free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as found:
        found.bind((host, 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def _signals_for(server: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """What asks us to end is passed on to it. Gives the signals that came."""
    asked: list[int] = []

    def pass_on(number: int, _: FrameType | None) -> None:
        asked.append(number)
        server.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ends_with_us() -> Callable[[], object] | None:
    """Of Linux, where vLLM runs: a server whose starter was killed would keep the memory of the GPU."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return partial(libc.prctl, _SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _answers(url: str) -> bool:
    # Never by a proxy, which the environment may name: it is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
