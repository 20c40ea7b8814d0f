"""The contract fixtures of test/fixtures/contract, which the TypeScript tests run too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reward_studio.formats.json_text import parse_json

FOLDER = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "contract"


def read_fixture(name: str) -> Any:
    return parse_json((FOLDER / f"{name}.json").read_text("utf-8"))


def fixture_names() -> list[str]:
    """The fixtures of shapes; ``text`` and ``split`` are about something else."""
    return sorted(path.stem for path in FOLDER.glob("*.json") if path.stem not in ("text", "split"))


def set_names() -> list[str]:
    """Rows as the sets of others have them, with all of their columns: several may be of one shape."""
    return sorted(f"sets/{path.stem}" for path in (FOLDER / "sets").glob("*.json"))
