"""The scheduler: events in, instructions out; no clock, no thread, no Ray."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from resources.scheduling.book import Book
from resources.scheduling.changing import changed
from resources.scheduling.decisions import Decision
from resources.scheduling.entries import Waiting
from resources.scheduling.events import (
    Arrived,
    DeviceBack,
    DeviceLost,
    Ended,
    EnvironmentChanged,
    Event,
    Paused,
    Reprioritised,
    Tick,
    Withdrawn,
)
from resources.scheduling.filling import Filling, together
from resources.scheduling.instructions import Instruction, Refuse, Stop
from resources.scheduling.pool import BrokenInvariantError, Pool, Setup, impossible
from resources.scheduling.reasons import Reason, reason_of
from resources.scheduling.tasks import Task

LOOK_EVERY_S = 1.0
"""Seconds between two looks at those that wait while nothing happens: they grow older, and others may be paused."""


class Scheduler:
    """Decides for all environments; each is a pool of its own, and devices may have parts in several.

    Args:
        setups: Of the environments, by name.
        kept: Decisions that are remembered; with 0 nobody looks for their alternatives either.
    """

    def __init__(self, setups: Mapping[str, Setup], kept: int = 1000) -> None:
        self.pools = {name: Pool(name, setup) for name, setup in setups.items()}
        self.decisions: deque[Decision] = deque(maxlen=kept)
        self.down: set[str] = set()
        self._looked: dict[str, float] = {}
        self._due: set[str] = set()
        self._where: dict[str, str] = {}
        self._handlers: dict[type, Callable[[Any], list[Instruction]]] = {
            Arrived: self._arrived, Ended: self._ended, Paused: self._paused, Withdrawn: self._ended,
            Reprioritised: self._reprioritised, DeviceLost: self._lost, DeviceBack: self._back,
            EnvironmentChanged: self._changed, Tick: self._tick,
        }  # fmt: skip

    def handle(self, event: Event) -> list[Instruction]:
        """Take in what happened, and return what is to be done, in this order.

        What is told twice is done once: a task that is known does not arrive again, one that is gone ends no more.

        Raises:
            QuotaError: An environment cannot be changed so while its tasks run; nothing has changed then.
            PlacementError: It would have a policy that does not exist.
        """
        return self._handlers[type(event)](event)

    def reason(self, task: str, now: float) -> Reason | None:
        """Return why a task waits; None where it does not."""
        pool = self._pool(task)
        return reason_of(pool, pool.waiting[task], now) if pool and task in pool.waiting else None

    def validate(self) -> None:
        """Check what always holds.

        Raises:
            BrokenInvariantError: It does not.
        """
        for pool in self.pools.values():
            pool.validate()
        known = {task: name for name, pool in self.pools.items() for task in (*pool.waiting, *pool.running)}
        if known != self._where:
            raise BrokenInvariantError("Tasks are not where the scheduler knows them.", hint="This is a fault of ours.")

    def _pool(self, task: str) -> Pool | None:
        return self.pools.get(self._where.get(task, ""))

    def _fill(
        self,
        pool: Pool,
        now: float,
        entries: list[Waiting] | None = None,
        freed: Iterable[tuple[int, int]] = (),
        only: set[int] | None = None,
    ) -> list[Instruction]:
        filling = Filling(pool, now, only=only, explaining=bool(self.decisions.maxlen))
        out = filling.fill(entries, freed)
        self.decisions.extend(filling.decisions)
        if entries is None and only is None:
            self._looked[pool.name] = now
            self._due.discard(pool.name)
        return out

    def _arrived(self, event: Arrived) -> list[Instruction]:
        task, pool = event.task, self.pools.get(event.task.environment)
        if task.name in self._where:
            return []
        if pool is None:
            names = ", ".join(self.pools)
            return [Refuse(task.name, f"There is no environment {task.environment!r}.", f"There are {names}.")]
        if why := impossible(pool, task):
            hint = "Ask for less, or give the environment more."
            return [Refuse(task.name, f"{task.name} can never run: {why}", hint)]
        pool.now(event.at)
        entry = Waiting(task, event.at, event.at, next(pool.numbers))
        others = bool(pool.waiting)
        pool.waiting[task.name] = entry
        self._where[task.name] = pool.name
        pool.learn(pool.book.shape(task))
        if refused := self._refused_gang(pool, task):
            return refused
        if pool.search is not None or (others and not pool.policy.overtaking):
            self._due.add(pool.name)
            return []
        return self._fill(pool, event.at, [entry])

    def _refused_gang(self, pool: Pool, last: Task) -> list[Instruction]:
        """Refuse a gang that is complete and would find no place together even in an empty pool."""
        gang = [one.task for one in pool.waiting.values() if last.gang and one.task.gang == last.gang]
        if len(gang) < last.gang_size or not gang or together(pool, Book(pool.setup.machines), gang):
            return []
        for task in gang:
            del pool.waiting[task.name], self._where[task.name]
        sentence = f"{last.gang} can never run: {pool.name!r} has no place for its {len(gang)} tasks together."
        return [Refuse(task.name, sentence, "Ask for less, or give the environment more.") for task in gang]

    def _ended(self, event: Ended | Withdrawn) -> list[Instruction]:
        pool = self._pool(event.task)
        if pool is None:
            return []
        self._where.pop(event.task)
        pool.now(event.at)
        if event.task in pool.waiting:
            pool.open(event.task)
            del pool.waiting[event.task]
            return self._fill(pool, event.at)
        run = pool.leave(event.task, event.at)
        freed = [(run.spot.machine, at) for at in run.spot.devices]
        return self._fill(pool, event.at, freed=freed, only=None if pool.kept else {run.spot.machine})

    def _paused(self, event: Paused) -> list[Instruction]:
        pool = self._pool(event.task)
        if pool is None or event.task not in pool.running:
            return []
        pool.now(event.at)
        spot = pool.running[event.task].spot
        pool.wait_again(event.task, event.at)
        return self._fill(pool, event.at, freed=[(spot.machine, at) for at in spot.devices])

    def _reprioritised(self, event: Reprioritised) -> list[Instruction]:
        pool = self._pool(event.task)
        if pool is None:
            return []
        entry = pool.waiting.get(event.task) or pool.running[event.task]
        entry.task = replace(entry.task, priority=event.priority)
        run = pool.running.get(event.task)
        freed = [(run.spot.machine, at) for at in run.spot.devices] if run else []
        return self._fill(pool, event.at, freed=freed)

    def _lost(self, event: DeviceLost) -> list[Instruction]:
        out: list[Instruction] = []
        self.down.add(event.device)
        for pool in self.pools.values():
            place = pool.place_of(event.device)
            if place is None or event.device in pool.down:
                continue
            reason = f"{event.device} has failed or is drained."
            for run in pool.residents(*place):
                out.append(Stop(run.task.name, reason))
                pool.wait_again(run.task.name, event.at)
            for holder in [name for name, machine in pool.holds.items() if machine == place[0]]:
                pool.open(holder)
            pool.put_down(event.device)
            out += self._fill(pool, event.at)
        return out

    def _back(self, event: DeviceBack) -> list[Instruction]:
        out: list[Instruction] = []
        self.down.discard(event.device)
        for pool in self.pools.values():
            if event.device in pool.down:
                pool.bring_back(event.device)
                out += self._fill(pool, event.at)
        return out

    def _changed(self, event: EnvironmentChanged) -> list[Instruction]:
        pool, out = changed(self.pools.get(event.name), event.name, event.setup, event.at, self.down)
        for refused in (one for one in out if isinstance(one, Refuse)):
            self._where.pop(refused.task, None)
        if pool is None:
            self.pools.pop(event.name, None)
            return out
        self.pools[event.name] = pool
        return [*out, *self._fill(pool, event.at)]

    def _tick(self, event: Tick) -> list[Instruction]:
        out: list[Instruction] = []
        for pool in self.pools.values():
            looked = self._looked.get(pool.name)
            late = looked is None or event.at - looked >= LOOK_EVERY_S
            if pool.waiting and (late or pool.name in self._due):
                pool.now(event.at)
                out += self._fill(pool, event.at)
        return out
