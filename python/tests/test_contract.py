"""Python gives the records, the error codes and the splits that TypeScript gives."""

from __future__ import annotations

import unittest
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reward_studio.formats.declaration import load_shapes
from reward_studio.formats.json_text import write_json
from reward_studio.formats.row_problem import RowProblem, UnfitRow
from reward_studio.formats.text import decode_json, is_blank, number_of, quote_value, text_of, trim_blanks
from reward_studio.recognise import Recognition, recognise
from reward_studio.records import (
    ComparedResponses,
    Conversation,
    Message,
    PreferencePair,
    ScoredResponse,
    TrainingRecord,
    as_json,
)
from reward_studio.split import assign_split, group_of
from reward_studio.white_space import squeeze
from tests.contract_fixtures import fixture_names, read_fixture, set_names

Row = Mapping[str, Any]


def outcomes(fixture: Mapping[str, Any], recognition: Recognition, rows: Sequence[Row]) -> list[list[Any]]:
    candidate = next((found for found in recognition.candidates if found.id == fixture["shape"]), None)
    if candidate is None:
        return [[] for _ in rows]
    return [[outcome(result) for result in candidate.format.interpret(row)] for row in rows]


def outcome(result: Any) -> Any:
    if isinstance(result, RowProblem):
        return {"problem": {"code": result.code, "field": result.field}}
    return as_json(result)


def usable(records: Sequence[Mapping[str, Any]]) -> bool:
    return all("kind" in found for found in records)


class RowShapes(unittest.TestCase):
    maxDiff = None

    def test_every_declaration_has_a_fixture(self) -> None:
        shapes, unusable = load_shapes()
        self.assertEqual(sorted(shape.id for shape in (*shapes, *unusable)), fixture_names())


class Text(unittest.TestCase):
    """Text where languages differ."""


class Split(unittest.TestCase):
    def test_groups(self) -> None:
        for number, case in enumerate(read_fixture("split")["groups"]):
            with self.subTest(number):
                self.assertEqual(group_of(record_of(case["record"])), case["group"])

    def test_parts(self) -> None:
        for number, case in enumerate(read_fixture("split")["splits"]):
            with self.subTest(number):
                self.assertEqual(assign_split(case["groups"], dict(case["shares"]), case["seed"]), case["parts"])


def add_shape_tests(name: str) -> None:
    """One test of the rows and what is recognised, and one of the same rows with columns of JSON text."""

    def reads(self: unittest.TestCase) -> None:
        fixture = read_fixture(name)
        recognition = recognise(fixture["rows"], fixture.get("map"))
        found = outcomes(fixture, recognition, fixture["rows"])
        for row, (got, wanted) in enumerate(zip(found, fixture["records"], strict=True)):
            with self.subTest(row=row):
                self.assertEqual(got, wanted)
        fitting = [candidate for candidate in recognition.candidates if candidate.fits]
        self.assertEqual([candidate.id for candidate in fitting], fixture["recognition"]["fitting"])
        unusable = recognition.unusable and recognition.unusable.id
        self.assertEqual(unusable, fixture["recognition"].get("unusable"))

    def reads_json_columns(self: unittest.TestCase) -> None:
        fixture = read_fixture(name)
        pairs = [pair for pair in zip(fixture["rows"], fixture["records"]) if usable(pair[1])]
        rows = [{key: encoded(cell) for key, cell in row.items()} for row, _ in pairs]
        found = outcomes(fixture, recognise(rows, fixture.get("map")), rows)
        self.assertEqual(found, [wanted for _, wanted in pairs])

    setattr(RowShapes, f"test_{name}", reads)
    setattr(RowShapes, f"test_{name}_as_json_columns", reads_json_columns)


def encoded(cell: Any) -> Any:
    return write_json(cell) if isinstance(cell, (list, dict)) else cell


def record_of(fields: Mapping[str, Any]) -> TrainingRecord:
    def messages(name: str) -> tuple[Message, ...]:
        return tuple(Message(message["role"], message["content"]) for message in fields[name])

    kind = fields["kind"]
    if kind == "conversation":
        return Conversation(messages("messages"))
    if kind == "scored-response":
        return ScoredResponse(messages("prompt"), messages("response"), fields["score"])
    if kind == "compared-responses":
        return ComparedResponses(messages("prompt"), messages("responseA"), messages("responseB"), fields["preferred"])
    return PreferencePair(messages("prompt"), messages("chosen"), messages("rejected"))


def text_or_code(value: Any) -> Any:
    try:
        return text_of(value, "field")
    except UnfitRow as unfit:
        return {"problem": unfit.code}


PRIMITIVES: Mapping[str, Callable[[Any], Any]] = {
    "is-blank": is_blank,
    "trim-blanks": trim_blanks,
    "squeeze-white": squeeze,
    "number": number_of,
    "text": text_or_code,
    "decode-json": lambda value: write_json(decode_json(value)),
    "lower": str.lower,
    "quote": quote_value,
}


def add_text_test(name: str, cases: Sequence[Any]) -> None:
    def agrees(self: unittest.TestCase) -> None:
        for value, wanted in cases:
            with self.subTest(value=ascii(value)):
                self.assertEqual(PRIMITIVES[name](value), wanted)

    setattr(Text, f"test_{name}", agrees)


for _name in (*fixture_names(), *set_names()):
    add_shape_tests(_name)
for _name, _cases in read_fixture("text").items():
    add_text_test(_name, _cases)


if __name__ == "__main__":
    unittest.main()
