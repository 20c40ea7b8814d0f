"""Reads a JSON file: a list of objects, or an object that holds one."""

from __future__ import annotations

import zlib
from pathlib import Path

from reward_studio.errors import StudioError
from reward_studio.formats.json_text import parse_json
from reward_studio.sources.dataset import RowList, SourceFile
from reward_studio.sources.json_lines import open_bytes, unreadable

_CONTAINERS = ("rows", "data", "datasamples", "examples")


def open_json(path: Path) -> RowList:
    """Raises StudioError ``damaged-file``, ``unsupported-file`` or ``invalid-row``. The file is held in memory."""
    where = {"file": str(path)}
    try:
        with open_bytes(path) as file:
            value = parse_json(file.read().decode("utf-8-sig"))
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        message = f"This is not valid JSON: {error}."
        hint = "Correct it at that place; a file of one object a line has the ending .jsonl."
        raise StudioError("damaged-file", message, hint, where) from error
    if isinstance(value, dict):
        value = next((value[key] for key in _CONTAINERS if isinstance(value.get(key), list)), None)
    if not isinstance(value, list):
        hint = f"It has to be a list of objects, or an object that holds one under {', '.join(_CONTAINERS)}."
        raise StudioError("unsupported-file", "The JSON is not a list of rows.", hint, where)
    for place, row in enumerate(value):
        if not isinstance(row, dict):
            message = "This item of the list is not an object with named fields."
            hint = 'Every row has to be an object like {"chosen": "...", "rejected": "..."}.'
            raise StudioError("invalid-row", message, hint, {**where, "row": place})
    return RowList(str(path), value, [SourceFile(path, path.stat().st_size, len(value))])
