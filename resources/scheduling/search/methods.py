"""Ways to look for a good order: each proposes orders, is told how bad they were, and proposes better ones."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

Orders = npt.NDArray[np.int64]
"""Orders of a window, shape (orders, tasks): each row a permutation."""
Badness = npt.NDArray[np.float64]
"""How bad each order was, shape (orders,)."""


class Method(Protocol):
    """Proposes orders of `tasks` tasks; the first one it proposes is the order of arrival."""

    def ask(self) -> Orders:
        """Return the next orders to try, at least one."""

    def tell(self, orders: Orders, badness: Badness) -> None:
        """Take in how bad the orders were."""


class ParticleSwarm:
    """A particle swarm over random keys: a particle is one number per task, and its order is that of the numbers.

    Kennedy and Eberhart, "Particle swarm optimization", ICNN 1995, with the constricted coefficients of Clerc and
    Kennedy (2002); random keys as in Bean, "Genetic algorithms and random keys", 1994.

    Args:
        tasks: At least 1.
        generator: Of all that is random.
        particles: That fly at once.
    """

    INERTIA, PULL = 0.7298, 1.49618

    def __init__(self, tasks: int, generator: np.random.Generator, particles: int = 16) -> None:
        self._generator = generator
        self._at = generator.random((particles, tasks))
        self._at[0] = (np.arange(tasks) + 0.5) / tasks
        self._speed = generator.uniform(-0.25, 0.25, (particles, tasks))
        self._own = self._at.copy()
        self._badness = np.full(particles, np.inf)

    def ask(self) -> Orders:
        """Return the orders at which the particles are."""
        return np.argsort(self._at, axis=1, kind="stable").astype(np.int64)

    def tell(self, orders: Orders, badness: Badness) -> None:
        """Remember each particle's best place, and fly on towards it and towards the best of all."""
        better = badness < self._badness
        self._badness[better] = badness[better]
        self._own[better] = self._at[better]
        leader = self._own[int(np.argmin(self._badness))]
        own, social = self._generator.random((2, *self._at.shape))
        self._speed *= self.INERTIA
        self._speed += self.PULL * (own * (self._own - self._at) + social * (leader - self._at))
        self._at += self._speed


class AntColony:
    """Ants that build an order task by task, led by what earlier ants left at each place.

    Dorigo and Stützle, "Ant Colony Optimization", 2004: the MAX-MIN ant system, with a pheromone for each task at each
    place, smoothed over the places before it (Merkle et al., "Ant colony optimization for resource-constrained project
    scheduling", 2002).

    Args:
        tasks: At least 1.
        generator: Of all that is random.
        ants: That build at once.
    """

    KEPT, LEAST = 0.85, 0.02

    def __init__(self, tasks: int, generator: np.random.Generator, ants: int = 16) -> None:
        self._generator = generator
        self._ants = ants
        self._left = np.ones((tasks, tasks))
        self._best, self._badness = np.arange(tasks), np.inf
        self._first = True

    def ask(self) -> Orders:
        """Return one order per ant."""
        tasks = len(self._left)
        weights = np.cumsum(self._left, axis=0)
        orders = np.empty((self._ants, tasks), np.int64)
        free = np.ones((self._ants, tasks), bool)
        every = np.arange(self._ants)
        for place in range(tasks):
            sums = np.cumsum(weights[place] * free, axis=1)
            drawn = self._generator.random(self._ants) * sums[:, -1]
            orders[:, place] = (sums > drawn[:, None]).argmax(axis=1)
            free[every, orders[:, place]] = False
        if self._first:
            orders[0], self._first = np.arange(tasks), False
        return orders

    def tell(self, orders: Orders, badness: Badness) -> None:
        """Let what was left fade, and leave more along the best order."""
        at = int(np.argmin(badness))
        if badness[at] < self._badness:
            self._best, self._badness = orders[at], float(badness[at])
        self._left *= self.KEPT
        self._left[np.arange(len(self._best)), self._best] += 1 - self.KEPT
        np.clip(self._left, self.LEAST, 1.0, out=self._left)


class RandomOrders:
    """The control of the swarm: orders that know nothing of one another.

    Args:
        tasks: At least 1.
        generator: Of all that is random.
        at_once: Orders proposed at once.
    """

    def __init__(self, tasks: int, generator: np.random.Generator, at_once: int = 16) -> None:
        self._generator = generator
        self._next = np.tile(np.arange(tasks, dtype=np.int64), (at_once, 1))
        self._next[1:] = generator.permuted(self._next[1:], axis=1)

    def ask(self) -> Orders:
        """Return orders drawn evenly."""
        return self._next

    def tell(self, orders: Orders, badness: Badness) -> None:
        """Draw again."""
        self._next = self._generator.permuted(self._next, axis=1)


class HillClimbing:
    """The other control: one order, of which a task is moved elsewhere and stays there unless that is worse.

    Args:
        tasks: At least 1.
        generator: Of all that is random.
    """

    def __init__(self, tasks: int, generator: np.random.Generator) -> None:
        self._generator = generator
        self._best: Orders = np.arange(tasks, dtype=np.int64)
        self._badness = np.inf
        self._next = self._best

    def ask(self) -> Orders:
        """Return the order with one task moved."""
        return self._next[None]

    def tell(self, orders: Orders, badness: Badness) -> None:
        """Keep the order unless it is worse, and move a task of the one that is kept."""
        if badness[0] <= self._badness:
            self._best, self._badness = orders[0], float(badness[0])
        taken, put = self._generator.integers(len(self._best), size=2)
        self._next = np.insert(np.delete(self._best, taken), put, self._best[taken])


METHODS: dict[str, Callable[[int, np.random.Generator], Method]] = {
    "swarm": ParticleSwarm, "ant_colony": AntColony, "random_order": RandomOrders, "hill_climbing": HillClimbing,
}  # fmt: skip
