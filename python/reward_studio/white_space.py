"""White space as both languages see it."""

from __future__ import annotations

import re

# What JavaScript takes for white space: str.strip() has a few more and lacks U+FEFF.
_WHITE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_WHITE_RUN = re.compile(f"[{_WHITE}]+")


def squeeze(text: str) -> str:
    """The text without white space at its ends and with one space for each run inside."""
    return _WHITE_RUN.sub(" ", text).strip(" ")
