"""The estimate of memory against the measured peak of a training, on two models."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any

from reward_studio.training.hardware import Hardware
from reward_studio.training.memory import Activations, Shape, activations, estimate
from reward_studio.training.spec import read_spec
from tests_trl.runs import PACKAGE, RunTest, pairs
from tests_trl.tiny_model import make_tiny_model

# A training that ends where the model would be saved: the peak that is estimated is that of training.
_MEASURED = """
import resource, sys
from pathlib import Path
from reward_studio.training import worker
def finish(session, ready):
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
    return 0
worker._finish = finish
sys.exit(worker.run_worker(Path(sys.argv[1]), 1, None))
"""
TOKENS = 200
ON_GPU = Hardware("cuda", bf16=True, processes=1, sharding="none")
# Qwen2.5-0.5B.
QWEN_HALF_B = Shape(24, 896, 14, 2, 64, 4864, 151_936, tied=True)


class MemoryTest(RunTest):
    def test_the_estimate_is_within_a_quarter_of_the_measured_peak(self) -> None:
        models = (("narrow", 512, 8), ("wide", 1024, 4))
        for (name, hidden, layers), checkpointing in zip(models, (False, True)):
            base = make_larger_model(self.folder / name, hidden, layers)
            settings = {
                "max_steps": 2,
                "batch_size": 4,
                "micro_batch_size": 4,
                "max_length": TOKENS,
                "truncation": "right",
                "validation_share": 0,
                "gradient_checkpointing": checkpointing,
            }
            folder = self.make_run("bradley-terry", long_pairs(4), settings, name=f"run-{name}", base_model=str(base))
            command = [sys.executable, "-c", _MEASURED, str(folder)]
            environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
            done = subprocess.run(command, cwd=PACKAGE, env=environment, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr[-2000:])
            peak = next(int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("peak"))
            estimated = estimate(read_spec(folder))["total_bytes"]
            print(f"memory: {name}: {estimated / 2**20:.0f} MiB estimated, {peak / 2**20:.0f} MiB measured")
            self.assertLess(abs(estimated - peak), peak / 4, f"{name}: {estimated} estimated, {peak} measured")

    def test_offloading_leaves_one_layer_on_the_gpu_and_the_rest_to_the_cpu(self) -> None:
        def of(**settings: bool) -> Activations:
            asked = {"micro_batch_size": 2, "max_length": 1000, "gradient_checkpointing": False, **settings}
            return activations("bradley-terry", asked, ON_GPU, QWEN_HALF_B, None)

        # In BF16: 2 bytes of each of 2 pairs of 1000 tokens.
        number = 2 * 2 * 2 * 1000
        of_layer = number * (6 * 896 + 3 * 896 + 4 * 128 + 4 * 4864)
        inputs = number * 896
        self.assertEqual(of(), Activations(24 * of_layer, 0))
        self.assertEqual(of(gradient_checkpointing=True), Activations(of_layer + 24 * inputs, 0))
        self.assertEqual(of(activation_offload=True), Activations(of_layer, 24 * of_layer))
        both = of(gradient_checkpointing=True, activation_offload=True)
        self.assertEqual(both, Activations(of_layer + 5 * inputs, 24 * inputs))

    def test_what_lowers_memory_is_suggested(self) -> None:
        folder = self.make_run("bradley-terry", pairs(4), {"micro_batch_size": 8, "max_length": 400})
        found = estimate(read_spec(folder))
        names = [each["name"] for each in found["suggestions"]]
        self.assertEqual(names, ["gradient_checkpointing", "micro_batch_size", "lora_rank"])
        for each in found["suggestions"]:
            self.assertLess(each["total_bytes"], found["total_bytes"])
        self.assertTrue(found["fits"])


def make_larger_model(folder: Path, hidden: int, layers: int) -> Path:
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    make_tiny_model(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    config = LlamaConfig(
        vocab_size=16_000,
        hidden_size=hidden,
        intermediate_size=3 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=8,
        num_key_value_heads=4,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
        tie_word_embeddings=True,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def long_pairs(count: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(json.dumps(pairs(count)))
    for row in rows:
        for side in ("chosen", "rejected"):
            row[side][0]["content"] = " ".join([row[side][0]["content"]] * TOKENS)
    return rows


if __name__ == "__main__":
    unittest.main()
