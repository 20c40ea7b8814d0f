"""One attempt of a run, as each of its processes sees it: events from the first alone, stop requests for all."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

from reward_studio.events import EventLog
from reward_studio.stop_requests import StopRequests
from reward_studio.training.checkpoints import Checkpoints
from reward_studio.training.hardware import Hardware
from reward_studio.training.spec import RunSpec

Value = TypeVar("Value")


class Stopped(Exception):
    """The run was asked to stop before its first step."""


@dataclass
class Session:
    """``log`` is None in every process but the first. ``evaluations`` are those of this and of earlier attempts."""

    folder: Path
    attempt: int
    spec: RunSpec
    hardware: Hardware
    log: EventLog | None
    checkpoints: Checkpoints
    evaluations: dict[int, dict[str, Any]] = field(default_factory=dict)
    stopping: bool = False
    _signalled: bool = False

    def __post_init__(self) -> None:
        self._requests = StopRequests(self.folder, self.attempt)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    @property
    def main(self) -> bool:
        return self.log is not None

    def tell(self, write: Callable[[EventLog], None]) -> None:
        """Writes events, in the first process."""
        if self.log is not None:
            write(self.log)

    def warn(self, message: str) -> None:
        self.tell(lambda log: log.warning(message))

    def stop_asked(self) -> bool:
        """Whether to end; the same answer in all processes, which have to ask together."""
        if not self.stopping:
            asked = self._signalled or (self.main and self._requests.requested())
            self.stopping = any(gather([asked]))
        return self.stopping

    def leave_if_asked(self) -> None:
        """Between two stages that come before the first step."""
        if self.stop_asked():
            raise Stopped

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signalled = True


def gather(values: Sequence[Value]) -> list[Value]:
    """The values of all processes, in the order of the processes."""
    import torch.distributed as dist

    if not (dist.is_available() and dist.is_initialized()):
        return list(values)
    found: list[Sequence[Value]] = [[] for _ in range(dist.get_world_size())]
    dist.all_gather_object(found, list(values))
    return [value for part in found for value in part]


def wait_for_all() -> None:
    gather([None])


def as_values(metrics: Mapping[str, float], subset: str) -> dict[str, float]:
    return {f"{subset}/{name}": float(value) for name, value in metrics.items()}
