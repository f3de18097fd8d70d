"""Which ways to hold a share this machine has, and which levels (`resources.levels`) they reach.

Which mechanism can do what is told with its sources in `README.md` of this folder.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resources.devices import Inventory
from resources.enforcement import mps
from resources.enforcement.binding import here
from resources.errors import LevelError
from resources.levels import LEVELS, Level


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One way to hold a share.

    Attributes:
        holds: Whether this machine has it; None where only a GPU would show.
        code: Of what is found, for a screen to say in its language.
        message: The same in English.
    """

    name: str
    level: Level
    holds: bool | None
    code: str
    message: str

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {slot: getattr(self, slot) for slot in self.__slots__}


def mechanisms(inventory: Inventory) -> tuple[Mechanism, ...]:
    """Return every mechanism, and whether it holds on this machine."""
    real = any(one.of_nvidia for one in inventory.devices)
    watched = Path("/proc/self/statm").exists()
    return (
        Mechanism("accounting", "advisory", True, "counted", "No more is given out than there is."),
        Mechanism("threads", "capped", True, "threads", "Numeric libraries use as many threads as the share has CPUs."),
        Mechanism("memory_watch", "capped", watched, *_watching(watched)),
        _of_gpu("torch_fraction", "capped", real, "torch", "torch allocates within the share of the device's memory."),
        _of_gpu(
            "gpu_memory_watch",
            "capped",
            real,
            "nvml",
            "NVML shows the memory of each process; who takes more is stopped.",
        ),
        _of_gpu(
            "step_gate", "capped", real, "gate", "Work that passes the gate computes by its share; other work does not."
        ),
        Mechanism("cores", "partitioned", bool(here()), *_binding(bool(here()))),
        _partition(real=real),
        _of_gpu("whole_device", "hardware", real, "whole", "A task that has a whole device shares it with nobody."),
    )


def check_level(level: str, inventory: Inventory, gpu: int = 0) -> None:
    """Check that this machine can hold shares at a level.

    Args:
        level: To be checked.
        inventory: Of the machine.
        gpu: Ten-thousandths of GPUs that are to be held.

    Raises:
        LevelError: There is no such level, or nothing here holds it, or not of GPUs.
    """
    if level not in LEVELS:
        raise LevelError(f"There is no level {level!r}.", hint=f"Levels are {', '.join(LEVELS)}.", field="level")
    found = [one for one in mechanisms(inventory) if one.level == level]
    if not any(one.holds or (one.holds is None and level == "hardware") for one in found):
        raise LevelError(
            f"Shares cannot be held at the level {level!r} here: {' '.join(one.message for one in found)}",
            hint=f"Choose one of {', '.join(offered(inventory))}.",
            field="level",
        )
    if level == "partitioned" and gpu and any(one.of_nvidia for one in inventory.devices) and not mps.listens():
        raise LevelError(
            "Parts of GPUs cannot be held at the level 'partitioned' here: no MPS daemon runs.",
            hint="An administrator can start one; or choose capped, or hardware for whole GPUs.",
            field="level",
        )


def offered(inventory: Inventory) -> list[Level]:
    """Return the levels that this machine can hold."""
    held = {one.level for one in mechanisms(inventory) if one.holds or (one.holds is None and one.level == "hardware")}
    return [level for level in LEVELS if level in held]


def held(inventory: Inventory) -> list[Level]:
    """Return the levels of which something is seen to hold here; whole devices that are logical are only counted."""
    found = {one.level for one in mechanisms(inventory) if one.holds}
    return [level for level in LEVELS if level in found]


def _watching(watched: bool) -> tuple[str, str]:
    if watched:
        return (
            "memory",
            "The memory of each task is watched; who takes more than its share is stopped, and nobody else.",
        )
    return "no_memory", "This system does not show the memory of processes."


def _binding(binds: bool) -> tuple[str, str]:
    if binds:
        return "cores", "The work of an environment runs on cores of its own, and other work keeps off them."
    return "no_cores", "This system cannot bind work to cores."


def _of_gpu(name: str, level: Level, real: bool, code: str, message: str) -> Mechanism:
    if real:
        return Mechanism(name, level, True, code, message)
    return Mechanism(name, level, None, "no_gpu", "There is no GPU here.")


def _partition(*, real: bool) -> Mechanism:
    if not real:
        return Mechanism("mps", "partitioned", None, "no_gpu", "There is no GPU here.")
    if mps.listens():
        return Mechanism("mps", "partitioned", True, "mps", "An MPS daemon listens here.")
    return Mechanism("mps", "partitioned", False, "no_mps", "No MPS daemon runs; an administrator can start one.")
