"""The runs of gpu_smoke.sh, and what has to come of them."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

from tests_trl.runs import curve, events_of, of_kind, pairs, write_run
from tests_trl.test_judges import conversations, scored
from tests_trl.tiny_model import make_tiny_model

ROWS = 64
COMMON = {"batch_size": 8, "micro_batch_size": 2, "max_steps": 4, "save_steps": 2, "keep_checkpoints": 4}
# A loss of BF16, summed in another order after resuming.
TOLERANCE = 2e-2


def prepare(folder: Path, processes: int, cpu: bool, model: str) -> None:
    base = model or str(make_tiny_model(folder / "tiny"))
    device = {"device": "cpu" if cpu else "auto", "precision": "bf16"}
    shared = {**COMMON, **device, "processes": processes}
    judge = {"num_generations": 4, "max_completion_length": 32, "prompt": "brief", "thinking": "none"}
    runs: dict[str, tuple[str, list[dict[str, Any]], dict[str, Any]]] = {
        "fsdp2": ("bradley-terry", pairs(ROWS), {**shared, "sharding": "fsdp2"}),
        "ddp-lora": ("bradley-terry", pairs(ROWS), {**shared, "sharding": "ddp", "lora_rank": 8}),
        "judge": ("pointwise", scored(ROWS), {**shared, **judge, "sharding": "fsdp2"}),
        "offload": ("sft", conversations(ROWS), {**COMMON, **device, "activation_offload": True}),
    }
    for name, (method, rows, settings) in runs.items():
        write_run(folder, name, method, rows, settings, base)


def finished(folder: Path, name: str, cpu: bool) -> None:
    events = events_of(folder / name, 1)
    check(name, events[-1].get("status") == "finished", f"last event: {events[-1]}")
    losses = curve(events, "train/loss")
    check(name, sorted(losses) == [1, 2, 3, 4], f"steps: {sorted(losses)}")
    check(name, all(map(math.isfinite, losses.values())), f"losses: {losses}")
    grader = json.loads((folder / name / "model" / "grader.json").read_text("utf-8"))
    difference = grader["smoke_test"]["largest_difference"]
    memory = curve(events, "system/gpu_memory_gb")
    check(name, cpu or len(memory) == len(losses), "no statistics of NVML")
    speed = of_kind(events, "metrics")[-1]["values"].get("train/tokens_per_second")
    print(
        f"{name}: finished, loss {losses[1]:.4f} to {losses[4]:.4f}, reloaded within {difference:.2g}"
        + ("" if cpu else f", {max(memory.values()):.1f} GB on the fullest GPU")
        + ("" if speed is None else f", {speed:.0f} tokens/s")
    )


def resumed(folder: Path, name: str, cpu: bool) -> None:
    first, second = (curve(events_of(folder / name, attempt), "train/loss") for attempt in (1, 2))
    check(name, sorted(second) == [3, 4], f"steps after resuming: {sorted(second)}")
    apart = max(abs(first[step] - second[step]) for step in second)
    check(name, apart <= TOLERANCE, f"the loss after resuming is {apart:.3g} apart")
    print(f"{name}: resumed from step 2 to losses within {apart:.2g}")


def check(name: str, holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(f"{name}: {otherwise}")


if __name__ == "__main__":
    what, given = sys.argv[1], sys.argv[2:]
    if what == "prepare":
        prepare(Path(given[0]), int(given[1]), given[2] == "true", given[3])
    else:
        {"finished": finished, "resumed": resumed}[what](Path(given[0]), given[1], given[2] == "true")
