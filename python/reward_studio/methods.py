"""The four training methods, as src/core/methods/method.ts names them."""

from __future__ import annotations

from collections.abc import Mapping

METHOD_TITLES: Mapping[str, str] = {
    "bradley-terry": "Bradley-Terry",
    "pointwise": "Pointwise (0-4)",
    "pairwise": "Pairwise (A/B/tie)",
    "sft": "Supervised fine-tuning (SFT)",
}
METHODS = tuple(METHOD_TITLES)
METHOD_ALIASES: Mapping[str, str] = {"bt": "bradley-terry"}

METHOD_OF_RECORD: Mapping[str, str] = {
    "preference-pair": "bradley-terry",
    "scored-response": "pointwise",
    "compared-responses": "pairwise",
    "conversation": "sft",
}
