"""Placers: given what is free, where one task goes."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from resources.scheduling.book import Book, Shape, Spot
from resources.scheduling.mix import Mix
from resources.scheduling.placers.fgd import FragmentationGradientDescent
from resources.scheduling.placers.rules import Clustering, RandomFit, best_fit, dot_product, packing

__all__ = ["PLACERS", "FragmentationGradientDescent", "Placer", "best_fit"]


class Placer(Protocol):
    """Chooses the place of one task.

    It returns None where the task fits nowhere, and a spot that `Book.fits` confirms wherever one exists: a placer
    never refuses what fits. It leaves the book alone, and between equals takes the first.
    """

    def __call__(self, book: Book, shape: Shape) -> Spot | None:
        """Return where the task goes."""


def _random_ties(mix: Mix, seed: int) -> Placer:
    return FragmentationGradientDescent(mix, ties=np.random.default_rng(seed))


PLACERS: dict[str, Callable[[Mix, int], Placer]] = {
    "random": lambda _, seed: RandomFit(np.random.default_rng(seed)),
    "dot_product": lambda *_: dot_product,
    "packing": lambda *_: packing,
    "clustering": lambda *_: Clustering(),
    "best_fit": lambda *_: best_fit,
    "fgd": lambda mix, _: FragmentationGradientDescent(mix),
    "fgd_random_ties": _random_ties,
}
"""Placers by name, each made from the mix of usual tasks and a seed."""
