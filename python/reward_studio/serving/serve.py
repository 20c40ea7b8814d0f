"""``serve``: loads a model, listens, says where, and answers until it is ended."""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError

TOKEN = "REWARD_STUDIO_SERVE_TOKEN"


def serve(model: Path, host: str, port: int, ready_file: Path | None, backend: str, device: str) -> int:
    """Raises StudioError ``usage`` without a token, and what loading the model raises."""
    token = os.environ.get(TOKEN, "")
    if not token:
        message = f"{TOKEN} is not set: whoever reaches the port could use the model."
        raise StudioError("usage", message, f"Set it in the environment, for example to {secrets.token_hex(8)}.")
    folder = _model_folder(model)
    kind = kind_of(folder)
    if _uses_vllm(backend, device):
        from reward_studio.serving.vllm_server import serve_with_vllm

        return serve_with_vllm(folder, kind, host, port, ready_file, token)
    import uvicorn

    from reward_studio.serving.app import make_app
    from reward_studio.serving.loaded import load

    loaded = load(folder, kind, device)
    listening = _listen(host, port)
    address = listening.getsockname()
    line = ready_line(f"http://{_bracketed(address[0])}:{address[1]}", loaded.name, kind, "transformers", os.getpid())

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            announce(line, ready_file)

    config = uvicorn.Config(make_app(loaded, token), log_level="warning", access_log=False)
    Server(config).run(sockets=[listening])
    return 0


def kind_of(folder: Path) -> str:
    """``reward`` or ``judge``, as ``grader.json`` says, else as the configuration of the model does."""
    grader = folder / "grader.json"
    if grader.is_file():
        return "reward" if json.loads(grader.read_text("utf-8"))["kind"] == "reward" else "judge"
    architectures = json.loads((folder / "config.json").read_text("utf-8")).get("architectures") or [""]
    return "reward" if architectures[0].endswith("ForSequenceClassification") else "judge"


def ready_line(url: str, name: str, kind: str, backend: str, pid: int) -> dict[str, Any]:
    return {"ready": True, "url": url, "model": name, "kind": kind, "backend": backend, "pid": pid}


def announce(line: dict[str, Any], ready_file: Path | None) -> None:
    text = json.dumps(line)
    if ready_file is not None:
        partial = ready_file.with_name(f".{ready_file.name}.partial")
        partial.write_text(text + "\n", "utf-8")
        partial.replace(ready_file)
    print(text, flush=True)


def _model_folder(model: Path) -> Path:
    """A model folder, or that of a run that has one."""
    for folder in (model, model / "model"):
        if (folder / "config.json").is_file():
            return folder.resolve()
    if (model / "adapter_config.json").is_file() or (model / "model" / "adapter_config.json").is_file():
        hint = f"Merge it first: {Path(sys.executable).name} -m reward_studio merge {model} OUT."
        raise StudioError("invalid-model", "This is an adapter without its base model.", hint, {"file": str(model)})
    hint = "Name the folder of a Hugging Face model, or of a finished run."
    raise StudioError("file-not-found", "There is no model in this folder.", hint, {"file": str(model)})


def _uses_vllm(backend: str, device: str) -> bool:
    """``auto``: vLLM where it is installed and there is a GPU for it."""
    if backend == "transformers" or (backend == "auto" and device == "cpu"):
        return False
    from importlib.util import find_spec

    there = find_spec("vllm") is not None
    if backend == "vllm":
        if not there:
            raise StudioError("not-available", "vLLM is not installed.", "Install vllm, or use --backend transformers.")
        return True
    import torch

    return there and torch.cuda.is_available()


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


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
