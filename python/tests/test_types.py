"""The package says that it is typed (py.typed): its types are checked as pyproject.toml asks."""

from __future__ import annotations

import subprocess
import sys
import unittest
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


@unittest.skipUnless(find_spec("mypy"), "mypy is not installed here: npm test -- python-packages has it")
class TypesTest(unittest.TestCase):
    def test_the_package_holds_its_types(self) -> None:
        command = [sys.executable, "-m", "mypy", "--cache-dir", "/dev/null", "--config-file", "pyproject.toml"]
        done = subprocess.run(command, cwd=PACKAGE, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
