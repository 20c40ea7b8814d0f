"""Our own layout, the default: native message lists, one column for each part of a record. Twin of own.ts."""

from __future__ import annotations

from reward_studio.dialects.conversations import plain
from reward_studio.dialects.layout import Dialect, Layout
from reward_studio.writers.columns import MESSAGES, Column

MESSAGE_LAYOUTS = {
    "bradley-terry": Layout(
        [
            Column("prompt", MESSAGES),
            Column("chosen", MESSAGES),
            Column("rejected", MESSAGES),
            Column("margin", "double"),
        ],
        lambda pair, _: [plain(pair.prompt), plain(pair.chosen), plain(pair.rejected), pair.margin],
    ),
    "pointwise": Layout(
        [Column("prompt", MESSAGES), Column("response", MESSAGES), Column("score", "int")],
        lambda scored, _: [plain(scored.prompt), plain(scored.response), scored.score],
    ),
    "pairwise": Layout(
        [
            Column("prompt", MESSAGES),
            Column("response_a", MESSAGES),
            Column("response_b", MESSAGES),
            Column("preferred", "string"),
            Column("strength", "double"),
        ],
        lambda compared, _: [
            plain(compared.prompt),
            plain(compared.response_a),
            plain(compared.response_b),
            compared.preferred,
            compared.strength,
        ],
    ),
    "sft": Layout([Column("messages", MESSAGES)], lambda conversation, _: [plain(conversation.messages)]),
}

OWN = Dialect("own", MESSAGE_LAYOUTS)
