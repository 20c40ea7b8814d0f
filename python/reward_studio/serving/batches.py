"""Questions of many threads, computed together: whoever has the turn computes for those who wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class _Asked(Generic[Question, Answer]):
    def __init__(self, question: Question, alike: Hashable) -> None:
        self.question = question
        self.alike = alike
        self.answer: list[Answer] = []
        self.error: Exception | None = None

    @property
    def done(self) -> bool:
        return bool(self.answer) or self.error is not None


class Batches(Generic[Question, Answer]):
    """``compute`` answers up to ``size`` questions at a time, in their order; one batch computes at a time."""

    def __init__(self, compute: Callable[[Sequence[Question]], Sequence[Answer]], size: int) -> None:
        self._compute = compute
        self._size = size
        self._waiting: list[_Asked[Question, Answer]] = []
        self._queue = threading.Lock()
        self._turn = threading.Lock()

    def ask(self, questions: Sequence[Question], alike: Callable[[Question], Hashable]) -> list[Answer]:
        """Only questions that are ``alike`` are computed together. Raises what computing raises."""
        asked: list[_Asked[Question, Answer]] = [_Asked(question, alike(question)) for question in questions]
        with self._queue:
            self._waiting.extend(asked)
        for each in asked:
            while not each.done:
                with self._turn:
                    if not each.done:
                        self._next()
        for each in asked:
            if each.error is not None:
                raise each.error
        return [each.answer[0] for each in asked]

    def _next(self) -> None:
        with self._queue:
            first = self._waiting[0]
            part = [each for each in self._waiting if each.alike == first.alike][: self._size]
            self._waiting = [each for each in self._waiting if each not in part]
        try:
            for each, answer in zip(part, self._compute([each.question for each in part])):
                each.answer.append(answer)
        except Exception as error:
            for each in part:
                each.error = error
