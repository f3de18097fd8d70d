"""The book of a pool: what is free of every machine and every device, as arrays that a placer reads at once."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from resources.scheduling.machines import Machine
from resources.scheduling.tasks import Task

Counts = npt.NDArray[np.int64]
ABSENT = -1
"""Free share of a device that is not there or is down."""
_CLOSED = 1 << 50
ANY = -1
"""Set of models of a task that runs on all of them, as bits."""


class Spot(NamedTuple):
    """Where a task runs: the machine by its place in the book, and its devices by their places on that machine."""

    machine: int
    devices: tuple[int, ...] = ()


class Shape(NamedTuple):
    """What a placer sees of a task: amounts as in `Task`, models as bits of `Book.models`."""

    cpu: int
    memory: int
    gpu: int
    devices: int
    models: int = ANY


class Numbers(NamedTuple):
    """The arrays of a book, as compiled code takes them; each as in `Book`."""

    cpu: Counts
    memory: Counts
    gpu: Counts
    model: Counts
    version: Counts


class Book:
    """What is free in a pool. Amounts are exact; whoever takes must have found that they fit.

    Attributes:
        machines: In a fixed order, which is part of every policy: it decides between equals.
        cpu: Free ten-thousandths of cores by machine, shape (machines,).
        memory: Free bytes by machine, shape (machines,).
        gpu: Free ten-thousandths by machine and device, shape (machines, most devices of one); `ABSENT` where there
            is no device, or it is down.
        share: What `gpu` is when nothing runs, of the same shape.
        model: The model of each machine as one bit, shape (machines,); 0 without a device.
        models: Names of the models by bit.
        version: Number of changes by machine, shape (machines,), so that what was worked out for one can be kept.
    """

    def __init__(self, machines: Iterable[Machine]) -> None:
        self.machines: Sequence[Machine] = tuple(machines)
        width = max((len(one.gpus) for one in self.machines), default=0)
        self.models = tuple(sorted({one.model for one in self.machines if one.gpus}))
        self.cpu: Counts = np.array([one.cpu for one in self.machines], np.int64)
        self.memory: Counts = np.array([one.memory for one in self.machines], np.int64)
        shares = [[gpu.share for gpu in one.gpus] + [ABSENT] * (width - len(one.gpus)) for one in self.machines]
        self.share: Counts = np.array(shares, np.int64).reshape(len(self.machines), width)
        self.gpu: Counts = self.share.copy()
        bits = [1 << self.models.index(one.model) if one.gpus else 0 for one in self.machines]
        self.model: Counts = np.array(bits, np.int64)
        self.version: Counts = np.zeros(len(self.machines), np.int64)

    @property
    def numbers(self) -> Numbers:
        """The arrays themselves, not copies."""
        return Numbers(self.cpu, self.memory, self.gpu, self.model, self.version)

    def shape(self, task: Task, *, gpu: int | None = None) -> Shape:
        """Return what a placer needs of a task, with another share of its device if one is given."""
        bits = sum(1 << at for at, name in enumerate(self.models) if name in task.models) if task.models else ANY
        share = task.per_device if gpu is None else gpu
        return Shape(task.request.cpu, task.request.memory, share, task.count, bits)

    def fits(self, shape: Shape, spot: Spot) -> bool:
        """Return whether the task can run there now."""
        at, devices = spot
        if shape.cpu > self.cpu[at] or shape.memory > self.memory[at] or len(devices) != shape.devices:
            return False
        if shape.devices and not int(self.model[at]) & shape.models:
            return False
        return all(self.gpu[at, device] >= shape.gpu for device in devices)

    def has_room(self, machine: int, shape: Shape) -> bool:
        """Return whether a task can run on a machine now."""
        if shape.cpu > self.cpu[machine] or shape.memory > self.memory[machine]:
            return False
        if not shape.devices:
            return True
        enough = sum(free >= shape.gpu for free in self.gpu[machine].tolist()) >= shape.devices
        return enough and bool(int(self.model[machine]) & shape.models)

    def take(self, shape: Shape, spot: Spot) -> None:
        """Write down that the task runs there."""
        self._move(shape, spot, -1)

    def give(self, shape: Shape, spot: Spot) -> None:
        """Write down that it does no more."""
        self._move(shape, spot, 1)

    def put_down(self, machine: int, device: int) -> None:
        """Take a device out that nobody uses any more."""
        self.gpu[machine, device] = ABSENT
        self.version[machine] += 1

    def bring_back(self, machine: int, device: int) -> None:
        """Offer a device again."""
        self.gpu[machine, device] = self.share[machine, device]
        self.version[machine] += 1

    def resize(self, spot: Spot, more: int) -> None:
        """Write down that a task on one device takes so many more ten-thousandths of it."""
        self.version[spot.machine] += 1
        self.gpu[spot.machine, spot.devices[0]] -= more

    def close(self, machine: int) -> None:
        """Let nothing fit on a machine until it is opened again."""
        self._lock(machine, -_CLOSED)

    def open(self, machine: int) -> None:
        """Let tasks fit again on a machine that was closed."""
        self._lock(machine, _CLOSED)

    def _lock(self, machine: int, change: int) -> None:
        self.cpu[machine] += change
        self.version[machine] += 1

    def copy(self) -> "Book":
        """Return a book with the same entries, to try things on."""
        twin = object.__new__(Book)
        changing = {name: getattr(self, name).copy() for name in ("cpu", "memory", "gpu", "version")}
        twin.__dict__.update(self.__dict__, **changing)
        return twin

    def _move(self, shape: Shape, spot: Spot, sign: int) -> None:
        at, devices = spot
        self.version[at] += 1
        self.cpu[at] += sign * shape.cpu
        self.memory[at] += sign * shape.memory
        for device in devices:
            self.gpu[at, device] += sign * shape.gpu
