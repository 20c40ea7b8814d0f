"""A trained reward model and a judge, asked over HTTP; an adapter merged."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from reward_studio.serving.loaded import before_stop
from tests_trl.runs import PACKAGE, RunTest, pairs
from tests_trl.test_bradley_terry import QUICK, rewards

TOKEN = "a-token-of-the-test"


class Server:
    """``serve`` in a process of its own, until ``stop`` or the end of its standard input."""

    def __init__(self, model: Path, ready_file: Path, *options: str) -> None:
        command = [sys.executable, "-m", "reward_studio", "serve", str(model), "--device", "cpu", *options]
        environment = {**os.environ, "REWARD_STUDIO_SERVE_TOKEN": TOKEN, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [*command, "--ready-file", str(ready_file)],
            cwd=PACKAGE,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdout is not None
        self.ready = json.loads(self.process.stdout.readline())

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=60)

    def ask(self, path: str, body: Mapping[str, Any] | None = None, token: str = TOKEN) -> tuple[int, Any]:
        request = urllib.request.Request(
            self.ready["url"] + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                text = response.read().decode("utf-8")
                return response.status, text if body and body.get("stream") else json.loads(text)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())


class RewardServerTest(RunTest):
    run_folder: Path
    server: Server
    ready_text: str

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.folder = Path(tempfile.mkdtemp(prefix="reward-studio-served-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        case = cls("test_the_ready_line_says_where_and_what")
        cls.run_folder = case.make_run("bradley-terry", pairs(64), {**QUICK, "lora_rank": 4, "learning_rate": 2e-2})
        case.train(cls.run_folder)
        cls.server = Server(cls.run_folder, cls.folder / "ready.json")
        cls.addClassCleanup(cls.server.stop)
        cls.ready_text = (cls.folder / "ready.json").read_text("utf-8")

    def test_the_ready_line_says_where_and_what(self) -> None:
        ready = self.server.ready
        self.assertEqual(json.loads(self.ready_text), ready)
        self.assertTrue(ready["url"].startswith("http://127.0.0.1:"))
        self.assertEqual((ready["kind"], ready["backend"], ready["model"]), ("reward", "transformers", "run"))
        self.assertEqual(self.server.ask("/v1/models")[1]["data"][0]["id"], "run")

    def test_without_the_token_nothing_but_health_is_answered(self) -> None:
        self.assertEqual(self.server.ask("/health", token="")[0], 200)
        for token in ("", "another"):
            status, answer = self.server.ask("/classify", {"input": "text"}, token)
            self.assertEqual((status, answer["error"]["type"]), (401, "authentication_error"))

    def test_a_reward_is_the_number_of_the_head_in_every_shape(self) -> None:
        answers = ("clear helpful great", "rude false bad")
        expected = rewards(self.run_folder / "model", answers)
        _, scored = self.server.ask("/score", {"model": "run", "text_1": "question", "text_2": list(answers)})
        for row, value in zip(scored["data"], expected):
            self.assertEqual(row["object"], "score")
            self.assertAlmostEqual(row["score"], value, places=4)
        turns = [{"role": "user", "content": "question"}, {"role": "assistant", "content": answers[0]}]
        _, classified = self.server.ask("/classify", {"messages": turns, "use_activation": False})
        self.assertAlmostEqual(classified["data"][0]["probs"][0], expected[0], places=4)
        self.assertEqual(classified["data"][0]["num_classes"], 1)
        _, squashed = self.server.ask("/classify", {"messages": turns})
        self.assertLess(squashed["data"][0]["probs"][0], 1)
        _, pooled = self.server.ask("/pooling", {"messages": turns})
        self.assertAlmostEqual(pooled["data"][0]["data"][0], expected[0], places=4)
        self.assertGreater(expected[0], expected[1])

    def test_texts_that_are_asked_at_once_get_their_own_rewards(self) -> None:
        answers = [" ".join(["clear", "rude", "great"][: 1 + number % 3] * (1 + number)) for number in range(20)]
        expected = rewards(self.run_folder / "model", answers)

        def reward(answer: str) -> float:
            turns = [{"role": "user", "content": "question"}, {"role": "assistant", "content": answer}]
            _, classified = self.server.ask("/classify", {"messages": turns, "use_activation": False})
            return float(classified["data"][0]["probs"][0])

        with ThreadPoolExecutor(len(answers)) as threads:
            for found, value in zip(threads.map(reward, answers), expected):
                self.assertAlmostEqual(found, value, places=4)

    def test_what_cannot_be_answered_says_why(self) -> None:
        self.assertEqual(self.server.ask("/v1/chat/completions", {"messages": []})[0], 404)
        self.assertEqual(self.server.ask("/score", {"text_1": ["a", "b"], "text_2": ["c"]})[0], 400)
        status, answer = self.server.ask("/classify", {"input": "word " * 2000})
        self.assertEqual(status, 400)
        self.assertIn("512", answer["error"]["message"])
        self.assertEqual(self.server.ask("/classify", {"model": "other", "input": "a"})[0], 404)

    def test_an_adapter_merges_into_the_model_that_the_run_has(self) -> None:
        out = self.folder / "merged"
        command = [sys.executable, "-m", "reward_studio", "merge", str(self.run_folder), str(out), "--json"]
        done = subprocess.run(command, cwd=PACKAGE, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual(told["model"], str(out))
        answers = ("clear helpful great", "rude false bad")
        merged, trained = (rewards(folder, answers) for folder in (out, self.run_folder / "model"))
        for left, right in zip(merged, trained):
            self.assertAlmostEqual(left, right, places=4)
        again = subprocess.run(command, cwd=PACKAGE, capture_output=True, text=True, check=False)
        self.assertEqual(json.loads(again.stdout.splitlines()[-1])["error"]["code"], "already-exists")

    def test_without_a_token_it_does_not_start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "REWARD_STUDIO_SERVE_TOKEN"}
        command = [sys.executable, "-m", "reward_studio", "serve", str(self.run_folder)]
        done = subprocess.run(command, cwd=PACKAGE, env=environment, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("REWARD_STUDIO_SERVE_TOKEN is not set", done.stderr)
        self.assertNotIn("Traceback", done.stderr)


class JudgeServerTest(RunTest):
    def test_a_judge_answers_chats(self) -> None:
        server = Server(self.shared / "tiny", self.folder / "ready.json")
        self.addCleanup(server.stop)
        self.assertEqual(server.ready["kind"], "judge")
        asked = {
            "model": "tiny",
            "messages": [{"role": "user", "content": "question"}],
            "max_tokens": 5,
            "temperature": 0,
        }
        status, first = server.ask("/v1/chat/completions", asked)
        self.assertEqual((status, first["object"]), (200, "chat.completion"))
        self.assertLessEqual(first["usage"]["completion_tokens"], 5)
        self.assertIn(first["choices"][0]["finish_reason"], ("stop", "length"))
        self.assertEqual(
            first["choices"][0]["message"], server.ask("/v1/chat/completions", asked)[1]["choices"][0]["message"]
        )
        sampled = {**asked, "temperature": 1.0, "seed": 7, "n": 2}
        _, several = server.ask("/v1/chat/completions", sampled)
        self.assertEqual([choice["index"] for choice in several["choices"]], [0, 1])
        self.assertEqual(several["choices"], server.ask("/v1/chat/completions", sampled)[1]["choices"])
        _, streamed = server.ask("/v1/chat/completions", {**asked, "stream": True})
        lines = [line[6:] for line in streamed.split("\n") if line.startswith("data: ")]
        self.assertEqual(lines[-1], "[DONE]")
        parts = [json.loads(line)["choices"][0]["delta"].get("content", "") for line in lines[:-1]]
        self.assertEqual("".join(parts), first["choices"][0]["message"]["content"])
        self.assertEqual(server.ask("/score", {"text_1": "a", "text_2": "b"})[0], 404)
        questions = [{**asked, "messages": [{"role": "user", "content": "question " * n}]} for n in range(1, 7)]

        def written(question: Mapping[str, Any]) -> tuple[str, int]:
            answer = server.ask("/v1/chat/completions", question)[1]
            return answer["choices"][0]["message"]["content"], answer["usage"]["completion_tokens"]

        alone = [written(question) for question in questions]
        with ThreadPoolExecutor(len(questions)) as threads:
            self.assertEqual(list(threads.map(written, questions)), alone)

    def test_it_ends_with_its_standard_input_and_refuses_what_is_longer_than_asked(self) -> None:
        server = Server(self.shared / "tiny", self.folder / "ready.json", "--end-with-stdin", "--max-length", "4")
        self.addCleanup(server.stop)
        status, answer = server.ask("/v1/chat/completions", {"messages": [{"role": "user", "content": "question " * 9}]})
        self.assertEqual(status, 400)
        self.assertIn("and the model takes 4.", answer["error"]["message"])
        server.process.communicate(timeout=60)
        self.assertIn(server.process.returncode, (0, -signal.SIGTERM))

    def test_a_text_ends_before_the_stop_string_that_comes_first_in_it(self) -> None:
        self.assertEqual(before_stop("one two three", ["three", "two"]), "one ")
        self.assertEqual(before_stop("one two three", ["four"]), None)



class DoctorTest(unittest.TestCase):
    def test_it_says_what_there_is_and_what_engines_lack(self) -> None:
        command = [sys.executable, "-m", "reward_studio", "doctor", "--json"]
        done = subprocess.run(command, cwd=PACKAGE, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        self.assertEqual(found["python"]["executable"], sys.executable)
        self.assertTrue(found["engines"]["trl"]["ready"], found["engines"]["trl"])
        self.assertFalse(found["engines"]["verl"]["ready"])
        self.assertIn("verl", [each["package"] for each in found["engines"]["verl"]["missing"]])
        self.assertGreater(found["disk"]["free_bytes"], 0)
        self.assertGreater(found["cpu"]["memory_bytes"], 0)


if __name__ == "__main__":
    unittest.main()
