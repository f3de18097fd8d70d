"""Where else a task would have fitted: looked up only when somebody reads it, from what was free at that moment."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from resources.scheduling.book import Book, Shape, Spot

MOST = 5
"""Alternatives that are told of a decision."""


class Elsewhere(Iterable[dict[str, Any]]):
    """The other places for a task, the fullest first, as `Decision` tells them.

    Args:
        book: What is free before the task starts; copied.
        spot: Where it starts.
        shape: Of the task.
    """

    def __init__(self, book: Book, spot: Spot, shape: Shape) -> None:
        self._machines, self._model = book.machines, book.model
        self._cpu, self._memory, self._gpu = book.cpu.copy(), book.memory.copy(), book.gpu.copy()
        self._spot, self._shape = spot, shape

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield them, at most five."""
        return iter(self._found())

    def _found(self) -> list[dict[str, Any]]:
        shape, spot = self._shape, self._spot
        room = (self._cpu >= shape.cpu) & (self._memory >= shape.memory)
        if not shape.devices:
            room[spot.machine] = False
            fullest = _fullest(self._cpu, np.flatnonzero(room))
            return [{"machine": self._machines[at].name, "free": int(self._cpu[at])} for at in fullest]
        enough = (self._gpu >= max(1, shape.gpu)) & (room & ((self._model & shape.models) != 0))[:, None]
        if shape.devices > 1:
            enough &= (enough.sum(axis=1) >= shape.devices)[:, None]
        enough[spot.machine, list(spot.devices)] = False
        width = self._gpu.shape[1]
        places = [divmod(int(at), width) for at in _fullest(self._gpu.ravel(), np.flatnonzero(enough))]
        return [
            {"device": self._machines[at].gpus[device].name, "free": int(self._gpu[at, device])}
            for at, device in places
        ]


def _fullest(free: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Return the few of some places that have the least free, in this order."""
    return np.asarray(among[np.argsort(free[among], kind="stable")[:MOST]])
