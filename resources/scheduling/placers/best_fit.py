"""Best fit: the machine that has the least left afterwards."""

import numpy as np

from resources.scheduling.book import Book, Counts, Shape, Spot


def best_fit(book: Book, shape: Shape) -> Spot | None:
    """Return the machine whose free share of everything, after the task, is the smallest; its fullest devices.

    Each resource counts relative to the most that any machine of the pool has of it.
    """
    usable: Counts = np.where(book.gpu >= max(shape.gpu, 1), book.gpu, 0)
    fits = (book.cpu >= shape.cpu) & (book.memory >= shape.memory)
    if shape.devices:
        fits &= ((usable > 0).sum(axis=1) >= shape.devices) & ((book.model & shape.models) != 0)
    candidates = np.flatnonzero(fits)
    if not len(candidates):
        return None
    free = np.maximum(book.gpu, 0).sum(axis=1)
    left = sum(
        (have[candidates] - taken) / max(1, int(have.max()))
        for have, taken in ((book.cpu, shape.cpu), (book.memory, shape.memory), (free, shape.gpu * shape.devices))
    )
    machine = int(candidates[int(np.argmin(left))])
    devices = [int(at) for at in np.argsort(book.gpu[machine], kind="stable") if usable[machine, at]]
    return Spot(machine, tuple(sorted(devices[: shape.devices])))
