"""The reward model from a terminal: rows of JSON on standard input, one a line, with their rewards on standard output."""

from __future__ import annotations

import argparse
import json
import os
import sys

from reward_studio.exported.grader_data import GRADER
from reward_studio.exported.rewards import Rewards, percentile_of
from reward_studio.exported.texts import messages_of


def main() -> None:
    parser = argparse.ArgumentParser(description='Rewards of rows {"query": ..., "response": ...}.')
    parser.add_argument("--model", help="folder of the model; with --url the name that the server gives it")
    parser.add_argument("--url", help="of a server with /classify; without it transformers loads the model")
    arguments = parser.parse_args()
    # A key is read from the environment: command lines can be seen by everybody on a machine.
    rewards = Rewards(arguments.model, arguments.url, os.environ.get("GRADER_API_KEY"))
    for line in sys.stdin:
        row = json.loads(line)
        reward = rewards.of([*messages_of(row["query"], "user"), *messages_of(row["response"], "assistant")])
        told = {"reward": reward, "scale": GRADER["scale"], "percentile": percentile_of(reward)}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
