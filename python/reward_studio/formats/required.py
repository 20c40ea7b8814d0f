"""What a transform cannot go on without: text, a number, a list; else the row is unfit, with the reason."""

from __future__ import annotations

import math
from typing import Any

from reward_studio.formats.row_problem import UnfitRow
from reward_studio.formats.text import decode_json, describe_type, is_blank, number_of, quote_value, text_of


def require_text(value: Any, field: str) -> str:
    text = text_of(value, field)
    if is_blank(text):
        raise UnfitRow("empty-value", field, "it is empty")
    return text


def require_number(value: Any, field: str) -> int | float:
    number = number_of(value)
    if number is not None and math.isfinite(number):
        return number
    if value is None or value == "":
        raise UnfitRow("missing-value", field, "it is missing")
    raise UnfitRow("wrong-type", field, f"{quote_value(value)} is not a number")


def require_list(value: Any, field: str) -> list[Any]:
    decoded = decode_json(value)
    if isinstance(decoded, list):
        return decoded
    if decoded is None:
        raise UnfitRow("missing-value", field, "it is missing")
    raise UnfitRow("wrong-type", field, f"it is {describe_type(decoded)}, not a list")
