"""What this machine has: its GPUs by NVML, its CPUs and its memory; or what it is told to pretend."""

import os
from dataclasses import dataclass, replace
from typing import Any, Self

from resources.shares import WHOLE, Amount, parse_memory

LENDABLE = 0.7
"""Part of the memory that tasks may count on; the rest is for the system, the engine and the screens."""


@dataclass(frozen=True, slots=True)
class Device:
    """One GPU. A logical one stands in where there is none: it is counted like a real one.

    Attributes:
        index: Its number on this machine, from 0.
        memory: In bytes; 0 where nobody knows.
    """

    index: int
    name: str = "logical"
    uuid: str = ""
    memory: int = 0
    logical: bool = True


@dataclass(frozen=True, slots=True)
class Inventory:
    """What may be shared out.

    Attributes:
        cpus: In ten-thousandths of a core, above 0.
        memory: In bytes.
    """

    cpus: int
    memory: int
    gpus: tuple[Device, ...] = ()

    @classmethod
    def of_machine(cls, *, cpus: float | None = None, gpus: float | None = None) -> Self:
        """Return what is here, with as many CPUs and logical GPUs as were asked for instead.

        Args:
            cpus: CPUs to share out; all that this process may use when None.
            gpus: GPUs to share out: real ones first, logical ones for the rest; all real ones when None.
        """
        real = _graphics_cards()
        found = cls(round((cpus or _usable_cores()) * WHOLE), int(_memory() * LENDABLE), real)
        return found if gpus is None else found.with_gpus(int(gpus))

    @classmethod
    def logical(cls, *, cpus: float = 2, gpus: int = 0, memory: str | int = "4GiB") -> Self:
        """Return an inventory that was made up, for tests and simulations."""
        return cls(round(cpus * WHOLE), parse_memory(memory)).with_gpus(gpus)

    def with_gpus(self, count: int) -> Self:
        """Return this inventory with `count` GPUs: those there are, then logical ones."""
        extra = tuple(Device(index) for index in range(len(self.gpus), count))
        return replace(self, gpus=self.gpus[:count] + extra)

    @property
    def total(self) -> Amount:
        """Everything there is."""
        return Amount(self.cpus, len(self.gpus) * WHOLE, self.memory)

    def document(self) -> dict[str, Any]:
        """Return the inventory as JSON, in units a person reads: cores, bytes, GPUs by name."""
        cards = [{name: getattr(gpu, name) for name in Device.__slots__} for gpu in self.gpus]
        return {"cpus": self.cpus / WHOLE, "memory": self.memory, "gpus": cards}


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> int:
    import psutil

    return int(psutil.virtual_memory().total)


def _graphics_cards() -> tuple[Device, ...]:
    """Return the GPUs that NVML sees; none where there is no driver."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return ()
    try:
        return tuple(_card(pynvml, index) for index in range(pynvml.nvmlDeviceGetCount()))
    finally:
        pynvml.nvmlShutdown()


def _card(nvml: Any, index: int) -> Device:
    handle = nvml.nvmlDeviceGetHandleByIndex(index)
    memory = int(nvml.nvmlDeviceGetMemoryInfo(handle).total)
    return Device(index, nvml.nvmlDeviceGetName(handle), nvml.nvmlDeviceGetUUID(handle), memory, logical=False)
