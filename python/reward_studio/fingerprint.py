"""Fingerprints: is this the data that a model was trained on? The rule of src/core/datasets/fingerprint.ts.

A file of up to 1 GiB: ``sha256:`` and SHA-256 of its bytes. A larger one: ``sha256-sampled:`` and SHA-256 of its size
in decimal digits, a line feed, and 64 blocks of 1 MiB spread evenly from its first byte to its last. Several files:
``sha256:`` of a line ``NAME FINGERPRINT`` for each, in the order of the data set. Rows that lie in no file:
``sha256-rows:`` and SHA-256 over the JSON of each row and a line feed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from reward_studio.formats.json_text import utf8, write_json
from reward_studio.sources.dataset import Dataset

_WHOLE_FILE_LIMIT = 2**30
_BLOCK = 2**20
_BLOCKS = 64


def fingerprint_dataset(dataset: Dataset) -> str:
    files = [file.path for file in dataset.files]
    if not files:
        return _fingerprint_rows(dataset)
    if len(files) == 1:
        return fingerprint_file(files[0])
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.name} {fingerprint_file(path)}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def fingerprint_file(path: Path, whole_up_to: int = _WHOLE_FILE_LIMIT) -> str:
    """``whole_up_to``: the bytes up to which the whole file counts."""
    size = path.stat().st_size
    digest = hashlib.sha256()
    with path.open("rb") as file:
        if size <= whole_up_to:
            while block := file.read(_BLOCK):
                digest.update(block)
            return f"sha256:{digest.hexdigest()}"
        digest.update(f"{size}\n".encode())
        for number in range(_BLOCKS):
            file.seek(number * (size - _BLOCK) // (_BLOCKS - 1))
            digest.update(file.read(_BLOCK))
    return f"sha256-sampled:{digest.hexdigest()}"


def _fingerprint_rows(dataset: Dataset) -> str:
    digest = hashlib.sha256()
    for row in dataset.read():
        digest.update(utf8(write_json(dict(row)) + "\n"))
    return f"sha256-rows:{digest.hexdigest()}"
