"""What one task may take, and how its worker keeps to it: threads, and the memory of its GPUs in torch."""

import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Self

from resources.device import Device
from resources.enforcement.binding import bind, here
from resources.shares import WHOLE, Amount

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")

_ANY = here()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a task may take.

    Attributes:
        threads: Of each numeric library; 0 means as many as it likes.
        memory: In bytes, with what its worker started; 0 means as much as it likes.
        gpus: Bytes of each device's memory by its number; one that is not named has no limit.
        fraction: The same as part of a device, for torch; 0 means no limit.
        cores: Numbers of those it runs on; any when empty.
    """

    threads: int = 0
    memory: int = 0
    gpus: Mapping[int, int] = field(default_factory=dict)
    fraction: float = 0.0
    cores: tuple[int, ...] = ()

    @classmethod
    def of(cls, level: str, share: Amount, devices: Sequence[Device], least: int = 0) -> Self:
        """Return the limits of a task at a level; `advisory` has none.

        Only the memory of NVIDIA's devices is limited: of others nobody tells what a process takes.

        Args:
            level: Of its environment.
            share: What it has; of GPUs the part of each of its devices.
            devices: Those it runs on.
            least: Ten-thousandths of its device down to which it may be squeezed while it runs; 0: never. Memory cannot
                be squeezed, so that is all it may take of the device's.
        """
        if level == "advisory":
            return cls()
        part = min(least or share.gpu, WHOLE) / WHOLE if devices else 0.0
        memory = {one.index: int(one.memory * part) for one in devices if one.memory and one.of_nvidia}
        part = 0.0 if part == 1.0 else part
        return cls(max(1, ceil(share.cpu / WHOLE)), share.memory, memory if part else {}, part)

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Self:
        """Return limits from JSON."""
        gpus = {int(index): size for index, size in document["gpus"].items()}
        return cls(
            document["threads"], document["memory"], gpus, document["fraction"], tuple(document.get("cores", ()))
        )

    def document(self) -> dict[str, Any]:
        """Return the limits as JSON."""
        gpus = {str(index): size for index, size in self.gpus.items()}
        return {
            "threads": self.threads,
            "memory": self.memory,
            "gpus": gpus,
            "fraction": self.fraction,
            "cores": list(self.cores),
        }

    @property
    def watched(self) -> bool:
        """Whether somebody must look at what the task takes."""
        return bool(self.memory or self.gpus)


_kept = Limits()


def kept() -> Limits:
    """Return the limits that this process keeps to."""
    return _kept


def keep(limits: Limits) -> None:
    """Keep this process to the limits of a task; a warm worker with the limits of the last one has nothing to do."""
    global _kept
    before, _kept = _kept, limits
    if limits.threads != before.threads:
        _keep_threads(limits.threads)
    if limits.fraction != before.fraction:
        _keep_fraction(limits.fraction)
    if limits.cores != before.cores:
        bind(limits.cores or _ANY)


def _keep_threads(threads: int) -> None:
    for name in THREADS:
        if threads:
            os.environ[name] = str(threads)
        else:
            os.environ.pop(name, None)
    import threadpoolctl

    threadpoolctl.threadpool_limits(threads or os.cpu_count() or 1)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(threads or os.cpu_count() or 1)


def _keep_fraction(fraction: float) -> None:
    """Let torch allocate no more than its part of each device that this process sees."""
    if importlib.util.find_spec("torch") is None:
        return
    torch = importlib.import_module("torch")
    for index in range(torch.cuda.device_count()):
        torch.cuda.set_per_process_memory_fraction(fraction or 1.0, index)
