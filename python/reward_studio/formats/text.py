"""Text as the row shapes see it. The twin of src/core/datasets/formats/text.ts."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any

from reward_studio.formats.json_text import number_text, parse_json, write_json
from reward_studio.formats.row_problem import UnfitRow

# Blanks are space, tab, carriage return and line feed only.
BLANKS = " \t\r\n"

_JSON_START = re.compile(r"[ \t\r\n]*[\[{]")
_NUMBER = re.compile(r"[ \t]*[+-]?[0-9]+(\.[0-9]+)?[ \t]*")


def trim_blanks(text: str) -> str:
    return text.strip(BLANKS)


def is_blank(text: str) -> bool:
    return trim_blanks(text) == ""


def text_of(value: Any, field: str) -> str:
    """A cell as text: text itself, and a boolean or number as a person sees it (``true``, ``4``, ``0.5``)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)) and math.isfinite(value):
        return number_text(value)
    if value is None:
        raise UnfitRow("missing-value", field, "it is missing")
    raise UnfitRow("wrong-type", field, f"it is {describe_type(value)}, not text")


def decode_json(value: Any) -> Any:
    """The value behind a cell that may be JSON text; other values, and text that is not JSON, as they are."""
    if not isinstance(value, str) or not _JSON_START.match(value):
        return value
    try:
        return parse_json(value)
    except ValueError:
        return value


def number_of(value: Any) -> int | float | None:
    """A number from a number or from text that is one (CSV), or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        return None
    number = float(value)
    return int(number) if number.is_integer() and abs(number) <= 2**53 else number


def json_text_of(value: Any) -> str:
    """Text as it is, and anything else as JSON without blanks, its keys in the order they have."""
    return value if isinstance(value, str) else write_json(value)


def quote_value(value: Any) -> str:
    """A value short enough for a message: at most 40 code points."""
    text = write_json(value)
    return f"{text[:37]}..." if len(text) > 40 else text


def describe_type(value: Any) -> str:
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, (bytes, bytearray)):
        return "binary"
    if isinstance(value, date):
        return "a date"
    if isinstance(value, str):
        return "text"
    return "a number" if isinstance(value, (int, float)) else "a structure"
