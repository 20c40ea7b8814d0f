"""JSON and numbers as JavaScript reads and writes them, so that both languages see the same text."""

from __future__ import annotations

import json
import math
import re
from json.encoder import encode_basestring
from typing import Any

_SAFE = 2**53
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_json(text: str) -> Any:
    """The value of a JSON text; a number is the double that it stands for, whole ones as ``int``.

    Raises:
        ValueError: the text is not JSON (``NaN`` and ``Infinity`` are not), or is nested too deeply.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error


def number_text(number: int | float) -> str:
    """A finite number as JavaScript's ``String`` writes it: ``4`` for 4.0, ``1e+21``, ``1e-7``."""
    if isinstance(number, int):
        return str(number)
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, power = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    # The value is 0.DIGITS times ten to the `point`.
    leading = len(whole + fraction) - len(digits)
    point = len(whole) - leading + int(power or 0)
    digits = digits.rstrip("0")
    return sign + _placed(digits, point)


def write_json(value: Any) -> str:
    """A value as JavaScript's ``JSON.stringify`` writes it: without blanks, lone surrogates escaped."""
    if isinstance(value, str):
        quoted = encode_basestring(value)
        if value.isascii():
            return quoted
        return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)
    if isinstance(value, (bool, type(None))):
        return json.dumps(value)
    if isinstance(value, (int, float)):
        if not math.isfinite(value):
            return "null"
        return number_text(_integer(str(value)) if isinstance(value, int) else value)
    if isinstance(value, (list, tuple)):
        return f"[{','.join(write_json(item) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{write_json(str(key))}:{write_json(item)}" for key, item in value.items()) + "}"
    return json.dumps(str(value), ensure_ascii=False)


def utf8(text: str) -> bytes:
    """The UTF-8 of a text, with U+FFFD for a lone surrogate, as JavaScript encodes it."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub("\ufffd", text).encode("utf-8")


def _placed(digits: str, point: int) -> str:
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    power = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return digits[0] + (f".{digits[1:]}" if count > 1 else "") + power


def _integer(text: str) -> int | float:
    if len(text) > 16:
        return _float(text)
    number = int(text)
    return number if -_SAFE <= number <= _SAFE else _float(text)


def _float(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) <= _SAFE else number


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_float, parse_constant=_refuse)
