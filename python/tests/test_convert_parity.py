"""``python -m reward_studio.export`` writes the bytes that ``reward-studio convert`` writes, datasheet included."""

from __future__ import annotations

import contextlib
import io
import tempfile
import unittest
from collections.abc import Mapping, Sequence
from pathlib import Path

from reward_studio.dialects.layout import Layout
from reward_studio.dialects.registry import DIALECTS
from reward_studio.export import main
from reward_studio.methods import METHODS
from tests import parity_rows
from tests.packages import HAS_PYARROW
from tests.typescript_cli import ROOT, missing, run_cli

SOURCES = {
    "bradley-terry": parity_rows.pairs,
    "pointwise": parity_rows.scores,
    "pairwise": parity_rows.comparisons,
    "sft": parity_rows.conversations,
}
SPLIT = ("--split", "train=0.7,val=0.1,test=0.2")

# What is asked for -> the method of the source, the method to make, the options.
OPTIONS: Mapping[str, tuple[str, str, Sequence[str]]] = {
    "split": ("bradley-terry", "bradley-terry", SPLIT),
    "split with another seed": ("bradley-terry", "bradley-terry", [*SPLIT, "--seed", "7"]),
    "stratified scores": ("pointwise", "pointwise", [*SPLIT, "--stratify"]),
    "stratified comparisons": ("pairwise", "pairwise", [*SPLIT, "--stratify", "--seed", "3"]),
    "both orders": ("pairwise", "pairwise", ["--both-orders"]),
    "both orders, stratified": ("pairwise", "pairwise", [*SPLIT, "--stratify", "--both-orders"]),
    "no duplicates": ("bradley-terry", "bradley-terry", ["--drop-duplicates"]),
    "no contradictions": ("pairwise", "pairwise", ["--drop-contradictions"]),
    "neither, in parts": ("pointwise", "pointwise", [*SPLIT, "--drop-duplicates", "--drop-contradictions"]),
    "no duplicate conversations": ("sft", "sft", ["--drop-duplicates"]),
    "pairs to comparisons": ("bradley-terry", "pairwise", ["--seed", "5"]),
    "pairs to conversations": ("bradley-terry", "sft", []),
    "pairs to scores": ("bradley-terry", "pointwise", ["--pair-scores", "chosen=4,rejected=1"]),
    "comparisons to pairs": ("pairwise", "bradley-terry", SPLIT),
    "comparisons to scores": ("pairwise", "pointwise", ["--pair-scores", "chosen=3,rejected=0"]),
    "scores to pairs": ("pointwise", "bradley-terry", []),
    "scores to pairs far apart": ("pointwise", "bradley-terry", ["--min-margin", "2.5", *SPLIT]),
    "scores to comparisons": ("pointwise", "pairwise", []),
    "scores to comparisons with ties": ("pointwise", "pairwise", ["--tie-below", "2", "--both-orders"]),
    "verl in parts": ("pairwise", "pairwise", ["--dialect", "verl", *SPLIT, "--both-orders"]),
    "llama-factory in parts": ("bradley-terry", "bradley-terry", ["--dialect", "llama-factory", *SPLIT]),
}

# Requests that both refuse.
REFUSED: Mapping[str, tuple[str, str, Sequence[str]]] = {
    "scores of pairs": ("bradley-terry", "pointwise", []),
    "a margin of pairs": ("bradley-terry", "bradley-terry", ["--min-margin", "1"]),
    "a margin above 4": ("pointwise", "bradley-terry", ["--min-margin", "5"]),
    "a tie of pairs": ("pointwise", "bradley-terry", ["--tie-below", "1"]),
    "pairs stratified": ("bradley-terry", "bradley-terry", [*SPLIT, "--stratify"]),
    "stratified without parts": ("pointwise", "pointwise", ["--stratify"]),
    "both orders of scores": ("pointwise", "pointwise", ["--both-orders"]),
    "pair scores upside down": ("bradley-terry", "pointwise", ["--pair-scores", "chosen=1,rejected=3"]),
    "contradictory conversations": ("sft", "sft", ["--drop-contradictions"]),
    "scores for TRL": ("pointwise", "pointwise", ["--dialect", "trl"]),
    "a part without rows": ("bradley-terry", "bradley-terry", ["--split", "train=0.999,test=0.001"]),
}


class Parity(unittest.TestCase):
    maxDiff = 4_000
    sources: Path

    @classmethod
    def setUpClass(cls) -> None:
        if not HAS_PYARROW:
            # Sixty pairs of processes: once is enough, and the environment with pyarrow compares more of them.
            raise unittest.SkipTest("the comparison runs where pyarrow is installed")
        reason = missing()
        if reason:
            raise unittest.SkipTest(f"there is no reward-studio to compare with: {reason}")
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.sources = Path(folder.name)
        for method, rows in SOURCES.items():
            parity_rows.write_jsonl(cls.sources / f"{method}.jsonl", rows())

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def outcomes(self, source: Path, method: str, options: Sequence[str]) -> tuple[tuple[int, str], tuple[int, str]]:
        """Exit code and error text of both. The folders have one name, which LLaMA-Factory's register holds."""
        arguments = ["--to", method, "--format", "jsonl", *options, "--output-dir"]
        ours, theirs = (self.folder / side / "out" for side in ("python", "typescript"))
        error = io.StringIO()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(error):
            code = main(["--dataset", str(source), *arguments, str(ours)])
        result = run_cli("convert", str(source), *arguments, str(theirs))
        return (code, error.getvalue()), (result.returncode, result.stderr)

    def assert_same(self, source: Path, method: str, options: Sequence[str]) -> None:
        ours, theirs = self.outcomes(source, method, options)
        self.assertEqual((ours[0], theirs[0]), (0, 0), f"{ours[1]}\n{theirs[1]}")
        written, wanted = (contents(self.folder / side / "out") for side in ("python", "typescript"))
        self.assertEqual(sorted(written), sorted(wanted))
        self.assertGreater(sum(len(text) for name, text in wanted.items() if name.endswith(".jsonl")), 0)
        for name in wanted:
            self.assertEqual(written[name].splitlines(), wanted[name].splitlines(), name)
            self.assertEqual(written[name], wanted[name], name)


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_bytes().decode("utf-8") for path in folder.iterdir()}


def add_dialect_test(dialect: str, method: str) -> None:
    def same_bytes(self: Parity) -> None:
        self.assert_same(self.sources / f"{method}.jsonl", method, ["--dialect", dialect])

    setattr(Parity, f"test_{method} in the dialect {dialect}", same_bytes)


def add_option_test(name: str, source: str, method: str, options: Sequence[str]) -> None:
    def same_bytes(self: Parity) -> None:
        self.assert_same(self.sources / f"{source}.jsonl", method, options)

    setattr(Parity, f"test_{name}", same_bytes)


def add_refusal_test(name: str, source: str, method: str, options: Sequence[str]) -> None:
    def both_refuse(self: Parity) -> None:
        ours, theirs = self.outcomes(self.sources / f"{source}.jsonl", method, options)
        self.assertNotEqual((ours[0], theirs[0]), (0, theirs[0]), theirs[1])
        self.assertNotEqual(theirs[0], 0, ours[1])
        self.assertFalse((self.folder / "python" / "out" / "dataset.json").exists())

    setattr(Parity, f"test_refuses {name}", both_refuse)


def add_example_test(name: str, options: Sequence[str]) -> None:
    @unittest.skipUnless(HAS_PYARROW, "pyarrow is not installed")
    def same_bytes(self: Parity) -> None:
        self.assert_same(ROOT / "examples" / name / "train.parquet", name, options)

    setattr(Parity, f"test_the example {name} (Parquet)", same_bytes)


for _method in METHODS:
    add_example_test(_method, SPLIT)
    for _name, _dialect in DIALECTS.items():
        if isinstance(_dialect.layouts[_method], Layout):
            add_dialect_test(_name, _method)
for _name, _case in OPTIONS.items():
    add_option_test(_name, *_case)
for _name, _case in REFUSED.items():
    add_refusal_test(_name, *_case)


if __name__ == "__main__":
    unittest.main()
