"""How ``serve`` starts vLLM and lets it go: a stand-in of its name answers on the same address, and writes down how it was
started. vLLM itself is not tried here: it needs a GPU."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path
from typing import Any

from reward_studio.serving.require_token import RequireToken
from reward_studio.serving.vllm_command import vllm_command, vllm_environment

PACKAGE = Path(__file__).resolve().parents[1]
TOKEN = "a-token-of-the-test"
STAND_IN = '''
import argparse, http.server, json, os, signal, sys, threading
parser = argparse.ArgumentParser()
parser.add_argument("--host")
parser.add_argument("--port", type=int)
options, _ = parser.parse_known_args()
if os.environ.get("STAND_IN_FAILS"):
    sys.exit(3)

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        if self.path == "/started":
            self.wfile.write(json.dumps({"argv": sys.argv[1:], "environment": dict(os.environ), "pid": os.getpid()}).encode())
        if self.path == "/until-the-end":
            self.wfile.flush()
            threading.Event().wait()

    def log_message(self, *_):
        pass

if not os.environ.get("STAND_IN_ENDS_BY_SIGNAL"):
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
http.server.ThreadingHTTPServer((options.host, options.port), Handler).serve_forever()
'''
TORCH = '''
import os

class cuda:
    is_available = staticmethod(lambda: not os.environ.get("NO_GPU"))
    is_bf16_supported = staticmethod(lambda: True)
'''
REWARD = {"architectures": ["Qwen2ForSequenceClassification"], "id2label": {"0": "LABEL_0"}}
JUDGE = {"architectures": ["Qwen2ForCausalLM"]}


class VllmCommandTest(unittest.TestCase):
    def command(self, kind: str, max_length: int | None = None) -> list[str]:
        return vllm_command(Path("/models/m"), "my run", kind, "127.0.0.1", 8123, "bfloat16", max_length)[1:]

    def test_a_judge_is_an_ordinary_model_at_an_address_of_this_machine(self) -> None:
        expected = ["-m", "vllm.entrypoints.openai.api_server", "--model", "/models/m", "--served-model-name", "my run"]
        expected += ["--host", "127.0.0.1", "--port", "8123"]
        expected += ["--middleware", "reward_studio.serving.require_token.RequireToken", "--dtype", "bfloat16"]
        self.assertEqual(self.command("judge"), expected)
        self.assertEqual(self.command("judge", 4096), [*expected, "--max-model-len", "4096"])

    def test_a_reward_head_is_a_pooling_model_that_gives_the_numbers_of_its_classes(self) -> None:
        self.assertEqual(self.command("reward")[-4:], ["--runner", "pooling", "--convert", "classify"])

    def test_the_environment_has_the_key_and_tells_nobody_of_the_use(self) -> None:
        found = vllm_environment({"HOME": "/home/me", "PYTHONPATH": "/theirs"}, TOKEN)
        path = os.pathsep.join([str(PACKAGE), "/theirs"])
        expected = {"HOME": "/home/me", "PYTHONPATH": path, "VLLM_API_KEY": TOKEN}
        self.assertEqual(found, {**expected, "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"})


class RequireTokenTest(unittest.TestCase):
    def answer(self, path: str, authorization: str | None, token: str | None = TOKEN, kind: str = "http") -> Any:
        sent: list[Any] = []

        async def app(*_: Any) -> None:
            sent.append("passed on")

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {}

        headers = [] if authorization is None else [(b"authorization", authorization.encode())]
        asyncio.run(RequireToken(app, token)({"type": kind, "path": path, "headers": headers}, receive, send))
        return sent[0] if sent[0] == "passed on" else sent[0].get("status", sent[0].get("code"))

    def test_every_path_but_health_needs_the_token(self) -> None:
        for path in ("/classify", "/v1/chat/completions", "/health/../classify"):
            self.assertEqual(self.answer(path, f"Bearer {TOKEN}"), "passed on")
            for wrong in (None, TOKEN, f"Bearer {TOKEN}x", "Bearer "):
                self.assertEqual(self.answer(path, wrong), 401)
        self.assertEqual(self.answer("/health", None), "passed on")
        self.assertEqual(self.answer("/v1/realtime", None, kind="websocket"), 1008)

    def test_a_server_without_a_token_answers_nobody(self) -> None:
        self.assertNotIn("VLLM_API_KEY", os.environ)
        self.assertEqual(self.answer("/classify", "Bearer ", token=None), 401)


class VllmServerTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="reward-studio-vllm-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.packages = self.folder / "packages"
        module = self.packages / "vllm" / "entrypoints" / "openai"
        module.mkdir(parents=True)
        for package in (module, module.parent, module.parent.parent):
            (package / "__init__.py").write_text("", "utf-8")
        (module / "api_server.py").write_text(STAND_IN, "utf-8")
        (self.packages / "torch.py").write_text(TORCH, "utf-8")

    def model(self, config: dict[str, Any], name: str = "my model") -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True)
        (folder / "config.json").write_text(json.dumps(config), "utf-8")
        return folder

    def of_version(self, version: str) -> None:
        folder = self.packages / f"vllm-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {version}\n", "utf-8")

    def serve(self, model: Path, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        path = os.pathsep.join([str(self.packages), str(PACKAGE)])
        own = {"PYTHONPATH": path, "REWARD_STUDIO_SERVE_TOKEN": TOKEN, **environment}
        process = subprocess.Popen(
            [sys.executable, "-m", "reward_studio", "serve", str(model), *options],
            cwd=PACKAGE,
            env={**os.environ, **own},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.addCleanup(process.communicate)
        self.addCleanup(process.terminate)
        return process

    def ready(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        assert process.stdout is not None
        line: dict[str, Any] = json.loads(process.stdout.readline())
        return line

    def started(self, ready: dict[str, Any]) -> dict[str, Any]:
        """How the stand-in was started."""
        with urllib.request.urlopen(f"{ready['url']}/started", timeout=30) as response:
            found: dict[str, Any] = json.loads(response.read())
            return found

    def assert_gone(self, url: str) -> None:
        with self.assertRaises(OSError):
            urllib.request.urlopen(f"{url}/health", timeout=5)

    def test_where_it_is_installed_and_there_is_a_gpu_it_serves_with_the_token_in_its_environment_alone(self) -> None:
        self.of_version("0.11.1")
        model = self.model(JUDGE)
        ready = self.ready(self.serve(model))
        self.assertEqual((ready["backend"], ready["kind"], ready["model"]), ("vllm", "judge", "my model"))
        started = self.started(ready)
        port = int(ready["url"].rsplit(":", 1)[1])
        expected = vllm_command(model.resolve(), "my model", "judge", "127.0.0.1", port, "bfloat16", None)
        self.assertEqual(started["argv"], expected[3:])
        self.assertEqual(started["environment"]["VLLM_API_KEY"], TOKEN)
        self.assertFalse([argument for argument in started["argv"] if TOKEN in argument])

    def test_the_model_of_a_run_has_the_name_of_the_run(self) -> None:
        model = self.model(REWARD, "my run/model")
        (model / "grader.json").write_text('{"kind": "reward"}', "utf-8")
        ready = self.ready(self.serve(model.parent))
        self.assertEqual((ready["kind"], ready["model"]), ("reward", "my run"))

    def test_it_ends_with_what_started_it_however_it_was_asked_to(self) -> None:
        for environment in ({}, {"STAND_IN_ENDS_BY_SIGNAL": "1"}):
            with self.subTest(environment):
                process = self.serve(self.model(JUDGE, f"model {len(environment)}"), **environment)
                url = self.ready(process)["url"]
                process.terminate()
                self.assertEqual(process.wait(timeout=60), 0)
                self.assert_gone(url)

    def test_it_ends_when_the_standard_input_does_where_that_is_asked_for(self) -> None:
        process = self.serve(self.model(JUDGE), "--end-with-stdin")
        url = self.ready(process)["url"]
        assert process.stdin is not None
        process.stdin.close()
        self.assertEqual(process.wait(timeout=60), 0)
        self.assert_gone(url)
        process.stdin = None

    @unittest.skipUnless(sys.platform == "linux", "vLLM runs on Linux")
    def test_it_does_not_outlive_a_starter_that_is_killed(self) -> None:
        process = self.serve(self.model(JUDGE))
        ready = self.ready(process)
        url, server = ready["url"], self.started(ready)["pid"]
        self.addCleanup(end, server)
        with urllib.request.urlopen(f"{url}/until-the-end", timeout=20) as answer:
            process.send_signal(signal.SIGKILL)
            # Over when the process that answers is.
            answer.read()
        self.assert_gone(url)

    def test_without_vllm_it_is_refused_where_it_is_asked_for(self) -> None:
        # An environment of its own: the packages of the test are not on its path.
        process = self.serve(self.model(JUDGE), "--backend", "vllm", PYTHONPATH=str(PACKAGE))
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1)
        self.assertIn(b"vLLM is not installed.", errors)

    def test_what_it_cannot_serve_is_served_without_it_and_that_is_said(self) -> None:
        two = {**REWARD, "id2label": {"0": "A", "1": "B"}}
        cases: list[tuple[str, dict[str, Any], dict[str, str]]] = [
            ("vLLM is installed, but PyTorch finds no GPU.", JUDGE, {"NO_GPU": "1"}),
            ("The head of this model gives 2 numbers, and a reward is one.", two, {}),
            ("vLLM ended with 3 before it answered.", JUDGE, {"STAND_IN_FAILS": "1"}),
        ]
        for index, (reason, config, environment) in enumerate(cases):
            with self.subTest(reason):
                # Our own server: a stand-in again, which says that it was asked for.
                (self.packages / "uvicorn.py").write_text("raise SystemExit('our own server')", "utf-8")
                process = self.serve(self.model(config, f"model {index}"), **environment)
                out, errors = process.communicate(timeout=60)
                self.assertEqual(out, b"")
                said = errors.decode("utf-8").splitlines()
                self.assertEqual(said, [f"Served by transformers, not by vLLM: {reason}", "our own server"])

    def test_a_version_without_plain_numbers_of_heads_is_not_used(self) -> None:
        self.of_version("0.10.2")
        process = self.serve(self.model(REWARD), "--backend", "vllm")
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1)
        self.assertIn(b"vLLM 0.10.2 is older than 0.11.1. --backend transformers serves it without vLLM.", errors)

    def test_where_it_is_refused_it_is_not_started(self) -> None:
        (self.packages / "uvicorn.py").write_text("raise SystemExit('our own server')", "utf-8")
        for index, refusal in enumerate((("--backend", "transformers"), ("--device", "cpu"))):
            process = self.serve(self.model(JUDGE, f"model {index}"), *refusal)
            _, errors = process.communicate(timeout=60)
            self.assertEqual(errors.decode("utf-8").splitlines(), ["our own server"])

    def test_a_server_that_ends_at_once_is_told_with_its_exit_code(self) -> None:
        process = self.serve(self.model(JUDGE), "--backend", "vllm", STAND_IN_FAILS="1")
        out, errors = process.communicate(timeout=60)
        self.assertEqual(out, b"")
        self.assertIn(b"vLLM ended with 3 before it answered. Its own messages stand above.", errors)
        self.assertNotIn(b"Traceback", errors)


def end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


if __name__ == "__main__":
    unittest.main()
