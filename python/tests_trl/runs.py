"""Runs for tests: a folder with its run.json, trained by the real program in a process of its own."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reward_studio.fingerprint import fingerprint_file
from tests_trl.tiny_model import BAD, GOOD, WORDS, make_tiny_model

PACKAGE = Path(__file__).resolve().parents[1]
# The longest that one training of a tiny model is waited for, on a busy machine.
PATIENCE_S = 300


class RunTest(unittest.TestCase):
    """``folder`` is the test's own; the tiny model is made once for all tests of a class."""

    shared: Path
    folder: Path

    @classmethod
    def setUpClass(cls) -> None:
        cls.shared = Path(tempfile.mkdtemp(prefix="reward-studio-model-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        make_tiny_model(cls.shared / "tiny")

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="reward-studio-run-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def make_run(
        self,
        method: str,
        rows: Sequence[Mapping[str, Any]],
        settings: Mapping[str, Any],
        validation: Sequence[Mapping[str, Any]] | None = None,
        name: str = "run",
        base_model: str | None = None,
        seed: int = 42,
    ) -> Path:
        return write_run(
            self.folder,
            name,
            method,
            rows,
            {"device": "cpu", "gradient_checkpointing": False, **settings},
            base_model or str(self.shared / "tiny"),
            validation,
            seed,
        )

    def train(
        self, folder: Path, attempt: int = 1, resume: Path | None = None, expect: int = 0
    ) -> list[dict[str, Any]]:
        """The events of the attempt, once the program has ended as expected."""
        process = start(folder, attempt, resume)
        try:
            output, _ = process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.communicate()
            raise
        self.assertEqual(process.returncode, expect, output.decode("utf-8", "replace")[-4000:])
        return events_of(folder, attempt)


    def kill_and_resume(self, folder: Path, step: int) -> list[dict[str, Any]]:
        """The events of the second attempt: the first is killed at this step, and goes on from its newest checkpoint."""
        process = start(folder)
        act_on_event(process, folder, lambda event: event["kind"] == "metrics" and event["step"] >= step, kill(process))
        self.assertEqual(process.returncode, -signal.SIGKILL)
        self.assertNotIn("finished", [event.get("status") for event in events_of(folder)])
        newest = of_kind(events_of(folder), "checkpoint")[-1]
        events = self.train(folder, attempt=2, resume=folder / newest["path"])
        self.assertEqual(min(curve(events, "train/loss")), newest["step"] + 1)
        self.assertEqual(events[-1]["status"], "finished")
        return events

    def assert_same_curve(
        self, expected: dict[int, float], found: dict[int, float], name: str, delta: float = 1e-5
    ) -> None:
        self.assertEqual(sorted(expected), sorted(found), name)
        for step, value in expected.items():
            self.assertAlmostEqual(value, found[step], delta=delta * (1 + abs(value)), msg=f"{name} at {step}")


def write_run(
    folder: Path,
    name: str,
    method: str,
    rows: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any],
    base_model: str,
    validation: Sequence[Mapping[str, Any]] | None = None,
    seed: int = 42,
) -> Path:
    """The run's folder, ``name`` in ``folder``, with its run.json; its rows are files beside it."""
    run = folder / name
    run.mkdir()
    data = {"train": _write_rows(folder / f"{name}-train.jsonl", rows)}
    if validation is not None:
        data["validation"] = _write_rows(folder / f"{name}-validation.jsonl", validation)
    spec = {
        "version": 1,
        "id": name,
        "name": name,
        "created_at": "2026-01-01T00:00:00Z",
        "method": method,
        "data": data,
        "engine": "trl",
        "target": "local",
        "base_model": base_model,
        "seed": seed,
        "settings": settings,
        "versions": {},
    }
    (run / "run.json").write_text(json.dumps(spec), "utf-8")
    return run


def _write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return {"path": str(path), "fingerprint": fingerprint_file(path), "rows": len(rows)}


def start(
    folder: Path, attempt: int = 1, resume: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "reward_studio", "train", str(folder), "--attempt", str(attempt)]
    command += [] if resume is None else ["--resume", str(resume)]
    return subprocess.Popen(
        command,
        cwd=PACKAGE,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def act_on_event(
    process: subprocess.Popen[bytes], folder: Path, is_it: Callable[[dict[str, Any]], bool], act: Callable[[], None]
) -> None:
    """Acts as soon as the events hold an entry, and waits for the end of the process."""
    while process.poll() is None:
        if any(is_it(event) for event in events_of(folder)):
            act()
            break
        try:
            process.wait(0.02)
        except subprocess.TimeoutExpired:
            continue
    process.communicate(timeout=PATIENCE_S)


def kill(process: subprocess.Popen[bytes]) -> Callable[[], None]:
    return lambda: process.send_signal(signal.SIGKILL)


def events_of(folder: Path, attempt: int | None = None) -> list[dict[str, Any]]:
    path = folder / "events.jsonl"
    lines = path.read_bytes().split(b"\n")[:-1] if path.is_file() else []
    events = [json.loads(line) for line in lines if line]
    return [event for event in events if attempt in (None, event["attempt"])]


def of_kind(events: Sequence[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [event for event in events if event["kind"] == kind]


def curve(events: Sequence[dict[str, Any]], name: str) -> dict[int, float]:
    """Step -> value of a metric; where attempts overlap, the later one counts."""
    return {event["step"]: event["values"][name] for event in of_kind(events, "metrics") if name in event["values"]}


def pairs(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Chosen responses are of good words, rejected ones of bad words."""
    draw = random.Random(seed)

    def side(words: Sequence[str]) -> list[dict[str, str]]:
        return [{"role": "assistant", "content": " ".join(draw.choices(words, k=5))}]

    return [{"prompt": question(draw, number), "chosen": side(GOOD), "rejected": side(BAD)} for number in range(count)]


def question(draw: random.Random, number: int) -> list[dict[str, str]]:
    return [{"role": "user", "content": f"question {number} " + " ".join(draw.choices(WORDS, k=3))}]


def append_stop_request(folder: Path, attempt: int) -> None:
    entry = {"v": 1, "attempt": attempt, "seq": 1, "time": "2026-01-01T00:00:00.000Z", "kind": "stop-requested"}
    with (folder / "control.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
