"""Data sets of the hub, by their names. ``HF_ENDPOINT`` names another hub than the public one."""

from __future__ import annotations

import os
import socket
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from reward_studio.missing_package import missing_package
from reward_studio.sources.dataset import Dataset, Malformed, Row
from reward_studio.sources.hub_errors import PUBLIC_HUB, hub_error

# Short names that the documentation of judge training uses.
HUB_NAMES: Mapping[str, str] = {
    "helpsteer2": "nvidia/HelpSteer2",
    "helpsteer3": "nvidia/HelpSteer3",
    "rewardbench": "allenai/reward-bench",
    "rewardbench2": "allenai/reward-bench-2",
    "ultrafeedback": "HuggingFaceH4/ultrafeedback_binarized",
}

# Loading a data set must talk to the hub that was named and to nobody else, and say nothing of its own.
_QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_VERBOSITY": "error",
    "DATASETS_VERBOSITY": "error",
}
_CONNECT_SECONDS = 10


class HubRows(Dataset):
    """The rows lie in the cache of ``datasets`` on disk, and are read from there in batches."""

    def __init__(self, name: str, rows: Any) -> None:
        self.name = name
        self.columns = rows.column_names
        self.row_count = rows.num_rows
        self.malformed = Malformed()
        self._rows = rows

    def read(self, start: int = 0, end: int | None = None, columns: Sequence[str] | None = None) -> Iterator[Row]:
        end = self.row_count if end is None else min(end, self.row_count)
        chosen = self._rows if columns is None else self._rows.select_columns(list(columns))
        yield from chosen.select(range(start, max(start, end)))


def open_hub(dataset: str, split: str, configuration: str | None = None) -> HubRows:
    """Loads a data set with ``datasets``; one that was loaded before is there without the network, too.

    Raises:
        StudioError: ``not-available`` where the package is not installed, the hub cannot be reached, has no such data
            set or does not give it to us; ``usage`` for a split or configuration that it has not.
    """
    name = HUB_NAMES.get(dataset.lower(), dataset)
    for variable, value in _QUIET.items():
        os.environ.setdefault(variable, value)
    if not _reachable(os.environ.get("HF_ENDPOINT", PUBLIC_HUB)):
        # Else the hub's client tries again and again before it looks into its cache.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from datasets import config, load_dataset
    except ImportError as error:
        raise missing_package("datasets", f"to load {name} from the hub") from error
    # Else it asks a viewer service beside the hub for sizes.
    config.USE_PARQUET_EXPORT = False
    try:
        return HubRows(dataset, load_dataset(name, configuration, split=split))
    except Exception as error:  # errors of datasets, huggingface_hub, their HTTP client and pyarrow
        raise hub_error(name, error) from error


def _reachable(endpoint: str) -> bool:
    """Whether something listens at the endpoint. Behind a proxy that is for the proxy to say."""
    address = urlsplit(endpoint)
    host = address.hostname or ""
    if address.scheme in urllib.request.getproxies() and not urllib.request.proxy_bypass(host):
        return True
    try:
        port = address.port or (80 if address.scheme == "http" else 443)
        with socket.create_connection((host, port), timeout=_CONNECT_SECONDS):
            return True
    except (OSError, ValueError):
        return False
