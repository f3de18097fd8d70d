"""Published rules of placement that look at one machine at a time, as Weng et al. (USENIX ATC 2023) compare them."""

from collections import Counter

import numpy as np
import numpy.typing as npt

from resources.scheduling.book import Book, Counts, Shape, Spot

Scores = npt.NDArray[np.float64]


def usable(book: Book, shape: Shape) -> tuple[Counts, Counts]:
    """Return the machines on which a task fits, and for each of them and each device whether it can be used."""
    devices = book.gpu >= max(shape.gpu, 1)
    fits = (book.cpu >= shape.cpu) & (book.memory >= shape.memory)
    if shape.devices:
        fits &= (devices.sum(axis=1) >= shape.devices) & ((book.model & shape.models) != 0)
    machines = np.flatnonzero(fits)
    return machines, devices[machines]


def fullest(book: Book, shape: Shape, machine: int) -> Spot:
    """Return the devices of a machine that have the least left and enough; the first of equal ones."""
    free = book.gpu[machine]
    order = [int(at) for at in np.argsort(free, kind="stable") if free[at] >= max(shape.gpu, 1)]
    return Spot(machine, tuple(sorted(order[: shape.devices])))


def best_fit(book: Book, shape: Shape) -> Spot | None:
    """Return the machine whose free share of everything, after the task, is the smallest; its fullest devices.

    Each resource counts relative to the most that any machine of the pool has of it.
    """
    machines, _ = usable(book, shape)
    if not len(machines):
        return None
    left = sum(
        (have[machines] - taken) / most
        for have, taken, most in _each(book, shape)
    )
    return fullest(book, shape, int(machines[int(np.argmin(left))]))


def dot_product(book: Book, shape: Shape) -> Spot | None:
    """Return the machine whose free resources have the smallest product with what is asked for.

    The direction in which Weng et al. use the product of Grandl et al., "Multi-resource packing for cluster
    schedulers", SIGCOMM 2014.
    """
    machines, _ = usable(book, shape)
    if not len(machines):
        return None
    product = sum((have[machines] / most) * (taken / most) for have, taken, most in _each(book, shape))
    return fullest(book, shape, int(machines[int(np.argmin(product))]))
