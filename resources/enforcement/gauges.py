"""What processes take: memory by the system, memory of GPUs by NVML."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import psutil


class Gauges:
    """Reads this machine.

    Args:
        nvml: The module `pynvml`, initialized; None where there is no GPU.
    """

    def __init__(self, nvml: Any = None) -> None:
        self._nvml = nvml

    def memory(self, pid: int) -> int:
        """Return the bytes that a process and all it started have in memory; 0 where it is no more."""
        found = 0
        for one in self._family(pid):
            with suppress(psutil.Error):
                found += one.memory_info().rss - getattr(one.memory_info(), "shared", 0)
        return found

    def family(self, pid: int) -> set[int]:
        """Return a process and all that it started."""
        return {one.pid for one in self._family(pid)}

    def gpu_memory(self) -> Mapping[int, Mapping[int, int]]:
        """Return the bytes of each GPU's memory that each process has: `{index: {pid: bytes}}`."""
        if self._nvml is None:
            return {}
        found: dict[int, dict[int, int]] = {}
        for index in range(self._nvml.nvmlDeviceGetCount()):
            with suppress(self._nvml.NVMLError):  # a device that does not answer: its health says so
                handle = self._nvml.nvmlDeviceGetHandleByIndex(index)
                processes = self._nvml.nvmlDeviceGetComputeRunningProcesses(handle)
                found[index] = {one.pid: int(one.usedGpuMemory or 0) for one in processes}
        return found

    def _family(self, pid: int) -> list[psutil.Process]:
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            return [process, *process.children(recursive=True)]
        return []


def gauges_here() -> Gauges:
    """Return the gauges of this machine, with NVML where there is a driver."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return Gauges()
    return Gauges(pynvml)
