"""What processes take: memory by the system, memory of GPUs by NVML."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import psutil

from resources.enforcement.resident import Resident, resident


class Gauges:
    """Reads this machine.

    Args:
        nvml: The module `pynvml`, initialized; None where there is no GPU.
    """

    def __init__(self, nvml: Any = None) -> None:
        self._nvml = nvml
        self._resident = Resident()

    def memory(self, pid: int) -> int:
        """Return the bytes that a process and all it started have in memory; 0 where it is no more.

        Private memory, shared memory (what several of them share counts once) and files that they have mapped, but not
        the libraries, which all processes of the machine share.
        """
        figures = {one.pid: resident(one.pid) for one in self._family(pid)}
        mapped = [self._resident.mapped(one, figure) for one, figure in figures.items()]
        sharing = [one for one in mapped if one.shared]
        shared = sharing[0].shared if len(sharing) == 1 else sum(one.part for one in sharing)
        return sum(figure.private for figure in figures.values()) + sum(one.files for one in mapped) + shared

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
