"""Copies what the package shares with TypeScript into the package that is built; pyproject.toml says everything else."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CORE = Path(__file__).resolve().parent.parent / "src" / "core"

# Under src/core -> under the package.
COPIED = {
    "datasets/formats/shapes/*.json": "formats/shapes",
    "engines/trl/*.json": "declared/engines/trl",
    "methods/judges/*.json": "declared/methods/judges",
}


class BuildWithDeclarations(build_py):
    def run(self) -> None:
        super().run()
        for pattern, folder in COPIED.items():
            found = sorted(CORE.glob(pattern))
            if not found:
                raise FileNotFoundError(f"Nothing is at {CORE / pattern}: build the wheel inside a checkout.")
            target = Path(self.build_lib) / "reward_studio" / folder
            target.mkdir(parents=True, exist_ok=True)
            for path in found:
                shutil.copyfile(path, target / path.name)


setup(cmdclass={"build_py": BuildWithDeclarations})
