"""What ``serve`` asks of vLLM: a stand-in of its name answers on the same address, and writes down how it was started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]
TOKEN = "a-token-of-the-test"
STAND_IN = '''
import argparse, http.server, json, os, signal, sys
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
            self.wfile.write(json.dumps({"argv": sys.argv[1:], "key": os.environ.get("VLLM_API_KEY")}).encode())

    def log_message(self, *_):
        pass

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
http.server.HTTPServer((options.host, options.port), Handler).serve_forever()
'''


class VllmServerTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="reward-studio-vllm-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        module = self.folder / "packages" / "vllm" / "entrypoints" / "openai"
        module.mkdir(parents=True)
        for package in (module, module.parent, module.parent.parent):
            (package / "__init__.py").write_text("", "utf-8")
        (module / "api_server.py").write_text(STAND_IN, "utf-8")

    def model(self, architecture: str) -> Path:
        folder = self.folder / "my model"
        folder.mkdir()
        (folder / "config.json").write_text(json.dumps({"architectures": [architecture]}), "utf-8")
        return folder

    def serve(self, model: Path, **environment: str) -> subprocess.Popen[bytes]:
        path = os.pathsep.join([str(self.folder / "packages"), str(PACKAGE)])
        own = {"PYTHONPATH": path, "REWARD_STUDIO_SERVE_TOKEN": TOKEN, **environment}
        process = subprocess.Popen(
            [sys.executable, "-m", "reward_studio", "serve", str(model), "--backend", "vllm"],
            cwd=PACKAGE,
            env={**os.environ, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.addCleanup(process.communicate)
        self.addCleanup(process.terminate)
        return process

    def started(self, process: subprocess.Popen[bytes]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Returns the line that says it is ready, and how the stand-in was started."""
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        with urllib.request.urlopen(f"{ready['url']}/started", timeout=30) as response:
            return ready, json.loads(response.read())

    def test_a_judge_is_served_on_loopback_with_the_token_in_the_environment_alone(self) -> None:
        model = self.model("Qwen2ForCausalLM")
        ready, started = self.started(self.serve(model))
        self.assertEqual((ready["backend"], ready["kind"], ready["model"]), ("vllm", "judge", "my model"))
        argv = started["argv"]
        self.assertEqual(argv[argv.index("--model") + 1], str(model.resolve()))
        self.assertEqual(argv[argv.index("--host") + 1], "127.0.0.1")
        self.assertEqual(argv[argv.index("--served-model-name") + 1], "my model")
        self.assertNotIn("--runner", argv)
        self.assertEqual(started["key"], TOKEN)
        self.assertFalse([argument for argument in argv if TOKEN in argument])

    def test_a_reward_head_is_served_as_a_pooling_model(self) -> None:
        ready, started = self.started(self.serve(self.model("Qwen2ForSequenceClassification")))
        self.assertEqual(ready["kind"], "reward")
        argv = started["argv"]
        self.assertEqual(argv[argv.index("--runner") + 1], "pooling")

    def test_it_ends_with_what_started_it(self) -> None:
        process = self.serve(self.model("Qwen2ForCausalLM"))
        ready, _ = self.started(process)
        process.terminate()
        self.assertEqual(process.wait(timeout=60), 0)
        with self.assertRaises(OSError):
            urllib.request.urlopen(f"{ready['url']}/health", timeout=5)

    def test_a_server_that_ends_at_once_is_told_with_its_exit_code(self) -> None:
        process = self.serve(self.model("Qwen2ForCausalLM"), STAND_IN_FAILS="1")
        out, errors = process.communicate(timeout=60)
        self.assertEqual(out, b"")
        self.assertIn(b"vLLM ended with 3.", errors)
        self.assertNotIn(b"Traceback", errors)


if __name__ == "__main__":
    unittest.main()
