"""Placers: given what is free, where one task goes."""

from collections.abc import Callable
from typing import Protocol

from resources.scheduling.book import Book, Shape, Spot
from resources.scheduling.placers.best_fit import best_fit

__all__ = ["Placer", "best_fit"]


class Placer(Protocol):
    """Chooses the place of one task.

    It returns None where the task fits nowhere, and a spot that `Book.fits` confirms wherever one exists: a placer
    never refuses what fits. It leaves the book alone, and between equals takes the first.
    """

    def __call__(self, book: Book, shape: Shape) -> Spot | None:
        """Return where the task goes."""


PLACERS: dict[str, Callable[..., Spot | None]] = {"best_fit": best_fit}
