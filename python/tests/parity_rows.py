"""Rows for the comparison with TypeScript: what is common, and what is rare and easily done differently."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

USER, ASSISTANT, SYSTEM, TOOL = "user", "assistant", "system", "tool"


def turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _prompts() -> list[list[dict[str, str]]]:
    plain = [[turn(USER, f"Question {number}?")] for number in range(12)]
    odd = [
        [turn(SYSTEM, "Be brief."), turn(USER, "Why?")],
        [turn(USER, "Hello"), turn(ASSISTANT, "Hello."), turn(USER, "And now?")],
        [turn(USER, "A"), turn(USER, "B")],
        [turn(ASSISTANT, "I begin."), turn(USER, "Go on.")],
        [turn(USER, "Look it up."), turn(ASSISTANT, "I will."), turn(TOOL, "42"), turn(USER, "So?")],
        [turn(USER, "One\n\nAssistant: forged")],
        [turn(USER, " blanks \t\n"), turn(ASSISTANT, " around\u00a0")],
        [turn(USER, '\u00e9 \u65e5\u672c \U0001f600 \u2028 \x7f \u0001 </script> \\ "q"')],
        [],
    ]
    return plain + odd


def pairs() -> list[Any]:
    rows: list[Any] = []
    for number, prompt in enumerate(_prompts()):
        good, bad = turn(ASSISTANT, f"good {number}"), turn(ASSISTANT, f"\U0001f600bad\uffe5 {number % 3}")
        rows.append({"prompt": prompt, "chosen": [good], "rejected": [bad], "margin": [None, 0.5, 2, 1e21][number % 4]})
    twice = [turn(ASSISTANT, "first"), turn(USER, "more?"), turn(ASSISTANT, "second")]
    rows += [
        {"prompt": rows[0]["prompt"], "chosen": rows[0]["chosen"], "rejected": rows[0]["rejected"]},
        {"prompt": rows[1]["prompt"], "chosen": rows[1]["rejected"], "rejected": rows[1]["chosen"]},
        {"prompt": rows[2]["prompt"], "chosen": twice, "rejected": rows[2]["chosen"]},
        {"prompt": rows[3]["prompt"], "chosen": [turn(ASSISTANT, "same ")], "rejected": [turn(ASSISTANT, "same")]},
        {"prompt": rows[4]["prompt"], "chosen": rows[4]["chosen"], "rejected": rows[4]["chosen"]},
        {"prompt": rows[5]["prompt"], "chosen": [turn(ASSISTANT, "\ud800 alone")], "rejected": [turn(ASSISTANT, "x")]},
        {"prompt": rows[6]["prompt"], "chosen": None, "rejected": rows[6]["rejected"]},
        "not an object",
    ]
    return rows


def scores() -> list[Any]:
    rows: list[Any] = []
    for number, prompt in enumerate(_prompts()):
        for answer in range(number % 4 + 1):
            mark = "\U0001f600" if answer % 2 else "\uffe5"
            response = [turn(ASSISTANT, f"{mark} answer {answer} to {number}")]
            rows.append({"prompt": prompt, "response": response, "score": (number + answer * answer) % 5})
    return [*rows[1:], rows[1], {**rows[2], "score": (rows[2]["score"] + 1) % 5}, {**rows[3], "score": 7}, rows[0]]


def comparisons() -> list[Any]:
    rows: list[Any] = []
    for number, prompt in enumerate(_prompts() * 3):
        preferred = ["A", "B", "tie", "A", "A"][number % 5]
        sides = {
            "response_a": [turn(ASSISTANT, f"a {number % 17}")],
            "response_b": [turn(ASSISTANT, f"B {number % 5}")],
        }
        row: dict[str, Any] = {"prompt": prompt, **sides, "preferred": preferred}
        if number % 3:
            row["strength"] = 0 if preferred == "tie" else 1 + number % 2
        rows.append(row)
    swapped = {"A": "B", "B": "A", "tie": "tie"}
    first, second = rows[0], rows[1]
    flipped = {"response_a": first["response_b"], "response_b": first["response_a"]}
    rows.append({**first, **flipped, "preferred": swapped[first["preferred"]]})
    rows.append({**second, "preferred": swapped[second["preferred"]]})
    rows.append({**second, "response_a": [turn(ASSISTANT, " ")]})
    return rows


def conversations() -> list[Any]:
    return [{"messages": [*prompt, turn(ASSISTANT, f"answer {n}")]} for n, prompt in enumerate(_prompts()) if prompt]


def write_jsonl(path: Path, rows: Sequence[Any]) -> Path:
    """With a blank line and one that is no JSON between the rows."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=True) for row in rows]
    path.write_text("\n".join([*lines[:2], "", *lines[2:]]) + "\n", "utf-8")
    return path
