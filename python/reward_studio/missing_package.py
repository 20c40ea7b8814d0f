"""The error for a package that is needed and not installed."""

from __future__ import annotations

from reward_studio.errors import StudioError


def missing_package(name: str, purpose: str) -> StudioError:
    hint = f"Install it with: pip install {name}. JSONL files need no package."
    return StudioError("not-available", f'The package "{name}" is needed {purpose}, and is not installed.', hint)
