"""Placing a window of arrivals: the order is searched, and what comes of it is never worse than the rule's."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resources.scheduling.book import Book, Shape, Spot
from resources.scheduling.mix import Mix
from resources.scheduling.placers.fgd import FragmentationGradientDescent, places
from resources.scheduling.search.methods import METHODS

if TYPE_CHECKING:
    from resources.scheduling.search.decode import Scratch, Window

LONGEST = 64
"""Tasks of a window at most: what one tick of a scheduler finds queued."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look.

    Attributes:
        orders: Orders to try, the order of arrival among them.
        seconds: After which no more are tried.
    """

    orders: int = 256
    seconds: float = 0.25


class WindowSearch:
    """Places windows of arrivals, trying many orders of each.

    An order is decoded by fragmentation gradient descent, task by task, so whatever fits is placed. Of the orders,
    among them that of arrival, the one taken is that which leaves the least fragmentation and refusals.

    Args:
        mix: Tasks that are usual here.
        method: A name of `METHODS`.
        effort: For each window.
        quantum: Of the scores, see `FragmentationGradientDescent`; a coarser one than the published packs better here.
        refused: What a refused GPU counts, in GPUs that become useless.
        seed: Of all that is random.
    """

    def __init__(
        self,
        mix: Mix,
        method: str = "swarm",
        effort: Effort | None = None,
        *,
        quantum: float = 0.08,
        refused: float = 1.0,
        seed: int = 0,
    ) -> None:
        self.rule = FragmentationGradientDescent(mix, quantum=quantum)
        self.fallbacks = 0
        self._method = METHODS[method]
        self._effort = effort or Effort()
        self._refused = refused
        self._generator = np.random.default_rng(seed)

    def __call__(self, book: Book, shapes: Sequence[Shape]) -> list[Spot | None]:
        """Place a window in the book, and return where each task went; None where it fits nowhere."""
        spots: list[Spot | None] = []
        for start in range(0, len(shapes), LONGEST):
            part = shapes[start : start + LONGEST]
            found = self.search(book, part)
            for shape, spot in zip(part, found, strict=True):
                if spot is not None:
                    book.take(shape, spot)
            spots += found
        return spots

    def search(self, book: Book, shapes: Sequence[Shape]) -> list[Spot | None]:
        """Return where each task of a window goes, at most `LONGEST` of them; the book is left alone."""
        from resources.scheduling.search.decode import judge_all

        window = self._window(book, shapes)
        scratch = _scratch(book, window)
        method, until = self._method(len(shapes), self._generator), time.perf_counter() + self._effort.seconds
        best, rule, tried = np.inf, np.inf, 0
        machine = devices = np.zeros(0, np.int64)
        while tried < self._effort.orders and (not tried or time.perf_counter() < until):
            orders = method.ask()[: self._effort.orders - tried]
            tables = np.empty((2, *orders.shape), np.int64)
            bad = judge_all(
                orders, window, scratch, self.rule.mix, self.rule.quantum, self._refused, tables[0], tables[1]
            )
            rule = min(rule, float(bad[0])) if not tried else rule
            at = int(np.argmin(bad))
            if bad[at] < best:
                best, machine, devices = float(bad[at]), tables[0, at], tables[1, at]
            tried += len(orders)
            if len(shapes) == 1 or tried >= self._effort.orders:
                break
            method.tell(orders, bad)
        self.fallbacks += best >= rule
        return [Spot(int(m), places(int(d))) if m >= 0 else None for m, d in zip(machine, devices, strict=True)]

    def _window(self, book: Book, shapes: Sequence[Shape]) -> "Window":
        from resources.scheduling.search.decode import Window

        kinds = {shape: at for at, shape in enumerate(dict.fromkeys(shapes))}
        ranks = min(len(shapes) + 1, len(book.cpu))
        rated = [self.rule.rated(book, shape) for shape in kinds]
        ranked = [np.argsort(-one.scores, kind="stable")[:ranks] for one in rated]
        return Window(
            np.array([kinds[shape] for shape in shapes], np.int64),
            np.array([tuple(shape) for shape in kinds], np.int64),
            np.array(ranked, np.int64),
            np.array([one.scores[at] for one, at in zip(rated, ranked, strict=True)], np.int64),
            np.array([one.devices[at] for one, at in zip(rated, ranked, strict=True)], np.int64),
            self.rule.broken(book),
        )


def _scratch(book: Book, window: "Window") -> "Scratch":
    from resources.scheduling.search.decode import Scratch

    tasks, kinds = len(window.kind), len(window.shapes)
    table = (kinds, tasks)
    return Scratch(
        book.copy().numbers, np.full(len(book.cpu), -1, np.int64), np.zeros(tasks, np.int64), np.zeros(tasks, np.int64),
        np.zeros(tasks), np.zeros(table, np.int64), np.zeros(table, np.int64), np.zeros(table, np.int64),
    )  # fmt: skip
