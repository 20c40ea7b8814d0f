"""The judge from a terminal: rows of JSON on standard input, one a line, with their verdicts on standard output."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from reward_studio.exported.completions import Completions
from reward_studio.exported.grader_data import GRADER
from reward_studio.exported.rendering import render
from reward_studio.judges.verdict_rules import VerdictRules

_NAMES = ("response",) if GRADER.get("method") == "pointwise" else ("response_a", "response_b")


def main() -> None:
    parser = argparse.ArgumentParser(description=f"Verdicts on rows of query, {', '.join(_NAMES)}.")
    parser.add_argument("--model", help="folder of the model; with --url the name that the server gives it")
    parser.add_argument("--url", help="of a server of OpenAI's chat API; without it transformers loads the model")
    arguments = parser.parse_args()
    # A key is read from the environment: command lines can be seen by everybody on a machine.
    completions = Completions(arguments.model, arguments.url, os.environ.get("GRADER_API_KEY"))
    rules = VerdictRules(**GRADER["verdicts"])
    for line in sys.stdin:
        row = json.loads(line)
        text = completions.of(render(GRADER["judge"], row["query"], {name: row[name] for name in _NAMES}))
        verdict = rules.read(text)
        told: dict[str, Any] = {"verdict": verdict, "scale": GRADER["scale"]}
        # No verdict is no score: what was written tells why.
        told.update({"error": "no verdict", "raw": text} if verdict is None else {"reason": rules.reason(text)})
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
