"""Fragmentation gradient descent: where the task breaks up the least free GPU."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resources.scheduling.book import Book, Counts, Shape, Spot
from resources.scheduling.mix import Mix
from resources.shares import WHOLE

if TYPE_CHECKING:
    from resources.scheduling.placers.fragments import Rated

_NEVER = -1


class FragmentationGradientDescent:
    """Weng et al., "Beware of Fragmentation", USENIX ATC 2023: the published rule with the published score.

    What was worked out for a machine is kept until the machine changes, so that a placement costs microseconds.

    Args:
        mix: Tasks that are usual here.
        quantum: Gains in fragmentation closer than this many GPUs may count as equal; at 0 the published score.
        ties: Decides between machines of equal score; the first when None, which is part of the published figures.
    """

    def __init__(self, mix: Mix, *, quantum: float = 0.0, ties: np.random.Generator | None = None) -> None:
        self.quantum = quantum
        self._ties = ties
        self._mix = mix
        self._book: Book | None = None
        self._broken: npt.NDArray[np.float64] = np.zeros(0)
        self._measured: Counts = np.zeros(0, np.int64)
        self._rated: dict[Shape, Rated] = {}

    @property
    def mix(self) -> Mix:
        """Tasks that are usual here; another one may be set."""
        return self._mix

    @mix.setter
    def mix(self, mix: Mix) -> None:
        self._mix, self._book = mix, None

    def __call__(self, book: Book, shape: Shape) -> Spot | None:
        """Return the machine and devices of the best score."""
        from resources.scheduling.placers.fragments import NOWHERE

        scores, devices, _ = self.rated(book, shape)
        if not len(scores) or scores.max() == NOWHERE:
            return None
        at = int(np.argmax(scores))
        if self._ties is not None:
            at = int(self._ties.choice(np.flatnonzero(scores == scores[at])))
        return Spot(at, places(int(devices[at])))

    def rated(self, book: Book, shape: Shape) -> "Rated":
        """Return the score of every machine for a task, and its devices there as bits."""
        from resources.scheduling.placers.fragments import Rated, rate

        broken = self.broken(book)
        if shape not in self._rated:
            number = len(broken)
            never = np.full(number, _NEVER, np.int64)
            self._rated[shape] = Rated(np.zeros(number, np.int64), np.zeros(number, np.int64), never)
        rate(book.numbers, np.array(shape, np.int64), self._mix, self.quantum, broken, self._rated[shape])
        return self._rated[shape]

    def broken(self, book: Book) -> npt.NDArray[np.float64]:
        """Return each machine's fragmentation: ten-thousandths that a usual task could not be expected to use."""
        from resources.scheduling.placers.fragments import measure

        if book is not self._book:
            self._book, self._rated = book, {}
            self._broken = np.zeros(len(book.cpu))
            self._measured = np.full(len(book.cpu), _NEVER, np.int64)
        measure(book.numbers, self._mix, self._broken, self._measured)
        return self._broken

    def fragmentation(self, book: Book) -> float:
        """Return the free GPUs of the pool that its usual tasks could not be expected to use."""
        return float(self.broken(book).sum()) / WHOLE


def places(bits: int) -> tuple[int, ...]:
    """Return the devices that are written as bits, in order."""
    return tuple(at for at in range(bits.bit_length()) if bits >> at & 1)
