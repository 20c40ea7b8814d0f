"""Where the declarations are that TypeScript and Python share: settings, judge prompts, verdicts, rewards.

In a checkout they lie under ``src/core``; a wheel holds a copy in ``declared`` (setup.py).
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

# Path under src/core -> what it is; the wheel keeps the same tree.
DECLARED = (
    "engines/trl/settings.json",
    "methods/judges/prompts.json",
    "methods/judges/rewards.json",
    "methods/judges/verdicts.json",
)


@lru_cache(maxsize=None)
def load_declared(name: str) -> Any:
    """The content of one of ``DECLARED``. It is shared: do not change it.

    Raises:
        FileNotFoundError: neither a packaged copy nor a checkout is there.
    """
    here = Path(__file__).resolve().parent
    for folder in (here.parents[1] / "src" / "core", here / "declared"):
        path = folder / name
        if path.is_file():
            return json.loads(path.read_text("utf-8"))
    raise FileNotFoundError(f"{name} is neither in a checkout around {here} nor in its folder declared.")
