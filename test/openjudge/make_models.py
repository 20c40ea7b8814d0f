"""Model folders as a training leaves them, of tiny random weights: FOLDER/reward, FOLDER/pointwise, FOLDER/pairwise."""

import json
import sys
from pathlib import Path

import torch
from tests_trl.tiny_model import make_tiny_model
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer

from reward_studio.judges.prompts import judge_prompt

folder = Path(sys.argv[1])
make_tiny_model(folder / "tiny")
tokenizer = AutoTokenizer.from_pretrained(folder / "tiny")
torch.manual_seed(7)
reward = AutoModelForSequenceClassification.from_pretrained(folder / "tiny", num_labels=1)
# The random head says nearly nothing: made larger, its rewards differ.
torch.nn.init.normal_(reward.score.weight, std=4.0)


def save(name: str, model: object, grader: dict) -> None:
    model.save_pretrained(folder / name)
    tokenizer.save_pretrained(folder / name)
    (folder / name / "grader.json").write_text(json.dumps({"version": 1, **grader}), "utf-8")


quantiles = [place / 10 - 5 for place in range(101)]
save(
    "reward",
    reward,
    {
        "kind": "reward",
        "method": "bradley-terry",
        "scale": "logit-within-prompt",
        "scores": {"quantiles": quantiles, "margins": None},
    },
)

for method, scale in (("pointwise", "score-0-4"), ("pairwise", "preference-a-b-tie")):
    asked = {**judge_prompt(method, "standard", "", "prompt").as_json(), "thinking": "prompt", "max_completion_length": 8}
    judge = {"kind": "judge", "method": method, "scale": scale, "judge": asked}
    save(method, AutoModelForCausalLM.from_pretrained(folder / "tiny"), judge)
