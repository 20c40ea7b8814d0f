"""``serve``: loads a model, listens, says where, and answers until it is ended."""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.serving.model_folder import find_model_folder, kind_of, served_name

TOKEN = "REWARD_STUDIO_SERVE_TOKEN"


@dataclass(frozen=True)
class ServeOptions:
    """``port`` 0 is any free one; ``max_length`` is in tokens, None for what the model takes."""

    host: str
    port: int
    ready_file: Path | None
    backend: str
    device: str
    max_length: int | None


def serve(model: Path, options: ServeOptions) -> int:
    """Raises StudioError ``usage`` without a token, and what loading the model raises."""
    token = os.environ.get(TOKEN, "")
    if not token:
        message = f"{TOKEN} is not set: whoever reaches the port could use the model."
        raise StudioError("usage", message, f"Set it in the environment, for example to {secrets.token_hex(8)}.")
    folder = find_model_folder(model)
    kind = kind_of(folder)
    if _wants_vllm(options):
        try:
            return _serve_by_vllm(folder, kind, options, token)
        except StudioError as error:
            if options.backend == "vllm":
                raise
            print(f"Served by transformers, not by vLLM: {error.message}", file=sys.stderr, flush=True)
    return _serve_ourselves(folder, kind, options, token)


def _serve_by_vllm(folder: Path, kind: str, options: ServeOptions, token: str) -> int:
    """Raises StudioError ``not-available`` where vLLM cannot serve this model."""
    from reward_studio.serving.loaded import served_dtype
    from reward_studio.serving.vllm_command import not_for_vllm, vllm_command, vllm_environment
    from reward_studio.serving.vllm_server import free_port, run_vllm

    # Who names vLLM has a build of it for this machine.
    no_gpu = _no_gpu() if options.backend == "auto" else None
    if reason := no_gpu or not_for_vllm(folder, kind):
        raise StudioError("not-available", reason, "--backend transformers serves it without vLLM.")
    port = options.port or free_port(options.host)
    url = _url(options.host, port)
    name = served_name(folder)
    command = vllm_command(folder, name, kind, options.host, port, served_dtype("auto"), options.max_length)
    line = ready_line(url, name, kind, "vllm", os.getpid())
    environment = vllm_environment(os.environ, token)
    return run_vllm(command, environment, url, lambda: announce(line, options.ready_file))


def _serve_ourselves(folder: Path, kind: str, options: ServeOptions, token: str) -> int:
    import uvicorn

    from reward_studio.serving.app import make_app
    from reward_studio.serving.loaded import load

    loaded = load(folder, kind, options.device, options.max_length)
    listening = _listen(options.host, options.port)
    host, port, *_ = listening.getsockname()
    line = ready_line(_url(host, port), loaded.name, kind, "transformers", os.getpid())

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            announce(line, options.ready_file)

    config = uvicorn.Config(make_app(loaded, token), log_level="warning", access_log=False)
    Server(config).run(sockets=[listening])
    return 0


def ready_line(url: str, name: str, kind: str, backend: str, pid: int) -> dict[str, Any]:
    return {"ready": True, "url": url, "model": name, "kind": kind, "backend": backend, "pid": pid}


def announce(line: dict[str, Any], ready_file: Path | None) -> None:
    text = json.dumps(line)
    if ready_file is not None:
        partial = ready_file.with_name(f".{ready_file.name}.partial")
        partial.write_text(text + "\n", "utf-8")
        partial.replace(ready_file)
    print(text, flush=True)


def _wants_vllm(options: ServeOptions) -> bool:
    """``auto``: where it is installed, unless the CPU is asked for."""
    if options.backend == "transformers" or (options.backend == "auto" and options.device == "cpu"):
        return False
    from importlib.util import find_spec

    there = find_spec("vllm") is not None
    if options.backend == "vllm" and not there:
        raise StudioError("not-available", "vLLM is not installed.", "Install vllm, or use --backend transformers.")
    return there


def _no_gpu() -> str | None:
    import torch

    return None if torch.cuda.is_available() else "vLLM is installed, but PyTorch finds no GPU."


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        hint = "Choose another port, or 0 for any free one."
        raise StudioError("not-available", f"Port {port} of {host} cannot be used: {error.strerror}.", hint) from error
    return listening


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
