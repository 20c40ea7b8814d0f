"""Every dialect that can be written. A new one is a file and a line here, and the same in TypeScript."""

from __future__ import annotations

from reward_studio.dialects.json_columns import JSON
from reward_studio.dialects.judges import JUDGE_NOW, JUDGE_SPEC
from reward_studio.dialects.layout import Dialect, Layout
from reward_studio.dialects.llama_factory import LLAMA_FACTORY
from reward_studio.dialects.own import OWN
from reward_studio.dialects.pair_trainers import OPENRLHF, TRL
from reward_studio.dialects.text import TEXT
from reward_studio.dialects.verl import VERL
from reward_studio.errors import StudioError
from reward_studio.methods import METHOD_TITLES

DIALECTS = {
    dialect.id: dialect for dialect in (OWN, TEXT, JSON, TRL, OPENRLHF, LLAMA_FACTORY, VERL, JUDGE_NOW, JUDGE_SPEC)
}


def find_dialect(name: str) -> Dialect:
    """The dialect, or StudioError ``usage``."""
    if name in DIALECTS:
        return DIALECTS[name]
    raise StudioError("usage", f'There is no dialect "{name}".', f"Choose one of {', '.join(DIALECTS)}.")


def layout_of(dialect: Dialect, method: str) -> Layout:
    """The layout of a method, or StudioError ``usage`` with the reason why the dialect has none."""
    layout = dialect.layouts[method]
    if isinstance(layout, Layout):
        return layout
    title = METHOD_TITLES[method]
    others = [name for name, known in DIALECTS.items() if isinstance(known.layouts[method], Layout)]
    message = f'The dialect "{dialect.id}" has no rows for {title}: {layout}.'
    raise StudioError("usage", message, f"{title} can be written in {', '.join(others)}.")
