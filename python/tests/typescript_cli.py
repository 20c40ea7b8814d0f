"""The real command line of the checkout, built where its sources are newer; it needs Node and ``npm ci``."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def missing() -> str | None:
    """Why the command line cannot be run, or None. A build that fails is no reason: it raises."""
    if shutil.which("node") is None:
        return "Node is not installed"
    if not (ROOT / "node_modules" / "esbuild").is_dir():
        return "the packages of the checkout are not installed (npm ci)"
    build = _node("scripts/build.mjs", "--if-stale", "--quiet")
    if build.returncode != 0:
        raise RuntimeError(f"the command line could not be built: {build.stderr}")
    return None


def run_cli(*arguments: str) -> subprocess.CompletedProcess[str]:
    return _node("dist/cli.mjs", *arguments)


def _node(*arguments: str) -> subprocess.CompletedProcess[str]:
    # The arguments are a vector: no shell reads them.
    return subprocess.run(["node", *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
