"""Who started the server: where it is gone, the server ends."""

from __future__ import annotations

import os
import signal
import threading

_STDIN = 0


def end_with_standard_input() -> None:
    """Asks this process to end, as SIGTERM does, once its standard input ends: a pipe whose other end is held by whoever
    started it, and closes however that one ends."""

    def wait() -> None:
        while os.read(_STDIN, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()
