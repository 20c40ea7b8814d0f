"""The spec of a run (``run.json``), with its settings resolved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.methods import METHODS
from reward_studio.training.settings import SettingValue, resolve_settings


@dataclass(frozen=True)
class DataReference:
    path: str
    fingerprint: str
    rows: int


@dataclass(frozen=True)
class RunSpec:
    """What a run is asked to do; see docs/run-format.md."""

    id: str
    name: str
    method: str
    base_model: str
    seed: int
    settings: Mapping[str, Any]
    train: DataReference
    validation: DataReference | None
    column_map: Mapping[str, str]
    versions: Mapping[str, str]


def read_spec(path: Path) -> RunSpec:
    """The spec in a run's folder, or in a file.

    Raises:
        StudioError: ``run-not-found``, ``invalid-run``, or ``usage`` for a setting that cannot be.
    """
    file = path / "run.json" if path.is_dir() else path
    where = {"file": str(file)}
    try:
        spec = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise StudioError("run-not-found", "There is no run.json.", "Name the folder of a run.", where) from None
    except ValueError as error:
        raise StudioError("invalid-run", f"This run.json is not JSON: {error}.", None, where) from error
    try:
        return _parse(spec, where)
    except (KeyError, TypeError, AttributeError) as error:
        message = f"This run.json is not valid: {error} is missing or of another kind."
        raise StudioError("invalid-run", message, "docs/run-format.md lists its fields.", where) from error


def _parse(spec: Mapping[str, Any], where: Mapping[str, Any]) -> RunSpec:
    if spec["engine"] != "trl" or spec["method"] not in METHODS:
        message = f'This trainer is the engine "trl", and the run is of "{spec["engine"]}", {spec["method"]}.'
        raise StudioError("invalid-run", message, None, where)
    if not spec.get("base_model"):
        hint = 'Add "base_model": the folder of a model, or its name on the hub.'
        raise StudioError("usage", "The run names no base model to train.", hint, {**where, "field": "base_model"})
    settings: Mapping[str, SettingValue] = spec["settings"]
    validation = spec["data"].get("validation")
    return RunSpec(
        id=spec["id"],
        name=spec["name"],
        method=spec["method"],
        base_model=spec["base_model"],
        seed=spec["seed"],
        settings=resolve_settings(spec["method"], settings),
        train=_reference(spec["data"]["train"]),
        validation=None if validation is None else _reference(validation),
        column_map=spec["data"].get("map") or {},
        versions=spec.get("versions") or {},
    )


def _reference(reference: Mapping[str, Any]) -> DataReference:
    return DataReference(reference["path"], reference["fingerprint"], reference["rows"])
