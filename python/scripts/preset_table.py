"""The table of presets in docs/training.md: ``PYTHONPATH=python python3 python/scripts/preset_table.py`` writes it."""

from __future__ import annotations

import re
from pathlib import Path

from reward_studio.methods import METHOD_TITLES
from reward_studio.training.memory import GPU_GIGABYTES, Shape, preset_for_gpu
from reward_studio.training.settings import resolve_settings

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "training.md"
# The shapes of Qwen2.5, which most judges and reward models of these sizes resemble.
MODELS = {
    "0.5 B": Shape(24, 896, 14, 2, 64, 4864, 151_936, True),
    "1.5 B": Shape(28, 1536, 12, 2, 128, 8960, 151_936, True),
    "3 B": Shape(36, 2048, 16, 2, 128, 11_008, 151_936, True),
    "7 B": Shape(28, 3584, 28, 4, 128, 18_944, 152_064, False),
    "14 B": Shape(48, 5120, 40, 8, 128, 13_824, 152_064, False),
}


def with_table(document: str) -> str:
    block = re.compile(r"(<!-- presets -->\n).*?(<!-- end -->)", re.DOTALL)
    return block.sub(lambda found: f"{found.group(1)}\n{table()}\n{found.group(2)}", document)


def table() -> str:
    lines = [
        f"| method | model | {' | '.join(f'{size} GB' for size in GPU_GIGABYTES)} |",
        f"|---|---|{'---|' * len(GPU_GIGABYTES)}",
    ]
    for method, title in METHOD_TITLES.items():
        for name, shape in MODELS.items():
            cells = " | ".join(_cell(method, shape, size) for size in GPU_GIGABYTES)
            lines.append(f"| {title} | {name} | {cells} |")
    return "\n".join(lines) + "\n"


def _cell(method: str, shape: Shape, gigabytes: int) -> str:
    found = preset_for_gpu(method, resolve_settings(method, {}), shape, gigabytes)
    if found is None:
        return "-"
    chosen = found["settings"]
    kind = f"LoRA {chosen['lora_rank']}" if chosen["lora_rank"] else "full"
    length = "" if chosen.get("max_length", 4096) == 4096 else f", {chosen['max_length']} tokens"
    return f"{kind}, micro {chosen['micro_batch_size']}{length} ({found['total_bytes'] / 1e9:.1f})"


if __name__ == "__main__":
    DOCUMENT.write_text(with_table(DOCUMENT.read_text("utf-8")), "utf-8")
