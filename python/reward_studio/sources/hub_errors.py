"""What stands behind a data set of the hub that cannot be loaded, as one error that a person can act on."""

from __future__ import annotations

import os
from collections.abc import Iterator

from reward_studio.errors import StudioError

PUBLIC_HUB = "https://huggingface.co"

_LOCAL_COPY = "give the path of a local copy (a file or folder of .parquet or .jsonl files)"
_ASK_SECONDS = 10


def hub_error(name: str, error: Exception) -> StudioError:
    """Told by the status of the hub's answer, where there was one."""
    text = " ".join(str(error).split()).rstrip(".")
    kinds = {kind.__name__ for cause in _causes(error) for kind in type(cause).__mro__}
    if kinds & {"ConnectionError", "TimeoutError", "TransportError", "OfflineModeIsEnabled"}:
        endpoint = os.environ.get("HF_ENDPOINT", PUBLIC_HUB)
        message = f"The hub at {endpoint} cannot be reached, and {name} was not loaded before."
        hint = f"Check the network (HF_ENDPOINT names another hub), or {_LOCAL_COPY}."
        return StudioError("not-available", message, hint)
    status = next((found for cause in _causes(error) if (found := _status_of(cause)) is not None), None)
    if status is None and "DatasetNotFoundError" in kinds:
        # datasets says no more than that it is not there, for whatever reason: the hub itself says which.
        status = 403 if "gated" in text else _status_of_info(name)
    if status in (401, 403):
        message = f"The hub does not give {name} to us (HTTP {status}): it is private or gated, or not there."
        hint = f"Set HF_TOKEN to a token that may read it, check the name, or {_LOCAL_COPY}."
        return StudioError("not-available", message, hint)
    if status == 404 or "DatasetNotFoundError" in kinds:
        message = f"The hub has no data set {name} that we may read."
        hint = f"Check the name (a private one needs HF_TOKEN), or {_LOCAL_COPY}."
        return StudioError("not-available", message, hint)
    if isinstance(error, ValueError) and ("split" in text or "onfig" in text):
        hint = "Name the part with --hub-split and the configuration with --hub-config."
        return StudioError("usage", f"{name} could not be loaded: {text}.", hint)
    return StudioError("not-available", f"{name} could not be loaded: {text}.", f"Check the name, or {_LOCAL_COPY}.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _status_of(error: BaseException) -> int | None:
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


def _status_of_info(name: str) -> int | None:
    from huggingface_hub import HfApi

    try:
        HfApi().dataset_info(name, timeout=_ASK_SECONDS)
    except Exception as error:  # only the status is of interest
        return _status_of(error)
    return None
