"""The mix: which shapes of tasks are usual in a pool, and how often each is asked for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from resources.scheduling.book import ANY, Counts, Shape
from resources.shares import WHOLE

COVERED = 0.95
"""Part of all tasks that the usual ones make up, as Weng et al. (ATC 2023) take it."""
AT_FIRST = {
    Shape(WHOLE, 0, WHOLE * tenths // 10, 1, ANY): weight for tenths, weight in ((10, 8), (5, 4), (2, 2), (1, 2))
} | {Shape(WHOLE, 0, 0, 0, ANY): 2}
"""Taken where nothing has been asked for yet: whole devices, halves and small shares."""


class Mix(NamedTuple):
    """Usual tasks with their weights.

    Attributes:
        shapes: Shape (tasks, 5): cpu, memory, gpu, devices, models.
        weights: Shape (tasks,), sum 1.
    """

    shapes: Counts
    weights: npt.NDArray[np.float64]


def usual(asked: Mapping[Shape, int] | Iterable[Shape], covered: float = COVERED) -> Mix:
    """Return the mix of what was asked for: the most frequent shapes that make up `covered` of all.

    Args:
        asked: How often each shape was asked for, or each time one was.
        covered: Above 0, at most 1.
    """
    counted = Counter(dict(asked) if isinstance(asked, Mapping) else list(asked)) or Counter(AT_FIRST)
    wanted, frequent, so_far = covered * counted.total(), [], 0
    for shape, number in counted.most_common():
        if so_far >= wanted:
            break
        frequent.append((shape, number))
        so_far += number
    weights = np.array([number for _, number in frequent], np.float64)
    return Mix(np.array([tuple(shape) for shape, _ in frequent], np.int64), weights / weights.sum())


@dataclass
class Asked:
    """What was asked for so far, so that the mix of a living pool follows its users.

    Attributes:
        every: Arrivals between two new mixes; the first few make new ones earlier.
    """

    every: int = 256
    mix: Mix = field(default_factory=lambda: usual({}))
    _counted: Counter[Shape] = field(default_factory=Counter)

    def note(self, shape: Shape) -> bool:
        """Count an arrival; return whether the mix is now another."""
        self._counted[shape] += 1
        total = self._counted.total()
        due = total % self.every == 0 or total in (self.every // 16, self.every // 4)
        if due:
            self.mix = usual(self._counted)
        return due
