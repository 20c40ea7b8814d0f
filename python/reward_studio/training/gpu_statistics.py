"""Use and memory of the GPUs, from NVML. Not tried on a GPU."""

from __future__ import annotations

from typing import Any


class GpuStatistics:
    """Gives nothing where NVML cannot be asked."""

    def __init__(self) -> None:
        self._nvml: Any = None
        try:
            import pynvml

            pynvml.nvmlInit()
            self._nvml = pynvml
        except Exception:  # whatever NVML has against it, training goes on without its numbers
            self._nvml = None

    def values(self) -> dict[str, float]:
        """Mean use in percent, and the memory of the fullest GPU in GB, of the GPUs that this process may see."""
        if self._nvml is None:
            return {}
        try:
            handles = [self._nvml.nvmlDeviceGetHandleByIndex(index) for index in range(self._nvml.nvmlDeviceGetCount())]
            used = [self._nvml.nvmlDeviceGetUtilizationRates(handle).gpu for handle in handles]
            memory = [self._nvml.nvmlDeviceGetMemoryInfo(handle).used / 1e9 for handle in handles]
        except self._nvml.NVMLError:
            return {}
        if not handles:
            return {}
        return {"system/gpu_utilization": sum(used) / len(used), "system/gpu_memory_gb": max(memory)}
