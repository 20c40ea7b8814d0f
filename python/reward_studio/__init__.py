"""Reward Studio's side of a run in Python: write a run's events so that the editor can follow it."""

from reward_studio.errors import StudioError
from reward_studio.events import EventLog

__all__ = ["EventLog", "StudioError"]
