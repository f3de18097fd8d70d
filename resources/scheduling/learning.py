"""How long work takes, learned from what was like it before."""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

ENOUGH = 3
"""Ends of a kind after which it is believed over a wider one."""
NEW = 0.2
"""Weight of the newest end at least, so that what changes is learned anew."""


@dataclass
class _Kind:
    ends: int = 0
    log: float = 0.0

    def take(self, seconds: float) -> None:
        self.ends += 1
        self.log += max(NEW, 1 / self.ends) * (math.log(max(seconds, 1e-3)) - self.log)


@dataclass
class Learner:
    """Expects of work the geometric mean of what its kind took, the newest counting most.

    A piece of work has several kinds, the narrowest first: the same operator on as many rows, the same operator, the
    same share. The narrowest of which three ends are known is believed.
    """

    _kinds: dict[Hashable, _Kind] = field(default_factory=dict)

    def expected(self, kinds: Iterable[Hashable]) -> float | None:
        """Return the seconds that work of these kinds will take; None where nobody knows."""
        known = [found for kind in kinds if (found := self._kinds.get(kind)) is not None]
        best = next((one for one in known if one.ends >= ENOUGH), max(known, key=lambda one: one.ends, default=None))
        return None if best is None else math.exp(best.log)

    def ended(self, kinds: Iterable[Hashable], seconds: float) -> None:
        """Take in what a piece of work has taken."""
        for kind in kinds:
            self._kinds.setdefault(kind, _Kind()).take(seconds)
