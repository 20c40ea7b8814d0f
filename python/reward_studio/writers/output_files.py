"""Files of one export, written under temporary names, which take their final ones when all of them are whole."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from reward_studio.errors import StudioError


class OutputFiles:
    """All of the files get their final names, in the order in which they were opened, or none does."""

    def __init__(self, targets: Sequence[Path], force: bool) -> None:
        """Raises StudioError ``already-exists``, unless files may be replaced."""
        self._force = force
        for path in targets:
            self._refuse_existing(path)
        self._temporary: dict[Path, Path] = {}

    def __enter__(self) -> OutputFiles:
        return self

    def open(self, path: Path) -> Path:
        """Where to write what will be ``path``."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
            temporary.touch(exist_ok=False)
        except OSError as error:
            raise unwritable(path, error) from error
        self._temporary[path] = temporary
        return temporary

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit()
        finally:
            for temporary in self._temporary.values():
                temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise unwritable(next(iter(self._temporary), Path()), error) from error

    def _commit(self) -> None:
        """The datasheet was opened last and is named last: where there is one, it describes the files beside it."""
        for path in self._temporary:
            self._refuse_existing(path)
        sheet = list(self._temporary)[-1:]
        for path in sheet:
            path.unlink(missing_ok=True)
        for path, temporary in self._temporary.items():
            os.replace(temporary, path)

    def _refuse_existing(self, path: Path) -> None:
        if path.exists() and not self._force:
            hint = "Choose another folder, or replace it with --force."
            raise StudioError("already-exists", "The file already exists.", hint, {"file": str(path)})


def unwritable(path: Path, error: OSError) -> StudioError:
    """A system error as one that a person can act on, about the file that is being written."""
    where = {"file": str(path)}
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StudioError("disk-full", "The disk is full.", "Free some space and try again.", where)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = "Check who may write to this folder, or choose another one."
        return StudioError("permission-denied", "The file cannot be written there.", hint, where)
    return StudioError("permission-denied", f"The file cannot be written: {error}.", "Choose another folder.", where)
