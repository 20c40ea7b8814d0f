"""Copies the row shapes of the checkout into the package that is built; pyproject.toml says everything else."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHAPES = Path(__file__).resolve().parent.parent / "src" / "core" / "datasets" / "formats" / "shapes"


class BuildWithShapes(build_py):
    def run(self) -> None:
        super().run()
        target = Path(self.build_lib) / "reward_studio" / "formats" / "shapes"
        if not SHAPES.is_dir():
            raise FileNotFoundError(f"The row shapes are not at {SHAPES}: build the wheel inside a checkout.")
        target.mkdir(parents=True, exist_ok=True)
        for path in sorted(SHAPES.glob("*.json")):
            shutil.copyfile(path, target / path.name)


setup(cmdclass={"build_py": BuildWithShapes})
