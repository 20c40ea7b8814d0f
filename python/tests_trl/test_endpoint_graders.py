"""Graders of the registry that ask models served by ``serve``: the real command line against the real server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

from tests.typescript_cli import ROOT, missing
from tests_trl.test_bradley_terry import rewards
from tests_trl.test_serving import TOKEN, Server
from tests_trl.tiny_model import make_tiny_model

PROMPT = "question"
GOOD, BAD = "clear helpful great", "rude false bad"


@unittest.skipIf(missing() is not None, str(missing()))
class EndpointGradersTest(unittest.TestCase):
    folder: Path

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp(prefix="reward-studio-endpoints-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        make_tiny_model(cls.folder / "tiny")

    def serve(self, model: Path) -> str:
        server = Server(model, self.folder / f"{model.name}.json")
        self.addCleanup(server.stop)
        return str(server.ready["url"])

    def cli(self, *arguments: str, key: str = TOKEN) -> Any:
        command = ["node", str(ROOT / "dist/cli.mjs"), *arguments, "--json"]
        environment = {**os.environ, "REWARD_STUDIO_KEY_SERVED": key}
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, encoding="utf-8")
        return json.loads(done.stdout)

    def grade(self, grader: str, *responses: str, **more: str) -> Any:
        texts = [part for response in responses for part in ("--response", response)]
        return self.cli("grade", "--grader", grader, "--prompt", PROMPT, *texts, **more)

    def test_a_reward_is_that_of_the_model_by_every_api(self) -> None:
        model = make_reward_model(self.folder)
        url = self.serve(model)
        expected = dict(zip((GOOD, BAD), rewards(model, (GOOD, BAD))))
        for api in ("reward-studio", "vllm-classify", "vllm-pooling", "vllm-score"):
            with self.subTest(api):
                kind = ["--kind", "reward-endpoint", "--url", url, "--api", api, "--key", "served"]
                self.cli("graders", "add", api, *kind, "--model", model.name)
                first, second = self.grade(api, GOOD, BAD)["grades"]
                self.assertEqual(first["scale"], "logit-within-prompt")
                self.assertAlmostEqual(first["score"], expected[GOOD], places=4)
                self.assertAlmostEqual(second["score"], expected[BAD], places=4)
                self.assertAlmostEqual(first["comparison"]["margin"], expected[GOOD] - expected[BAD], places=4)
        refused = self.grade("vllm-score", GOOD, key="another")["error"]
        self.assertEqual(refused["code"], "permission-denied")
        self.assertIn("The token is missing or wrong", refused["message"])

    def test_a_judge_gives_its_verdict_or_its_words(self) -> None:
        for word, name in (("<score>3</score>", "scores"), ("<better>A</better>", "names-the-first")):
            url = self.serve(make_judge_that_writes(self.folder, word, name))
            method = "pointwise" if name == "scores" else "pairwise"
            kind = ["--kind", "judge-endpoint", "--url", f"{url}/v1", "--model", name, "--key", "served"]
            self.cli("graders", "add", name, *kind, "--method", method)
            self.cli("graders", "add", f"{name} asked for a score", *kind, "--method", "pointwise")
        [grade] = self.grade("scores", GOOD)["grades"]
        self.assertEqual((grade["score"], grade["label"], grade["scale"]), (3, 3, "score-0-4"))
        compared, _ = self.grade("names-the-first", GOOD, BAD)["grades"]
        self.assertEqual(compared["comparison"]["verdict"], "tie")
        self.assertIn("depends on the order", compared["notes"][0])
        failed = self.grade("names-the-first asked for a score", GOOD)["error"]
        self.assertEqual(failed["code"], "no-verdict")
        self.assertIn("<better>A</better>", failed["message"])


def make_reward_model(folder: Path) -> Path:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    torch.manual_seed(7)
    model = AutoModelForSequenceClassification.from_pretrained(folder / "tiny", num_labels=1)
    # The random head says nearly nothing: made larger, its rewards differ.
    torch.nn.init.normal_(model.score.weight, std=4.0)
    model.save_pretrained(folder / "reward")
    AutoTokenizer.from_pretrained(folder / "tiny").save_pretrained(folder / "reward")
    return folder / "reward"


def make_judge_that_writes(folder: Path, word: str, name: str) -> Path:
    """A transformer that writes one token and ends, whatever it reads: its layers add nothing to the embedding."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder / "tiny")
    # Prompts of judges are longer than the tiny model's few positions.
    model = AutoModelForCausalLM.from_pretrained(
        folder / "tiny", max_position_embeddings=8192, tie_word_embeddings=False
    )
    said = tokenizer.convert_tokens_to_ids(word)
    with torch.no_grad():
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        for weights in (model.model.embed_tokens.weight, model.lm_head.weight):
            weights.zero_()
        model.model.embed_tokens.weight[:, 0] = 1
        model.lm_head.weight[said, 0] = 1
        model.model.embed_tokens.weight[said] = 0
        model.model.embed_tokens.weight[said, 1] = 1
        model.lm_head.weight[tokenizer.eos_token_id, 1] = 1
    model.save_pretrained(folder / name)
    tokenizer.save_pretrained(folder / name)
    return folder / name


if __name__ == "__main__":
    unittest.main()
