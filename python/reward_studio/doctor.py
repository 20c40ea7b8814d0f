"""What this environment has, and what each engine lacks.

Standard library only, so that any interpreter can be asked.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

# What an engine cannot do without, and why; with the versions that it is tested with in its requirements.
_NEEDED: Mapping[str, Sequence[tuple[str, str]]] = {
    "trl": (
        ("torch", "computes"),
        ("transformers", "holds the models"),
        ("trl", "trains"),
        ("peft", "trains adapters (LoRA)"),
        ("accelerate", "runs several processes"),
        ("datasets", "hands rows to the trainer"),
        ("pyarrow", "reads Parquet and Arrow files"),
        ("safetensors", "writes weights"),
        ("jinja2", "fills chat templates"),
        ("fastapi", "serves models"),
        ("uvicorn", "serves models"),
    ),
    "verl": (
        ("torch", "computes"),
        ("transformers", "holds the models"),
        ("verl", "trains"),
        ("ray", "runs on a cluster"),
        ("tensordict", "hands rows to the trainer"),
        ("pyarrow", "reads Parquet files"),
    ),
}
_ALSO = ("numpy", "vllm", "flash-attn", "nvidia-ml-py", "bitsandbytes", "wandb")
_LEAST_PYTHON = (3, 11)
# Same major and minor version as tested: others may work, and are told.
_EXACT = {"trl", "transformers", "torch", "verl"}


def examine(path: Path) -> dict[str, Any]:
    """What docs/training.md lists under ``doctor --json``; ``path`` is where disk is needed."""
    names = dict.fromkeys([name for needed in _NEEDED.values() for name, _ in needed] + list(_ALSO))
    packages = {name: _version(name) for name in names}
    cuda, gpus = _cuda()
    return {
        "version": 1,
        "python": {
            "executable": sys.executable,
            "version": platform.python_version(),
            "prefix": sys.prefix,
            "virtual": sys.prefix != sys.base_prefix or "CONDA_PREFIX" in os.environ,
        },
        "platform": {"system": platform.system(), "machine": platform.machine()},
        "packages": packages,
        "cuda": cuda,
        "gpus": gpus,
        "cpu": {"count": os.cpu_count(), **examine_memory()},
        "disk": _disk(path),
        "engines": {engine: _engine(engine, packages) for engine in _NEEDED},
    }


def describe(found: Mapping[str, Any]) -> str:
    """The same for a person."""
    python, cpu, disk = found["python"], found["cpu"], found["disk"]
    lines = [f"python  {python['version']}  {python['executable']}"]
    lines += [
        f"gpu     {gpu['name']}, {_gb(gpu['free_bytes'])} of {_gb(gpu['memory_bytes'])} free" for gpu in found["gpus"]
    ]
    lines += [] if found["gpus"] else ["gpu     none"]
    lines += [
        f"memory  {_gb(cpu['free_bytes'])} of {_gb(cpu['memory_bytes'])} free, {cpu['count']} CPUs",
        f"disk    {_gb(disk['free_bytes'])} of {_gb(disk['total_bytes'])} free at {disk['path']}",
    ]
    for engine, state in found["engines"].items():
        lines.append(f"{engine:<7} {'ready' if state['ready'] else 'not ready'}")
        for each in state["missing"]:
            has = f"has {each['found']}" if each["found"] else "missing"
            lines.append(f"          {each['package']} {each['wanted']}: {has}; it {each['because']}")
    return "\n".join(lines)


def _engine(engine: str, packages: Mapping[str, str | None]) -> dict[str, Any]:
    requirements = Path(__file__).resolve().parents[1] / "requirements" / f"{engine}.txt"
    tested = _tested(requirements)
    missing = [
        {"package": name, "wanted": tested.get(name, "any"), "found": packages[name], "because": because}
        for name, because in _NEEDED[engine]
        if not _fits(name, packages[name], tested.get(name))
    ]
    if sys.version_info[:2] < _LEAST_PYTHON:
        wanted = ".".join(map(str, _LEAST_PYTHON))
        missing.insert(
            0,
            {
                "package": "python",
                "wanted": f">={wanted}",
                "found": platform.python_version(),
                "because": "is what the tested packages need",
            },
        )
    return {
        "ready": not missing,
        "missing": missing,
        "requirements": str(requirements) if requirements.is_file() else None,
    }


def _tested(requirements: Path) -> dict[str, str]:
    if not requirements.is_file():
        return {}
    pins = re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", requirements.read_text("utf-8"), re.MULTILINE)
    return {name.lower(): pinned for name, pinned in pins}


def _fits(name: str, found: str | None, tested: str | None) -> bool:
    if found is None:
        return False
    if tested is None or name not in _EXACT:
        return True
    return found.split("+")[0].split(".")[:2] == tested.split(".")[:2]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _cuda() -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    try:
        import torch
    except Exception:  # a broken installation raises anything, and is as good as none
        return None, []
    there = torch.cuda.is_available()
    cuda = {
        "available": there,
        "version": torch.version.cuda,
        "driver": _driver() if there else None,
        "bf16": there and torch.cuda.is_bf16_supported(),
    }
    gpus = []
    for index in range(torch.cuda.device_count() if there else 0):
        free, total = torch.cuda.mem_get_info(index)
        name = torch.cuda.get_device_name(index)
        gpus.append({"index": index, "name": name, "memory_bytes": total, "free_bytes": free})
    return cuda, gpus


def _driver() -> str | None:
    try:
        import pynvml

        pynvml.nvmlInit()
        return str(pynvml.nvmlSystemGetDriverVersion())
    except Exception:  # told where it can be
        return None


def examine_memory() -> dict[str, int | None]:
    """Of the machine, or of the container that this runs in where that is less."""
    total = free = None
    try:
        lines = Path("/proc/meminfo").read_text("utf-8").splitlines()
        sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines}
        total, free = sizes["MemTotal"], sizes["MemAvailable"]
    except (OSError, KeyError, ValueError, IndexError):
        try:
            total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        except (AttributeError, OSError, ValueError):
            total = None
    limit = _number(Path("/sys/fs/cgroup/memory.max"))
    used = _number(Path("/sys/fs/cgroup/memory.current"))
    if limit is not None and total is not None and limit < total:
        total = limit
        free = limit - used if used is not None else free
    return {"memory_bytes": total, "free_bytes": free}


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _disk(path: Path) -> dict[str, Any]:
    there = next(folder for folder in (path.resolve(), *path.resolve().parents) if folder.exists())
    usage = shutil.disk_usage(there)
    return {"path": str(there), "total_bytes": usage.total, "free_bytes": usage.free}


def _gb(size: int | None) -> str:
    return "?" if size is None else f"{size / 2**30:.1f} GiB"
