"""One request to a server of models; the standard library alone."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any


def post(base_url: str, path: str, body: dict[str, Any], api_key: str | None, timeout: float) -> Any:
    """The answer as JSON.

    Args:
        base_url: of the server, with or without ``/v1`` at its end.
        path: as vLLM names it, such as ``/classify``.
        timeout: seconds.

    Raises:
        RuntimeError: what the server answered where it is no success; ``OSError`` where it cannot be reached.
    """
    headers = {"content-type": "application/json"}
    if api_key:
        headers["authorization"] = f"Bearer {api_key}"
    url = base_url.rstrip("/").removesuffix("/v1") + path
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        said = error.read(500).decode(errors="replace")
        raise RuntimeError(f"{url} answered {error.code}: {said}") from error
