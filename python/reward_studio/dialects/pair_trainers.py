"""TRL and OpenRLHF, which train reward models from pairs alone. Twin of trl.ts and openrlhf.ts.

A pair without a margin has 0 there: TRL subtracts it and cannot take null, OpenRLHF takes 0 for none.
"""

from __future__ import annotations

from reward_studio.dialects.conversations import chosen_conversation, plain, rejected_conversation, unfit_for_whole
from reward_studio.dialects.layout import Dialect, Layout
from reward_studio.dialects.own import MESSAGE_LAYOUTS
from reward_studio.records import PreferencePair
from reward_studio.writers.columns import MESSAGES, Column


def _pairs_only(trainer: str) -> str:
    return (
        f"{trainer} trains reward models from pairs alone"
        " (use --method bt, which also makes pairs of scores and labels)"
    )


def _margin(pair: PreferencePair) -> float:
    return 0 if pair.margin is None else pair.margin


TRL = Dialect(
    "trl",
    {
        "bradley-terry": Layout(
            MESSAGE_LAYOUTS["bradley-terry"].columns,
            lambda pair, _: [plain(pair.prompt), plain(pair.chosen), plain(pair.rejected), _margin(pair)],
            lambda pair: None if pair.prompt else "no-prompt",
        ),
        "pointwise": _pairs_only("TRL"),
        "pairwise": _pairs_only("TRL"),
        "sft": MESSAGE_LAYOUTS["sft"],
    },
)

OPENRLHF = Dialect(
    "openrlhf",
    {
        "bradley-terry": Layout(
            [Column("chosen", MESSAGES), Column("rejected", MESSAGES), Column("margin", "double")],
            lambda pair, _: [plain(chosen_conversation(pair)), plain(rejected_conversation(pair)), _margin(pair)],
            unfit_for_whole,
        ),
        "pointwise": _pairs_only("OpenRLHF"),
        "pairwise": _pairs_only("OpenRLHF"),
        "sft": MESSAGE_LAYOUTS["sft"],
    },
)
