"""The benchmark of placement: a trace topped up beyond what the cluster has, placed one by one and for ever."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from resources.scheduling.book import Book, Shape, Spot
from resources.scheduling.traces.jobs import Trace

PlaceAll = Callable[[Book, Sequence[Shape]], Sequence[Spot | None]]
"""Places a window of arrivals in the book and returns where each went, in the order in which they arrived."""


class Arrivals(NamedTuple):
    """What is asked of a cluster, in this order, and its GPU capacity in ten-thousandths."""

    shapes: Sequence[Shape]
    capacity: int


@dataclass
class Inflated:
    """What came of it; GPU shares in percent of the cluster's capacity.

    Attributes:
        arrived: Number of tasks.
        allocated: Of the capacity, at the end.
        allocated_100: When as much as the whole capacity had been asked for; None where it never was.
        first_refusal: Asked for when a task first fitted nowhere; None where all did.
        refused: Number of tasks that fitted nowhere.
        seconds: By window, divided by its tasks: what one decision took.
        curve: `(asked for, allocated)` after each window.
    """

    arrived: int = 0
    allocated: float = 0.0
    allocated_100: float | None = None
    first_refusal: float | None = None
    refused: int = 0
    seconds: list[float] = field(default_factory=list, repr=False)
    curve: list[tuple[float, float]] = field(default_factory=list, repr=False)

    @property
    def mean_ms(self) -> float:
        """Milliseconds that one decision took on average."""
        return float(np.mean(self.seconds)) * 1000

    def decision_ms(self, percentile: float) -> float:
        """Return a percentile, 0 to 100, of the milliseconds that one decision took."""
        return float(np.percentile(self.seconds, percentile)) * 1000


def inflate(trace: Trace, book: Book, tune: float, seed: int) -> Arrivals:
    """Return a trace's jobs in random order, topped up with samples until they ask for `tune` times the GPUs.

    Weng et al. (ATC 2023, section 6) measure so: shuffled, then drawn with replacement.

    Args:
        trace: Its jobs' times do not count; one on several machines counts as so many.
        book: Of the machines on which they will be placed.
        tune: Above 0; a trace that asks for more already is left as it is.
        seed: Of the order and of the samples.
    """
    generator = np.random.default_rng(seed)
    known = [book.shape(job.task) for job in trace.jobs for _ in range(job.machines)]
    shapes = [known[at] for at in generator.permutation(len(known))]
    capacity = int(book.share[book.share > 0].sum())
    asked = sum(map(_gpu, shapes))
    while asked < tune * capacity and any(map(_gpu, known)):
        shapes.append(known[generator.integers(len(known))])
        asked += _gpu(shapes[-1])
    return Arrivals(shapes, capacity)


def place_all(arrivals: Arrivals, book: Book, place: PlaceAll, window: int = 1) -> Inflated:
    """Place everything, window by window; what fits nowhere is dropped.

    Args:
        arrivals: From `inflate`.
        book: Is written in.
        place: Places one window.
        window: Tasks that are there at once, at least 1.
    """
    found = Inflated()
    asked, used, capacity = 0, 0, max(1, arrivals.capacity)
    for start in range(0, len(arrivals.shapes), window):
        shapes = arrivals.shapes[start : start + window]
        began = time.perf_counter()
        spots = place(book, shapes)
        found.seconds.append((time.perf_counter() - began) / len(shapes))
        for shape, spot in zip(shapes, spots, strict=True):
            asked += _gpu(shape)
            used += _gpu(shape) if spot is not None else 0
            found.refused += spot is None
            if spot is None and found.first_refusal is None:
                found.first_refusal = 100 * asked / capacity
        if found.allocated_100 is None and asked >= capacity:
            found.allocated_100 = 100 * used / capacity
        found.curve.append((100 * asked / capacity, 100 * used / capacity))
    found.arrived = len(arrivals.shapes)
    found.allocated = 100 * used / capacity
    return found


def one_by_one(placer: Callable[[Book, Shape], Spot | None]) -> PlaceAll:
    """Return what places a window in the order in which it arrived."""

    def place(book: Book, shapes: Sequence[Shape]) -> list[Spot | None]:
        spots = []
        for shape in shapes:
            spot = placer(book, shape)
            if spot is not None:
                book.take(shape, spot)
            spots.append(spot)
        return spots

    return place


def _gpu(shape: Shape) -> int:
    return shape.gpu * shape.devices
