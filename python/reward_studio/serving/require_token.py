"""Who may ask: an ASGI layer around our own server, and around vLLM's, which loads it by its name."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

# The variable that vLLM's own check of keys reads, too.
VLLM_KEY = "VLLM_API_KEY"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_OPEN = "/health"


class RequireToken:
    """Everything but ``/health`` needs ``Authorization: Bearer TOKEN``, whatever its path: older servers of vLLM ask for
    their key below ``/v1`` alone, which leaves ``/classify`` to every user of the machine.

    Args:
        token: without one, that of the environment; a server without either answers nobody.
    """

    def __init__(self, app: App, token: str | None = None) -> None:
        self._app = app
        self._token = token or os.environ.get(VLLM_KEY, "")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] == _OPEN or self._allows(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            error = {"message": "The token is missing or wrong.", "type": "authentication_error", "code": 401}
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 401, "headers": headers})
            await send({"type": "http.response.body", "body": json.dumps({"error": error}).encode()})

    def _allows(self, scope: Message) -> bool:
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return bool(self._token) and hmac.compare_digest(given, f"Bearer {self._token}".encode())
