"""The requests that are answered, in the shapes of OpenAI and vLLM."""

from __future__ import annotations

import json
import math
import time
import uuid
from collections.abc import Iterator
from typing import Any, Literal, Union

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from reward_studio.errors import StudioError
from reward_studio.serving.loaded import Completion, Generation, Loaded
from reward_studio.serving.require_token import RequireToken

_DEFAULT_TOKENS = 2048


class Turn(BaseModel):
    role: Literal["system", "user", "assistant", "tool"]
    content: str


class ChatRequest(BaseModel):
    model_config = ConfigDict(extra="ignore")
    model: Union[str, None] = None
    messages: list[Turn] = Field(min_length=1)
    max_tokens: Union[int, None] = Field(default=None, ge=1)
    max_completion_tokens: Union[int, None] = Field(default=None, ge=1)
    temperature: float = Field(default=1.0, ge=0)
    top_p: float = Field(default=1.0, gt=0, le=1)
    stop: Union[str, list[str], None] = None
    seed: Union[int, None] = None
    n: int = Field(default=1, ge=1, le=64)
    stream: bool = False
    chat_template_kwargs: dict[str, Any] = Field(default_factory=dict)


class TextsRequest(BaseModel):
    model_config = ConfigDict(extra="ignore")
    model: Union[str, None] = None
    input: Union[str, list[str], None] = None
    messages: Union[list[Turn], None] = None
    use_activation: Union[bool, None] = None


class ScoreRequest(BaseModel):
    model_config = ConfigDict(extra="ignore")
    model: Union[str, None] = None
    text_1: Union[str, list[str]]
    text_2: Union[str, list[str]]


class Refused(Exception):
    """A request that is not answered, with its HTTP status."""

    def __init__(self, status: int, message: str, kind: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind


def make_app(loaded: Loaded, token: str) -> FastAPI:
    """Everything but ``/health`` needs the token. Handlers are plain functions: they compute in threads, in turn."""
    app = FastAPI(title="Reward Studio", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(RequireToken, token=token)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/v1/models")
    def models() -> dict[str, Any]:
        model = {"id": loaded.name, "object": "model", "owned_by": "reward-studio", "max_model_len": loaded.longest}
        return {"object": "list", "data": [model]}

    if loaded.kind == "judge":
        _answer_chats(app, loaded)
    else:
        _answer_rewards(app, loaded)

    @app.exception_handler(Refused)
    def refused(_: Request, error: Refused) -> JSONResponse:
        return _error(error.status, error.message, error.kind)

    @app.exception_handler(StudioError)
    def impossible(_: Request, error: StudioError) -> JSONResponse:
        return _error(400, str(error), "invalid_request_error")

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        return _error(422, f"{place}: {first['msg']}", "invalid_request_error")

    @app.exception_handler(404)
    def unknown(request: Request, _: Exception) -> JSONResponse:
        message = f"{request.url.path} is not answered for a {loaded.kind} model."
        return _error(404, message, "not_found_error")

    @app.exception_handler(Exception)
    def broken(_: Request, error: Exception) -> JSONResponse:
        return _error(
            500, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}", "internal_error"
        )

    return app


def _answer_chats(app: FastAPI, loaded: Loaded) -> None:
    @app.post("/v1/chat/completions", response_model=None)
    def chat(request: ChatRequest) -> dict[str, Any] | StreamingResponse:
        _check_model(request.model, loaded)
        turns = [turn.model_dump() for turn in request.messages]
        ids = loaded.chat_ids(turns, True, **request.chat_template_kwargs)
        stop = [request.stop] if isinstance(request.stop, str) else list(request.stop or [])
        longest = request.max_completion_tokens or request.max_tokens or _DEFAULT_TOKENS
        found: list[Completion] = []
        for number in range(request.n):
            seed = None if request.seed is None else request.seed + number
            generation = Generation(
                longest, request.temperature, request.top_p, stop, seed, request.chat_template_kwargs
            )
            found.append(loaded.complete(ids, generation))
        head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": loaded.name}
        if request.stream:
            return StreamingResponse(_stream(head, loaded, found), media_type="text/event-stream")
        written = sum(completion.tokens for completion in found)
        return {
            **head,
            "object": "chat.completion",
            "choices": [
                {
                    "index": index,
                    "message": {"role": "assistant", "content": completion.text},
                    "logprobs": None,
                    "finish_reason": completion.finish_reason,
                }
                for index, completion in enumerate(found)
            ],
            "usage": {"prompt_tokens": len(ids), "completion_tokens": written, "total_tokens": len(ids) + written},
        }


def _stream(head: dict[str, Any], loaded: Loaded, found: list[Completion]) -> Iterator[str]:
    """The events of a stream. The completion is whole before its first part is sent."""

    def event(index: int, delta: dict[str, str], finish: str | None) -> str:
        choice = {"index": index, "delta": delta, "finish_reason": finish}
        return f"data: {json.dumps({**head, 'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"

    for index, completion in enumerate(found):
        yield event(index, {"role": "assistant", "content": ""}, None)
        for piece in loaded.pieces(completion):
            yield event(index, {"content": piece}, None)
        yield event(index, {}, completion.finish_reason)
    yield "data: [DONE]\n\n"


def _answer_rewards(app: FastAPI, loaded: Loaded) -> None:
    def rewards_of(request: TextsRequest) -> tuple[list[float], int]:
        _check_model(request.model, loaded)
        if request.messages is not None:
            texts = [loaded.chat_ids([turn.model_dump() for turn in request.messages], False)]
        elif request.input is not None:
            given = [request.input] if isinstance(request.input, str) else request.input
            texts = [loaded.text_ids(text) for text in given]
        else:
            raise Refused(422, "Give input or messages.", "invalid_request_error")
        return loaded.rewards(texts), sum(len(ids) for ids in texts)

    def answer(kind: str, data: list[dict[str, Any]], tokens: int) -> dict[str, Any]:
        usage = {"prompt_tokens": tokens, "total_tokens": tokens, "completion_tokens": 0}
        head = {"id": f"{kind}-{uuid.uuid4().hex}", "object": "list", "created": int(time.time())}
        return {**head, "model": loaded.name, "data": data, "usage": usage}

    @app.post("/classify")
    def classify(request: TextsRequest) -> dict[str, Any]:
        rewards, tokens = rewards_of(request)
        # As vLLM: a single label is squashed by the logistic function unless one asks for the plain number.
        plain = request.use_activation is False
        values = rewards if plain else [_logistic(reward) for reward in rewards]
        data = [
            {"index": index, "label": "LABEL_0", "probs": [value], "num_classes": 1}
            for index, value in enumerate(values)
        ]
        return answer("classify", data, tokens)

    @app.post("/pooling")
    def pooling(request: TextsRequest) -> dict[str, Any]:
        rewards, tokens = rewards_of(request)
        squashed = request.use_activation is True
        values = [_logistic(reward) for reward in rewards] if squashed else rewards
        data = [{"index": index, "object": "pooling", "data": [value]} for index, value in enumerate(values)]
        return answer("pool", data, tokens)

    @app.post("/score")
    def score(request: ScoreRequest) -> dict[str, Any]:
        _check_model(request.model, loaded)
        prompts = [request.text_1] if isinstance(request.text_1, str) else request.text_1
        responses = [request.text_2] if isinstance(request.text_2, str) else request.text_2
        if len(prompts) == 1:
            prompts = prompts * len(responses)
        if len(prompts) != len(responses) or not responses:
            message = f"There are {len(prompts)} prompts for {len(responses)} responses."
            raise Refused(400, message, "invalid_request_error")
        turns = [
            [{"role": "user", "content": prompt}, {"role": "assistant", "content": response}]
            for prompt, response in zip(prompts, responses)
        ]
        texts = [loaded.chat_ids(each, False) for each in turns]
        scores = loaded.rewards(texts)
        data = [{"index": index, "object": "score", "score": value} for index, value in enumerate(scores)]
        return answer("score", data, sum(len(ids) for ids in texts))


def _check_model(name: str | None, loaded: Loaded) -> None:
    if name is not None and name != loaded.name:
        raise Refused(404, f'There is no model "{name}" here, only "{loaded.name}".', "not_found_error")


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def _error(status: int, message: str, kind: str) -> JSONResponse:
    return JSONResponse({"error": {"message": message, "type": kind, "code": status}}, status_code=status)
