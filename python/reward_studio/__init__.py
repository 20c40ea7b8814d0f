"""Reward Studio's side of a run in Python: write a run's events so that the editor can follow it, stop when asked to."""

from reward_studio.errors import StudioError
from reward_studio.events import EventLog
from reward_studio.stop_requests import StopRequests

__all__ = ["EventLog", "StopRequests", "StudioError"]
