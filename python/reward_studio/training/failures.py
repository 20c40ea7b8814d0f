"""What a person is told when training fails: one error with a code, never a traceback."""

from __future__ import annotations

import errno
import re
from typing import Any

from reward_studio.errors import StudioError
from reward_studio.training.reporting import reporting_failure

_DISK_HINT = "Free some space and resume the run; what was complete before is untouched."
_MEMORY_HINT = (
    "Lower micro_batch_size or max_length, turn gradient_checkpointing on, or train an adapter (lora_rank above 0)."
)
_SYSTEM_ERRORS = {
    errno.ENOENT: ("file-not-found", "The file does not exist.", "Check the path."),
    errno.EACCES: ("permission-denied", "Permission denied.", "Check who may read or write this path."),
    errno.EPERM: ("permission-denied", "Permission denied.", "Check who may read or write this path."),
    errno.EROFS: ("permission-denied", "The file system is read-only.", "Choose a folder you may write to."),
    errno.ENOSPC: ("disk-full", "The disk is full.", _DISK_HINT),
    errno.EDQUOT: ("disk-full", "The disk quota is used up.", _DISK_HINT),
    errno.ENOMEM: ("out-of-memory", "The memory of this machine is used up.", _MEMORY_HINT),
}
# Libraries that write files in native code say so in words only.
_DISK_FULL = re.compile(
    r"no space left on device|os error 28|PytorchStreamWriter failed writing|disk quota exceeded", re.I
)
_OUT_OF_MEMORY = re.compile(r"out of memory|can't allocate memory|cannot allocate memory", re.I)


def as_studio_error(error: BaseException) -> StudioError | None:
    """The error in our words; None for a defect."""
    if isinstance(error, StudioError):
        return error
    if isinstance(error, ModuleNotFoundError):
        name = (error.name or "?").split(".")[0]
        return StudioError(
            "not-available",
            f'The package "{name}" is needed to train with TRL, and is not installed.',
            "Set up the Python environment, or: pip install -r python/requirements/trl.txt.",
        )
    if isinstance(error, OSError) and error.errno in _SYSTEM_ERRORS:
        code, message, hint = _SYSTEM_ERRORS[error.errno]
        return StudioError(code, message, hint, {"file": str(error.filename)} if error.filename else None)
    if reporting := reporting_failure(error):
        return reporting
    text = str(error)
    if _DISK_FULL.search(text):
        return StudioError("disk-full", "The disk is full.", _DISK_HINT)
    if isinstance(error, MemoryError) or _OUT_OF_MEMORY.search(text):
        return StudioError("out-of-memory", "The memory is used up.", _MEMORY_HINT)
    return None


def report(error: BaseException) -> dict[str, Any]:
    """The error as the events of a run and ``--json`` have it: code, message, where and hint."""
    known = as_studio_error(error)
    if known is None:
        message = (str(error).strip() or type(error).__name__).split("\n")[0]
        return {
            "code": "internal",
            "message": f"{type(error).__name__}: {message}",
            "where": {},
            "hint": "trainer.log has the details. This may be a defect of Reward Studio: please report it.",
        }
    fields: dict[str, Any] = {"code": known.code, "message": known.message, "where": known.where}
    return {**fields, "hint": known.hint} if known.hint else fields
