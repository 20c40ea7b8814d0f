"""The closed list of transforms that a declaration may name: that of src/core/datasets/formats/transforms.ts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reward_studio.formats import labels, structures, tool_calls, turns

Transform = Callable[..., Any]

TRANSFORMS: Mapping[str, Transform] = {
    "prompt": turns.prompt,
    "completion": turns.completion,
    "completion-with-calls": tool_calls.completion_with_calls,
    "instruction": turns.instruction,
    "with-system": turns.with_system,
    "with-history": turns.with_history,
    "with-context": turns.with_context,
    "marked-turns": turns.marked_turns,
    "messages": turns.messages,
    "conversation": turns.conversation,
    "join": turns.join,
    "no-prompt": turns.no_prompt,
    "split-dialogues": turns.split_dialogues,
    "split-messages": turns.split_messages,
    "lookup": labels.lookup,
    "majority": labels.majority,
    "integer": labels.integer,
    "rounded-mean": labels.rounded_mean,
    "signed-strength": labels.signed_strength,
    "optional-strength": labels.optional_strength,
    "task-score": labels.task_score,
    "margin": labels.margin,
    "optional-number": labels.optional_number,
    "each-pair": structures.each_pair,
    "each-better-worse": structures.each_better_worse,
    "each-preferred": structures.each_preferred,
    "at": structures.at,
    "content-at": structures.content_at,
    "list-of": structures.list_of,
    "unlabelled": structures.unlabelled,
}
