"""Which optional packages are there: what needs one is skipped by its name where it is not."""

from __future__ import annotations

import importlib.util

HAS_PYARROW = importlib.util.find_spec("pyarrow") is not None
HAS_DATASETS = importlib.util.find_spec("datasets") is not None
