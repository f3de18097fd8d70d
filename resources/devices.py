"""What this machine has: its GPUs by NVML, other accelerators by Ray, CPUs, memory; or what it is told to pretend."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from resources.accelerators import accelerators_here
from resources.device import CUDA, Device
from resources.errors import ShareError
from resources.graphics_cards import graphics_cards
from resources.profiles import GPU, profile_of
from resources.shares import WHOLE, Amount, parse_memory

LENDABLE = 0.7
"""Part of the memory that tasks may count on; the rest is for the system, the engine and the screens."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What may be shared out.

    Attributes:
        cpus: In ten-thousandths of a core, above 0.
        memory: In bytes.
        devices: GPUs and other accelerators.
    """

    cpus: int
    memory: int
    devices: tuple[Device, ...] = ()

    @classmethod
    def of_machine(cls, *, cpus: float | None = None, gpus: float | None = None, devices: str | None = None) -> Self:
        """Return what is here, with as many CPUs and logical GPUs as were asked for instead.

        Args:
            cpus: CPUs to share out; all that this process may use when None.
            gpus: GPUs to share out: real ones first, logical ones for the rest; all real ones when None.
            devices: Logical devices to share out instead of all that is here, see `pretended`.

        Raises:
            ShareError: `devices` cannot be read.
        """
        cards = graphics_cards()
        # GPUs of several makers would have the same numbers, and Ray counts them as one kind: NVIDIA's are taken.
        others = tuple(one for one in accelerators_here() if one.kind != GPU or not cards)
        real = pretended(devices) if devices else (*cards, *others)
        found = cls(round((cpus or _usable_cores()) * WHOLE), int(_memory() * LENDABLE), real)
        return found if gpus is None else found.with_gpus(int(gpus))

    @classmethod
    def logical(cls, *, cpus: float = 2, gpus: int = 0, memory: str | int = "4GiB", devices: str = "") -> Self:
        """Return an inventory that was made up, for tests and simulations."""
        found = cls(round(cpus * WHOLE), parse_memory(memory), pretended(devices) if devices else ())
        return found.with_gpus(gpus) if gpus else found

    def with_gpus(self, count: int) -> Self:
        """Return this inventory with `count` GPUs: those there are, then logical ones; other kinds stay."""
        gpus = [one for one in self.devices if one.kind == GPU]
        others = tuple(one for one in self.devices if one.kind != GPU)
        extra = [Device(index) for index in range(len(gpus), count)]
        return replace(self, devices=(*gpus[:count], *extra, *others))

    def with_more(self, count: int, labels: Mapping[str, str]) -> Self:
        """Return this inventory with `count` logical devices more that have these labels."""
        profile = profile_of(labels.get("model", "logical"))
        kind = labels.get("kind", profile.kind)
        first = sum(one.kind == kind for one in self.devices)
        more = (Device(first + at, profile.model, memory=profile.memory, kind=kind) for at in range(count))
        return replace(self, devices=(*self.devices, *more))

    def named(self, names: Iterable[str]) -> list[Device]:
        """Return devices by what they are called here; those it does not have are left out."""
        known = {one.device: one for one in self.devices}
        return [known[name] for name in names if name in known]

    def seen(self, devices: Iterable[Device]) -> dict[str, str]:
        """Return the variables that let a process see these devices, and no others."""
        variables = {CUDA: "", **{one.visible: "" for one in self.devices}}
        for one in devices:
            before = variables[one.visible]
            variables[one.visible] = f"{before},{one.index}" if before else str(one.index)
        return variables

    def kinds(self) -> dict[str, int]:
        """Return how many devices there are of each kind, GPUs first."""
        found = {GPU: 0}
        for one in self.devices:
            found[one.kind] = found.get(one.kind, 0) + 1
        return found

    @property
    def total(self) -> Amount:
        """Everything there is."""
        return Amount(self.cpus, len(self.devices) * WHOLE, self.memory)

    def document(self) -> dict[str, Any]:
        """Return the inventory as JSON, in units a person reads: cores, bytes, devices with their labels."""
        cards = [
            {**{item.name: getattr(one, item.name) for item in fields(one)}, "device": one.device, **one.labels}
            for one in self.devices
        ]
        return {"cpus": self.cpus / WHOLE, "memory": self.memory, "devices": cards}


def pretended(text: str) -> tuple[Device, ...]:
    """Return the logical devices that a text names, such as `2xA100,T4,4xAscend910B`.

    Raises:
        ShareError: It is not written so.
    """
    found: list[Device] = []
    for part in text.split(","):
        match = re.fullmatch(r"(?:(\d{1,4})x)?([A-Za-z][\w .-]*)", part.strip())
        if match is None:
            raise ShareError(
                f"The devices {part.strip()!r} cannot be read.",
                hint="Write numbers and models: 2xA100,1xT4,4xAscend910B.",
                field="devices",
            )
        profile = profile_of(match[2].strip())
        first = sum(one.kind == profile.kind for one in found)
        found += [
            Device(first + at, profile.model, memory=profile.memory, kind=profile.kind)
            for at in range(int(match[1] or 1))
        ]
    return tuple(found)


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> int:
    import psutil

    return int(psutil.virtual_memory().total)
