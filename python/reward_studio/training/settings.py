"""The hyper-parameters of the engine ``trl``: checked and completed by src/core/engines/trl/settings.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Union

from reward_studio.declared import load_declared
from reward_studio.errors import StudioError

SettingValue = Union[int, float, bool, str]


def settings_of(method: str) -> list[Mapping[str, Any]]:
    """The declarations of the settings that a method has."""
    return [
        setting for setting in load_declared("engines/trl/settings.json")["settings"] if method in setting["methods"]
    ]


def for_method(value: Any, method: str) -> Any:
    """A default, source or list of choices, which may differ by method."""
    return value[method] if isinstance(value, dict) else value


def resolve_settings(method: str, given: Mapping[str, SettingValue]) -> dict[str, SettingValue]:
    """Every setting of the method: what was given, else its default, which for some depends on ``lora_rank``.

    Raises:
        StudioError: ``usage``, for a setting that the method has not, and for a value that it cannot have.
    """
    declared = settings_of(method)
    known = {setting["name"] for setting in declared}
    for name in given:
        if name not in known:
            hint = f"Its settings are: {', '.join(sorted(known))}."
            raise StudioError("usage", f'Training {method} has no setting "{name}".', hint, {"field": name})
    checked = {
        setting["name"]: _check(setting, method, given[setting["name"]])
        for setting in declared
        if setting["name"] in given
    }
    rank = checked.get("lora_rank", next(each["default"] for each in declared if each["name"] == "lora_rank"))
    for setting in declared:
        with_lora = "default_with_lora" in setting and rank != 0
        default = for_method(setting["default_with_lora" if with_lora else "default"], method)
        checked.setdefault(setting["name"], default)
    return {setting["name"]: checked[setting["name"]] for setting in declared}


def _check(setting: Mapping[str, Any], method: str, value: SettingValue) -> SettingValue:
    kind = setting["type"]
    if kind == "enum":
        choices = for_method(setting["choices"], method)
        if value not in choices:
            raise _refused(setting, value, f"one of {', '.join(choices)}")
        return value
    if kind == "boolean":
        if not isinstance(value, bool):
            raise _refused(setting, value, "true or false")
        return value
    if kind == "string":
        if not isinstance(value, str) or len(value) > setting.get("max_length", 1000):
            raise _refused(setting, value, f"a text of at most {setting.get('max_length', 1000)} characters")
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _refused(setting, value, "a number")
    if kind == "integer" and value != int(value):
        raise _refused(setting, value, "a whole number")
    least, above, most = setting.get("min"), setting.get("above"), setting.get("max")
    if (
        (least is not None and value < least)
        or (above is not None and value <= above)
        or (most is not None and value > most)
    ):
        raise _refused(setting, value, f"{f'above {above:g}' if above is not None else f'from {least:g}'} to {most:g}")
    return int(value) if kind == "integer" else value


def _refused(setting: Mapping[str, Any], value: SettingValue, wanted: str) -> StudioError:
    name = setting["name"]
    return StudioError(
        "usage",
        f'"{name}" is {value!r}, and must be {wanted}.',
        f"It means: {setting['description']}.",
        {"field": name},
    )
