"""What runs on the machine of a target, without a way to it between: started once, followed by the byte, never led astray."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.there.files import list_files, send_file

PACKAGE = Path(__file__).resolve().parents[1]
TRAINER = "import os, sys; print('token', os.environ['TOKEN']); sys.exit(7)"


class ThereTest(unittest.TestCase):
    def setUp(self) -> None:
        found = tempfile.TemporaryDirectory(prefix="reward studio ")
        self.addCleanup(found.cleanup)
        self.folder = Path(found.name)

    def there(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "reward_studio.there", *words]
        return subprocess.run(command, cwd=PACKAGE, input=given, capture_output=True, text=True, check=False)

    def start(self, trainer: str = TRAINER) -> dict[str, Any]:
        request = {
            "spec": {"id": "x"},
            "command": [sys.executable, "-c", trainer],
            "env": {},
            "working_folder": None,
            "secrets": {"TOKEN": "secret of the test"},
        }
        done = self.there("start", str(self.folder / "run"), "1", given=json.dumps(request))
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def test_an_attempt_is_started_once_and_its_end_is_told(self) -> None:
        first = self.start()
        self.assertEqual(self.start(), first)
        done = self.there("follow", str(self.folder / "run"), "1", "0", "0")
        self.assertIn("token secret of the test\n", done.stdout)
        self.assertIn('{"code": 7, "signal": null}', done.stdout)
        holding = [path for path in self.folder.rglob("*") if path.is_file() and b"secret of" in path.read_bytes()]
        self.assertEqual([path.name for path in holding], ["trainer.log"])

    def test_a_program_that_cannot_be_started_is_told(self) -> None:
        request = {"spec": {}, "command": ["/nowhere/python"], "env": {}, "working_folder": None, "secrets": {}}
        done = self.there("start", str(self.folder / "run"), "1", given=json.dumps(request))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(json.loads(done.stdout)["error"]["message"], "could not be started: .*No such file")

    def test_only_whole_lines_of_events_are_handed_over(self) -> None:
        run = self.folder / "run"
        self.start("pass")
        (run / "events.jsonl").write_bytes(b'{"a": 1}\n{"b": "\xc3\xa4"}\n{"half')
        done = subprocess.run(
            [sys.executable, "-m", "reward_studio.there", "follow", str(run), "1", "9", "0"],
            cwd=PACKAGE,
            capture_output=True,
            check=False,
        )
        self.assertIn(b'events 12\n{"b": "\xc3\xa4"}\n', done.stdout)
        self.assertNotIn(b"half", done.stdout)

    def test_a_stop_is_asked_for_once(self) -> None:
        self.start("pass")
        for _ in range(2):
            self.assertEqual(self.there("stop", str(self.folder / "run"), "1", "checkpoint").returncode, 0)
        lines = (self.folder / "run" / "control.jsonl").read_text("utf-8").splitlines()
        self.assertEqual([json.loads(line)["kind"] for line in lines], ["stop-requested"])

    def test_files_outside_of_the_run_are_neither_listed_nor_sent(self) -> None:
        run = self.folder / "run"
        (run / "model").mkdir(parents=True)
        (self.folder / "outside").write_text("not for you")
        (run / "model" / "link").symlink_to(self.folder / "outside")
        (run / "model" / "weights").write_bytes(b"abc")
        said = io.StringIO()
        with redirect_stdout(said):
            list_files(run, "model")
        told = [json.loads(line) for line in said.getvalue().splitlines()]
        self.assertEqual(told, [{"path": "weights", "bytes": 3, "sha256": hashlib.sha256(b"abc").hexdigest()}])
        for folder, path in (("../", "outside"), ("model", "../../outside"), ("model", "link"), (".", "x")):
            with self.assertRaises(StudioError):
                send_file(run, folder, path, 0)


class ReceiveTest(unittest.TestCase):
    def receive(self, folder: str, files: list[dict[str, Any]], content: bytes) -> list[dict[str, Any]]:
        head = json.dumps({"folder": folder, "place": "data/x", "files": files}).encode() + b"\n"
        program = (PACKAGE / "reward_studio/there/receive.py").read_text("utf-8")
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, input=head + content, capture_output=True, check=False)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_files_arrive_whole_go_on_where_they_were_cut_and_are_not_taken_twice(self) -> None:
        about = [{"path": "a b/c'd", "bytes": 6, "sha256": hashlib.sha256(b"abcdef").hexdigest()}]
        with tempfile.TemporaryDirectory() as folder:
            cut = self.receive(folder, about, b"abc")
            self.assertEqual((cut[0]["have"], cut[1]["code"]), ([0], "not-available"))
            self.assertFalse(os.path.exists(f"{folder}/data/x"))
            rest = self.receive(folder, about, b"def")
            self.assertEqual((rest[0]["have"], rest[1]), ([3], {"done": True}))
            self.assertEqual(Path(folder, "data/x", "a b/c'd").read_bytes(), b"abcdef")
            self.assertIsNone(self.receive(folder, about, b"")[0]["have"])

    def test_another_content_and_a_path_that_leads_out_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            other = self.receive(folder, [{"path": "a", "bytes": 3, "sha256": "0" * 64}], b"abc")
            self.assertRegex(other[-1]["error"], "another content")
            out = self.receive(folder, [{"path": "../../a", "bytes": 3, "sha256": "0" * 64}], b"abc")
            self.assertRegex(out[-1]["error"], "leads out of its folder")
            self.assertEqual([path.name for path in Path(folder).rglob("a")], [])


if __name__ == "__main__":
    unittest.main()
