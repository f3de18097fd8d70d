"""Rules of placement that rate one machine after another, as Weng et al. (USENIX ATC 2023, section 6) compare them."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from resources.scheduling.book import ABSENT, Book, Counts, Shape, Spot

_FAR = 1 << 40


def best_fit(book: Book, shape: Shape) -> Spot | None:
    """Return the machine that has the least CPU and GPU left after the task; its fullest devices.

    Each counts relative to the most that is free on any machine of the pool when nothing runs.
    """
    machines = _fitting(book, shape)
    if not len(machines):
        return None
    left = sum((have[machines] - taken) / most for have, taken, most in _each(book, shape))
    return _fullest(book, shape, machines[int(np.argmin(left))])


def dot_product(book: Book, shape: Shape) -> Spot | None:
    """Return the machine whose free CPU and GPU have the smallest product with what is asked for.

    After the products of Grandl et al., "Multi-resource packing for cluster schedulers", SIGCOMM 2014, in the direction
    in which Weng et al. use them.
    """
    machines = _fitting(book, shape)
    if not len(machines):
        return None
    product = sum((have[machines] / most) * (taken / most) for have, taken, most in _each(book, shape))
    return _fullest(book, shape, machines[int(np.argmin(product))])


def packing(book: Book, shape: Shape) -> Spot | None:
    """Return a device that is used in part, else an idle device of a used machine, else an idle machine; the first."""
    machines = _fitting(book, shape)
    if not len(machines):
        return None
    partly = (book.gpu < book.share) & (book.gpu != ABSENT)
    used = partly[machines].any(axis=1)
    shared = (partly & (book.gpu >= max(1, shape.gpu)))[machines].any(axis=1) & (shape.devices == 1)
    return _fullest(book, shape, machines[int(np.argmin(np.where(shared, 0, np.where(used, 1, 2))))])


class Clustering:
    """Keeps tasks that ask for the same GPUs together on machines, after Gandiva (Xiao et al., OSDI 2018).

    It remembers where it has put which kind; one object is for one book.
    """

    def __init__(self) -> None:
        self._kinds: dict[tuple[int, int], Counter[int]] = {}

    def __call__(self, book: Book, shape: Shape) -> Spot | None:
        """Return the fullest machine among those that have had such tasks, else among all."""
        machines = _fitting(book, shape)
        if not len(machines):
            return None
        known = self._kinds.setdefault((shape.gpu, shape.devices), Counter())
        free = np.maximum(book.gpu, 0).sum(axis=1)[machines]
        apart = np.array([_FAR if not known[int(at)] else 0 for at in machines])
        machine = int(machines[int(np.argmin(free + apart))])
        known[machine] += 1
        return _fullest(book, shape, machine)


class RandomFit:
    """Takes any machine that fits, and any devices of it.

    Args:
        generator: Of all that is random.
    """

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator

    def __call__(self, book: Book, shape: Shape) -> Spot | None:
        """Return a machine and devices drawn evenly."""
        machines = _fitting(book, shape)
        if not len(machines):
            return None
        machine = int(self._generator.choice(machines))
        devices = np.flatnonzero(book.gpu[machine] >= max(1, shape.gpu))
        self._generator.shuffle(devices)
        return Spot(machine, tuple(sorted(map(int, devices[: shape.devices]))))


def _fitting(book: Book, shape: Shape) -> Counts:
    """Return the machines on which a task fits, in their order."""
    fits: npt.NDArray[np.bool_] = (book.cpu >= shape.cpu) & (book.memory >= shape.memory)
    if shape.devices:
        enough = (book.gpu >= max(1, shape.gpu)).sum(axis=1) >= shape.devices
        fits = fits & enough & ((book.model & shape.models) != 0)
    return np.flatnonzero(fits)


def _fullest(book: Book, shape: Shape, machine: int) -> Spot:
    """Return the devices of a machine that have the least left and enough; the first of equal ones."""
    free = book.gpu[machine]
    order = [int(at) for at in np.argsort(free, kind="stable") if free[at] >= max(1, shape.gpu)]
    return Spot(int(machine), tuple(sorted(order[: shape.devices])))


def _each(book: Book, shape: Shape) -> Iterator[tuple[Counts, int, int]]:
    """Yield what is free, what is asked for, and the most that a machine has: of CPU, then of GPU."""
    yield book.cpu, shape.cpu, max(1, *(one.cpu for one in book.machines))
    most = int(np.maximum(book.share, 0).sum(axis=1).max())
    yield np.maximum(book.gpu, 0).sum(axis=1), shape.gpu * shape.devices, max(1, most)
