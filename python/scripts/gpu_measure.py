"""On a GPU: the estimate of memory beside the peak of trainings of real size, and the speed beside a bare script of TRL.

The models have the shapes of Qwen2.5 and random weights: memory and speed do not ask what a model knows.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from preset_table import MODELS
from reward_studio.training.memory import estimate
from reward_studio.training.spec import read_spec
from tests_trl.runs import PACKAGE, curve, events_of, write_run
from tests_trl.test_judges import conversations, scored
from tests_trl.test_memory import long_pairs
from tests_trl.tiny_model import make_tiny_model

# What the estimate may be off by (docs/training.md).
OFF_BY = 0.25
COMMON = {"max_steps": 4, "save_steps": 1000, "validation_share": 0, "batch_size": 8}
LONG = {"max_length": 1024, "truncation": "right"}
JUDGE = {"num_generations": 4, "max_completion_length": 128, "prompt": "brief", "thinking": "none", "max_length": 512}
CASES: tuple[tuple[str, str, str, Mapping[str, Any]], ...] = (
    ("bt-0.5b", "bradley-terry", "0.5 B", {**LONG, "micro_batch_size": 4, "gradient_checkpointing": False}),
    ("bt-1.5b", "bradley-terry", "1.5 B", {**LONG, "micro_batch_size": 4, "gradient_checkpointing": True}),
    ("bt-7b-lora", "bradley-terry", "7 B", {**LONG, "micro_batch_size": 2, "lora_rank": 16}),
    ("sft-1.5b", "sft", "1.5 B", {**LONG, "micro_batch_size": 4}),
    ("sft-1.5b-offload", "sft", "1.5 B", {**LONG, "micro_batch_size": 4, "activation_offload": True}),
    ("judge-0.5b", "pointwise", "0.5 B", {**JUDGE, "micro_batch_size": 8}),
)

# A training that ends where the model would be saved: what is estimated is the peak of training.
MEASURED = """
import sys, torch
from pathlib import Path
from reward_studio.training import worker
def finish(session, ready):
    free, total = torch.cuda.mem_get_info()
    context = total - free - torch.cuda.memory_reserved()
    print("peak", torch.cuda.max_memory_allocated() + context, torch.cuda.max_memory_reserved() + context)
    return 0
worker._finish = finish
sys.exit(worker.run_worker(Path(sys.argv[1]), 1, None))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=[case[0] for case in CASES])
    asked = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory(prefix="reward-studio-gpu-") as work:
        for name, method, model, settings in CASES:
            if name in asked.cases:
                missed += not measure(Path(work), name, method, model, settings)
    return 1 if missed else 0


def measure(work: Path, name: str, method: str, model: str, settings: Mapping[str, Any]) -> bool:
    base = work / model.replace(" ", "")
    if not base.is_dir():
        make_model(base, model)
    rows = {"bradley-terry": long_pairs, "sft": long_conversations, "pointwise": long_scored}[method](32)
    run = write_run(work, name, method, rows, {**COMMON, **settings}, str(base))
    estimated = estimate(read_spec(run))
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", MEASURED, str(run)]
    done = subprocess.run(command, cwd=PACKAGE, env=environment, capture_output=True, text=True, check=False)
    said = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("peak ")]
    events = events_of(run)
    # Checkpoints of models of this size fill a disk.
    shutil.rmtree(run)
    if done.returncode != 0 or not said:
        print(f"{name}: failed\n{done.stderr[-3000:]}", flush=True)
        return False
    peak, reserved = (int(number) for number in said[0])
    speed = curve(events, "train/tokens_per_second")
    gpu = curve(events, "system/gpu_memory_gb")
    apart = (estimated["total_bytes"] - peak) / peak
    print(
        f"{name}: {gb(estimated['total_bytes'])} estimated, {gb(peak)} at the peak ({apart:+.0%}), {gb(reserved)} with what "
        f"the allocator keeps, {max(gpu.values(), default=0):.2f} GB by NVML, {max(speed.values(), default=0):.0f} tokens/s, "
        f"parts {json.dumps({part: round(size / 2**30, 2) for part, size in estimated['parts'].items()})}",
        flush=True,
    )
    return abs(apart) <= OFF_BY


def make_model(folder: Path, model: str) -> None:
    import torch
    from transformers import AutoTokenizer, Qwen2Config, Qwen2ForCausalLM

    shape = MODELS[model]
    make_tiny_model(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    config = Qwen2Config(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.intermediate,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.key_value_heads,
        max_position_embeddings=4096,
        tie_word_embeddings=shape.tied,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
    )
    torch.set_default_dtype(torch.bfloat16)
    with torch.device("cuda"):
        made = Qwen2ForCausalLM(config)
    made.save_pretrained(folder)
    torch.set_default_dtype(torch.float32)
    del made
    torch.cuda.empty_cache()


def long_conversations(count: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(json.dumps(conversations(count)))
    for row in rows:
        row["messages"][-1]["content"] = " ".join([row["messages"][-1]["content"]] * LONG["max_length"])
    return rows


def long_scored(count: int) -> list[dict[str, Any]]:
    """Prompts of about the most tokens that a judge is given."""
    rows: list[dict[str, Any]] = json.loads(json.dumps(scored(count)))
    for row in rows:
        row["response"][0]["content"] = " ".join([row["response"][0]["content"]] * (JUDGE["max_length"] // 6))
    return rows


def gb(size: int) -> str:
    return f"{size / 2**30:.2f} GiB"


if __name__ == "__main__":
    sys.exit(main())
