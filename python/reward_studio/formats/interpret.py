"""Interprets a declaration: one row in, canonical records or the reason why not out. Twin of interpret.ts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Union

from reward_studio.formats.declaration import Shape
from reward_studio.formats.row_problem import RowProblem, UnfitRow
from reward_studio.formats.text import is_blank
from reward_studio.formats.transforms import TRANSFORMS
from reward_studio.records import (
    ComparedResponses,
    Conversation,
    Messages,
    PreferencePair,
    ScoredResponse,
    TrainingRecord,
    completion_text,
)

Scope = Mapping[str, Any]
Interpreted = Union[TrainingRecord, RowProblem]


def interpret_row(shape: Shape, cells: Scope, column_of: Callable[[str], str]) -> list[Interpreted]:
    """One item for most shapes, several where a row holds several records; a row with a problem gives it alone.

    Args:
        cells: field of the shape -> cell; an optional field may be absent.
        column_of: the column that a field is bound to, for problems.
    """
    try:
        scopes = _run_steps(shape, cells)
    except UnfitRow as unfit:
        return [_problem(unfit, column_of)]
    return [_build_or_problem(shape, scope, column_of) for scope in scopes]


def _build_or_problem(shape: Shape, scope: Scope, column_of: Callable[[str], str]) -> Interpreted:
    try:
        return _build(shape.record, scope)
    except UnfitRow as unfit:
        return _problem(unfit, column_of)


def _problem(unfit: UnfitRow, column_of: Callable[[str], str]) -> RowProblem:
    return RowProblem(unfit.code, column_of(unfit.field), unfit.message)


def _run_steps(shape: Shape, cells: Scope) -> list[Scope]:
    scopes: list[Scope] = [cells]
    for step in shape.steps:
        extended: list[Scope] = []
        for scope in scopes:
            result = TRANSFORMS[step.do]([scope.get(name) for name in step.of], step.of, step.parameters)
            for item in result if step.each else [result]:
                extended.append(_extend(scope, step.as_, item))
        scopes = extended
    return scopes


def _extend(scope: Scope, names: Any, result: Any) -> Scope:
    if isinstance(names, str):
        return {**scope, names: result}
    return {**scope, **{name: result.get(name) for name in names}}


def _build(kind: str, scope: Scope) -> TrainingRecord:
    if kind == "preference-pair":
        pair = PreferencePair(scope["prompt"], scope["chosen"], scope["rejected"], _number(scope.get("margin")))
        _require_completion(pair.chosen, "chosen")
        _require_completion(pair.rejected, "rejected")
        if completion_text(pair.chosen) == completion_text(pair.rejected):
            raise UnfitRow("identical-pair", "rejected", "chosen and rejected are the same text")
        return pair
    if kind == "scored-response":
        _require_completion(scope["response"], "response")
        return ScoredResponse(scope["prompt"], scope["response"], scope["score"])
    if kind == "compared-responses":
        strength = _number(scope.get("strength"))
        return ComparedResponses(
            scope["prompt"], scope["response_a"], scope["response_b"], scope["preferred"], strength
        )
    _require_completion(scope["messages"][-1:], "response" if "response" in scope else "messages")
    return Conversation(scope["messages"])


def _number(value: Any) -> int | float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _require_completion(messages: Messages, field: str) -> None:
    if not messages or any(message.role == "assistant" and is_blank(message.content) for message in messages):
        raise UnfitRow("empty-value", field, "a response is empty")
