"""Shares of GPUs, CPUs and memory as exact integers, so that sums never drift."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from resources.errors import ShareError

WHOLE = 10_000
"""Ten-thousandths in one GPU or CPU: the finest share Ray can count."""

UNITS = {
    "": 1,
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KIB": 2**10,
    "MIB": 2**20,
    "GIB": 2**30,
    "TIB": 2**40,
}
MEMORY = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[A-Za-z]*)")


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of each resource: GPUs and CPUs in ten-thousandths, memory in bytes; never below zero.

    Raises:
        ShareError: An amount is negative, or is not an integer.
    """

    cpu: int = 0
    gpu: int = 0
    memory: int = 0

    def __post_init__(self) -> None:
        for name in ("cpu", "gpu", "memory"):
            value = getattr(self, name)
            if type(value) is not int:
                raise ShareError(f"The {name} share {value!r} is not an integer.", field=name)
            if value < 0:
                raise ShareError(f"A {name} share cannot be negative, and this one is {value}.", field=name)

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.cpu + other.cpu, self.gpu + other.gpu, self.memory + other.memory)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.cpu - other.cpu, self.gpu - other.gpu, self.memory - other.memory)

    def __str__(self) -> str:
        parts = [f"{name} {_plain(value)}" for name, value in (("CPU", self.cpu), ("GPU", self.gpu)) if value]
        return ", ".join(parts + ([f"memory {readable_bytes(self.memory)}"] if self.memory else [])) or "nothing"

    def fits(self, room: "Amount") -> bool:
        """Return whether `room` has at least this much of everything."""
        return self.cpu <= room.cpu and self.gpu <= room.gpu and self.memory <= room.memory

    def document(self) -> dict[str, int]:
        """Return the amount as JSON: `cpu` and `gpu` in ten-thousandths, `memory` in bytes."""
        return {"cpu": self.cpu, "gpu": self.gpu, "memory": self.memory}

    def bundle(self, kind: str = "GPU") -> dict[str, float]:
        """Return the amount as Ray writes it: `CPU`, `GPU` or another kind of device, `memory`, without the zeros."""
        amounts = {"CPU": self.cpu / WHOLE, kind: self.gpu / WHOLE, "memory": float(self.memory)}
        return {name: value for name, value in amounts.items() if value}

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the amount that `document()` wrote down."""
        return cls(**{name: int(document.get(name, 0)) for name in ("cpu", "gpu", "memory")})


@dataclass(frozen=True, slots=True)
class ResourceRequest(Amount):
    """What one task or one replica asks for; unlike an amount that is left over, Ray must be able to give it.

    Attributes:
        least: GPU share in ten-thousandths with which it still works, so that it may be squeezed down to that where
            others need the device; 0 means that it must have what it asks for.

    Raises:
        ShareError: A negative amount, or more than one GPU that is not whole: Ray gives those on one
            device or on several, never on one and a half. Or `least` is above the request, or goes with several GPUs.
    """

    least: int = 0

    def __post_init__(self) -> None:
        # Without arguments `super` would look for the class that slots replaced.
        Amount.__post_init__(self)
        if self.gpu > WHOLE and self.gpu % WHOLE:
            raise ShareError(
                f"{_plain(self.gpu)} GPUs cannot be given: above one GPU only whole ones can.",
                hint=f"Ask for {self.gpu // WHOLE} or {self.gpu // WHOLE + 1}, or for a share up to 1.",
                field="gpu",
            )
        if self.least > self.gpu or self.least < 0:
            raise ShareError(
                f"At least {_plain(self.least)} GPU was asked for, and at most {_plain(self.gpu)}.",
                hint="The least share lies between 0 and what is asked for.",
                field="gpu_least",
            )
        if self.least and self.gpu > WHOLE:
            raise ShareError("Several GPUs cannot be squeezed.", hint="Leave gpu_least out.", field="gpu_least")

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Self:
        """Return what a user asked for: `{"gpu": 0.25, "cpu": 2, "memory": "4GiB"}`.

        Args:
            document: `cpu`, `gpu` and `gpu_least` in devices, `memory` in bytes or with a unit; each may be missing.

        Raises:
            ShareError: An unknown name, a negative amount, a share finer than 0.0001, or 1.5 GPUs.
        """
        unknown = sorted(set(document) - {"cpu", "gpu", "gpu_least", "memory"})
        if unknown:
            raise ShareError(
                f"There is no resource {unknown[0]!r}.",
                hint="Resources are cpu, gpu and memory.",
                field=unknown[0],
            )
        return cls(
            cpu=parse_share("cpu", document.get("cpu") or 0),
            gpu=parse_share("gpu", document.get("gpu") or 0),
            memory=parse_memory(document.get("memory") or 0),
            least=parse_share("gpu_least", document.get("gpu_least") or 0),
        )


def parse_share(name: str, value: Any) -> int:
    """Return a share of `name` (`cpu` or `gpu`), given in devices, in ten-thousandths.

    Raises:
        ShareError: Not a number, negative, or finer than 0.0001.
    """
    try:
        exact = Decimal(str(value)) * WHOLE
    except InvalidOperation as error:
        raise ShareError(f"The {name} share {value!r} is not a number.", field=name) from error
    if isinstance(value, bool) or not exact.is_finite():
        raise ShareError(f"The {name} share {value!r} is not a number.", field=name)
    if exact < 0:
        raise ShareError(f"A {name} share cannot be negative, and this one is {value}.", field=name)
    if exact != exact.to_integral_value():
        raise ShareError(
            f"The {name} share {value} is finer than 0.0001.",
            hint=f"Ask for {round(exact) / WHOLE:g} instead.",
            field=name,
        )
    return int(exact)


def parse_memory(value: Any) -> int:
    """Return an amount of memory in bytes: an integer of bytes, or a text such as `4GiB` or `500 MB`.

    Raises:
        ShareError: Neither of these, or negative.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise ShareError(f"Memory cannot be negative, and this is {value}.", field="memory")
        return value
    found = MEMORY.fullmatch(str(value).strip())
    unit = UNITS.get(found["unit"].upper()) if found else None
    if found is None or unit is None:
        raise ShareError(
            f"The memory {value!r} is not an amount.",
            hint="Write bytes, or a number with a unit: 512MiB, 4GiB, 4GB.",
            field="memory",
        )
    return int(Decimal(found["number"]) * unit)


def _plain(share: int) -> str:
    return f"{(Decimal(share) / WHOLE).normalize():f}"


def readable_bytes(size: int) -> str:
    """Return so many bytes as a person reads them, `1.5 GiB`."""
    for unit in ("TiB", "GiB", "MiB", "KiB"):
        if size >= UNITS[unit.upper()]:
            return f"{size / UNITS[unit.upper()]:.4g} {unit}"
    return f"{size} bytes"
