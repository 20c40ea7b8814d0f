"""The runs of gpu_smoke.sh, and what has to come of them."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests_trl.runs import PACKAGE, curve, events_of, of_kind, pairs, write_run
from tests_trl.test_judges import conversations, scored
from tests_trl.tiny_model import make_tiny_model

ROWS = 64
COMMON = {"batch_size": 8, "micro_batch_size": 2, "max_steps": 4, "save_steps": 2, "keep_checkpoints": 4}
# A loss of BF16, summed in another order after resuming.
TOLERANCE = 2e-2
# On one GPU the sharing itself is tried all the same, in a group of one process, which a run file may not ask for.
ALONE = """
import sys
from pathlib import Path
from reward_studio.training import hardware, worker
hardware._sharding = lambda settings, processes, cuda: sys.argv[1]
checkpoint = Path(sys.argv[4]) if len(sys.argv) > 4 else None
sys.exit(worker.run_worker(Path(sys.argv[2]), int(sys.argv[3]), checkpoint))
"""
SHARING = {"fsdp2": "fsdp2", "ddp-lora": "ddp", "judge": "fsdp2"}


def prepare(folder: Path, processes: int, cpu: bool, model: str) -> None:
    base = model or str(make_tiny_model(folder / "tiny"))
    device = {"device": "cpu" if cpu else "auto", "precision": "bf16"}

    def shared(name: str) -> dict[str, Any]:
        return {**COMMON, **device, **({"processes": processes, "sharding": SHARING[name]} if processes > 1 else {})}

    judge = {"num_generations": 4, "max_completion_length": 32, "prompt": "brief", "thinking": "none"}
    runs: dict[str, tuple[str, list[dict[str, Any]], dict[str, Any]]] = {
        "fsdp2": ("bradley-terry", pairs(ROWS), shared("fsdp2")),
        "ddp-lora": ("bradley-terry", pairs(ROWS), {**shared("ddp-lora"), "lora_rank": 8}),
        "judge": ("pointwise", scored(ROWS), {**shared("judge"), **judge}),
        "offload": ("sft", conversations(ROWS), {**COMMON, **device, "activation_offload": True}),
    }
    for name, (method, rows, settings) in runs.items():
        write_run(folder, name, method, rows, settings, base)


def alone(folder: Path, name: str, attempt: str, checkpoint: Sequence[str]) -> int:
    """Trains a run that several processes would share, in a group of one."""
    environment = {
        **os.environ,
        "RANK": "0",
        "LOCAL_RANK": "0",
        "WORLD_SIZE": "1",
        "LOCAL_WORLD_SIZE": "1",
        "REWARD_STUDIO_RENDEZVOUS": str(folder / f"{name}-{attempt}.rendezvous"),
    }
    command = [sys.executable, "-c", ALONE, SHARING[name], str(folder / name), attempt, *checkpoint]
    return subprocess.run(command, cwd=PACKAGE, env=environment, check=False).returncode


def finished(folder: Path, name: str, cpu: bool) -> None:
    events = events_of(folder / name, 1)
    check(name, events[-1].get("status") == "finished", f"last event: {events[-1]}")
    losses = curve(events, "train/loss")
    check(name, sorted(losses) == [1, 2, 3, 4], f"steps: {sorted(losses)}")
    check(name, all(map(math.isfinite, losses.values())), f"losses: {losses}")
    grader = json.loads((folder / name / "model" / "grader.json").read_text("utf-8"))
    difference = grader["smoke_test"]["largest_difference"]
    memory = curve(events, "system/gpu_memory_gb")
    check(name, cpu or memory, "no statistics of NVML")
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
    elif what == "alone":
        sys.exit(alone(Path(given[0]), given[1], given[2], given[3:]))
    else:
        {"finished": finished, "resumed": resumed}[what](Path(given[0]), given[1], given[2] == "true")
