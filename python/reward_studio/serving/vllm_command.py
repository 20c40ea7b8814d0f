"""How vLLM's own server is started for a model, and what it is not asked to serve. Not verified on a GPU."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from reward_studio.serving.model_folder import outputs_of
from reward_studio.serving.require_token import VLLM_KEY, RequireToken

# The first whose reward heads answer their own number on request (`use_activation`), which graders ask for.
_OLDEST = (0, 11, 1)


def vllm_command(
    folder: Path, name: str, kind: str, host: str, port: int, dtype: str, max_length: int | None
) -> list[str]:
    """The arguments, without any secret.

    Args:
        kind: ``reward`` or ``judge``; a reward head is a pooling model, whose numbers are those of its classes.
        dtype: ``bfloat16`` or ``float32``: vLLM alone would make half precision of weights that are kept in fp32.
        max_length: tokens of prompt and answer together; None for what the model takes.
    """
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server"]
    command += ["--model", str(folder), "--served-model-name", name]
    command += ["--host", host, "--port", str(port)]
    command += ["--middleware", f"{RequireToken.__module__}.{RequireToken.__qualname__}"]
    command += ["--dtype", dtype]
    if max_length is not None:
        command += ["--max-model-len", str(max_length)]
    if kind == "reward":
        command += ["--runner", "pooling", "--convert", "classify"]
    return command


def vllm_environment(inherited: Mapping[str, str], token: str) -> dict[str, str]:
    """The token is here alone: a command line can be read by others. vLLM tells nobody that it is used."""
    ours = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([ours, inherited["PYTHONPATH"]] if inherited.get("PYTHONPATH") else [ours])
    return {**inherited, "PYTHONPATH": path, VLLM_KEY: token, "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}


def not_for_vllm(folder: Path, kind: str) -> str | None:
    """Why vLLM is not asked to serve a model, as a sentence; None where nothing speaks against it."""
    try:
        found = version("vllm")
    except PackageNotFoundError:
        found = ""  # of a checkout: the newest
    numbers = tuple(int(part) for part in re.findall(r"\d+", found)[:3])
    if found and numbers < _OLDEST:
        return f"vLLM {found} is older than {'.'.join(map(str, _OLDEST))}."
    if kind == "reward" and (outputs := outputs_of(folder)) != 1:
        return f"The head of this model gives {outputs} numbers, and a reward is one."
    return None
