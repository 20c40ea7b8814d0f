"""Use and memory of the GPUs, from NVML."""

from __future__ import annotations

import time
from typing import Any

# Asking the driver takes milliseconds, and a step may take no more.
_PAUSE_S = 1.0


class GpuStatistics:
    """Gives nothing where NVML cannot be asked."""

    def __init__(self) -> None:
        self._nvml: Any = None
        self._asked = float("-inf")
        try:
            import pynvml

            pynvml.nvmlInit()
            self._nvml = pynvml
        except Exception:  # whatever NVML has against it, training goes on without its numbers
            self._nvml = None

    def values(self) -> dict[str, float]:
        """Mean use in percent, and the memory of the fullest GPU in GB; nothing within a second of the last answer."""
        now = time.monotonic()
        if self._nvml is None or now - self._asked < _PAUSE_S:
            return {}
        self._asked = now
        try:
            handles = [self._nvml.nvmlDeviceGetHandleByIndex(index) for index in range(self._nvml.nvmlDeviceGetCount())]
            used = [self._nvml.nvmlDeviceGetUtilizationRates(handle).gpu for handle in handles]
            memory = [self._nvml.nvmlDeviceGetMemoryInfo(handle).used / 1e9 for handle in handles]
        except self._nvml.NVMLError:
            return {}
        if not handles:
            return {}
        return {"system/gpu_utilization": sum(used) / len(used), "system/gpu_memory_gb": max(memory)}
