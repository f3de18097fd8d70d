"""Deciding what starts in a pool: at its peak, else squeezed, else where somebody makes room."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from resources.scheduling.alternatives import MOST, Elsewhere
from resources.scheduling.book import Book, Shape, Spot
from resources.scheduling.decisions import Decision
from resources.scheduling.elastic import Claim, divide, weight_of
from resources.scheduling.entries import Running, Waiting
from resources.scheduling.instructions import Instruction, Pause, Resize, Start
from resources.scheduling.pool import Pool
from resources.scheduling.search.window import LONGEST
from resources.scheduling.tasks import Task
from resources.shares import WHOLE, Amount

PATIENCE_S = 300.0
"""Seconds that the first of a queue lets others overtake; after that a machine is kept for it."""
LEAST_RUN_S = 60.0
"""Seconds that a task runs at least before it is paused for another."""


class Need(NamedTuple):
    """What a task needs, so that those that need no less are not tried after it has failed."""

    cpu: int
    memory: int
    gpu: int
    least: int
    rank: float
    apart: tuple[object, ...]

    @classmethod
    def of(cls, entry: Waiting, rank: float) -> "Need":
        """Return what a waiting task needs; `apart` is what only equals can be compared by."""
        task, request = entry.task, entry.task.request
        least = task.least if task.elastic else request.gpu
        return cls(
            request.cpu, request.memory, request.gpu, least, rank, (task.models, task.alone, task.gang, task.project)
        )

    def is_no_less_than(self, other: "Need") -> bool:
        """Return whether it cannot start either where the other could not."""
        return (
            self.cpu >= other.cpu
            and self.gpu >= other.gpu
            and self.memory >= other.memory
            and self.least >= other.least
            and self.rank <= other.rank
            and self.apart == other.apart
        )


@dataclass
class Filling:
    """One round of decisions in a pool.

    Attributes:
        pool: Is changed.
        now: In seconds.
        decisions: Takes what was decided, with its reasons.
        only: The machines on which something has changed since everybody who waits was last tried; all when None.
        explaining: Whether decisions are told with their alternatives.
    """

    pool: Pool
    now: float
    decisions: list[Decision] = field(default_factory=list)
    only: set[int] | None = None
    explaining: bool = False
    _failed: list["Need"] = field(default_factory=list)
    _pausable: list[Running] | None = None
    _touched: set[tuple[int, int]] = field(default_factory=set)

    def fill(
        self, entries: Sequence[Waiting] | None = None, freed: Iterable[tuple[int, int]] = ()
    ) -> list[Instruction]:
        """Start what can start, and return what is to be done.

        Args:
            entries: Those that may start; all that wait when None.
            freed: Devices on which something has become free.
        """
        self._touched.update(freed)
        out: list[Instruction] = []
        while True:
            kept = set(self.pool.holds.values())
            out += self._round(entries)
            if kept <= set(self.pool.holds.values()):
                return [*out, *self._grow()]
            self._failed.clear()  # a machine is open again: those before may fit there
            entries = self.only = None

    def _round(self, entries: Sequence[Waiting] | None) -> list[Instruction]:
        queue = self.pool.queue(self.now) if entries is None else list(entries)
        if entries is None:
            self.pool.kept = ""
        elif self.pool.kept:
            return []
        out: list[Instruction] = list(self._searched(queue)) if self.pool.search is not None else []
        first = True
        for entry in queue:
            if entry.task.name not in self.pool.waiting:
                continue
            started = self._attempt(entry)
            out += started
            if entry.task.name in self.pool.waiting and entries is None:
                if self._stops_others(entry, first=first):
                    break
                first = False
        return out

    def _searched(self, queue: Sequence[Waiting]) -> Iterator[Instruction]:
        """Start a window whose order was searched, where that refuses nobody; otherwise the rule decides one by one."""
        pool, search = self.pool, self.pool.search
        window = [one for one in queue if not (one.task.gang or one.task.alone or self._over_quota(one))][:LONGEST]
        if search is None or len(window) <= 1 or pool.holds or pool.setup.quotas:
            return
        shapes = [pool.book.shape(one.task) for one in window]
        spots = search.search(pool.book, shapes)
        if any(spot is None for spot in spots):
            search.fallbacks += 1
            return
        for entry, spot, shape in zip(window, spots, shapes, strict=True):
            if spot is not None:
                yield self._begin(entry, spot, shape, "searched")

    def _attempt(self, entry: Waiting) -> list[Instruction]:
        """Start one task, or all of its gang, if that can be; otherwise let others make room."""
        task, pool = entry.task, self.pool
        holding = pool.holds.get(task.name)
        need = Need.of(entry, pool.policy.rank(entry))
        if (holding is None and any(need.is_no_less_than(one) for one in self._failed)) or self._over_quota(entry):
            return []
        if task.gang:
            out = self._gang(entry)
        else:
            pool.open(task.name)
            out = self._alone(entry) if task.alone else self._at_peak(entry) or self._squeezed(entry)
            if not out and holding is not None:
                pool.hold(task.name, holding)
            if not out and holding is None:
                out = self._make_room(entry)
        if not out:
            self._failed.append(need)
        return out

    def _over_quota(self, entry: Waiting) -> bool:
        task, quota = entry.task, self.pool.setup.quotas.get(entry.task.project)
        if quota is None:
            return False
        request = Amount(task.request.cpu, task.request.gpu, task.request.memory)
        return not (self.pool.held(task.project) + request).fits(quota)

    def _at_peak(self, entry: Waiting) -> list[Instruction]:
        book, shape = self.pool.book, self.pool.book.shape(entry.task)
        if self.only is not None and not any(book.has_room(at, shape) for at in self.only):
            return []
        spot = self.pool.placer(book, shape)
        return [self._begin(entry, spot, shape, "peak")] if spot is not None else []

    def _alone(self, entry: Waiting) -> list[Instruction]:
        """Start a task on devices, or a machine, that nobody uses."""
        pool, task = self.pool, entry.task
        shape = pool.book.shape(task)
        for at, machine in enumerate(pool.setup.machines):
            idle = [
                device for device, gpu in enumerate(machine.gpus)
                if pool.book.gpu[at, device] == gpu.share >= max(1, shape.gpu)
            ]  # fmt: skip
            spot = Spot(at, tuple(idle[: shape.devices]))
            used = not shape.devices and pool.book.cpu[at] != machine.cpu
            if not used and pool.book.fits(shape, spot):
                return [self._begin(entry, spot, shape, "alone")]
        return []

    def _gang(self, entry: Waiting) -> list[Instruction]:
        """Start all of a gang, or none."""
        pool, gang = self.pool, self.pool.gang_of(entry)
        if not pool.is_complete(entry):
            return []
        spots = together(pool, pool.book, [one.task for one in gang])
        if spots is None:
            return []
        return [self._begin(one, *spots[one.task.name], "gang") for one in gang]

    def _squeezed(self, entry: Waiting) -> list[Instruction]:
        """Start a task on the device whose tasks keep the most when they are squeezed for it."""
        pool, task = self.pool, entry.task
        if not pool.elastic or task.count != 1:
            return []
        weight = weight_of(task.priority)
        claim = Claim(task.least or task.request.gpu, task.request.gpu, weight)
        best: tuple[float, int, int, list[int]] | None = None
        for at, device in self._candidates(entry):
            there = pool.residents(at, device)
            if sum(one.claim.least for one in there) + claim.least > pool.book.share[at, device]:
                continue
            if not (task.elastic or any(one.task.elastic for one in there)) or any(one.task.alone for one in there):
                continue
            shares = divide(int(pool.book.share[at, device]), [*(one.claim for one in there), claim])
            if shares is None:
                continue
            load = (sum(one.task.per_device for one in there) + task.per_device) / int(pool.book.share[at, device])
            if best is None or load < best[0]:
                best = (load, at, device, shares)
        if best is None:
            return []
        _, at, device, shares = best
        resizes = list(self._resized(pool.residents(at, device), shares[:-1]))
        shape = pool.book.shape(task, gpu=shares[-1])
        return [*resizes, self._begin(entry, Spot(at, (device,)), shape, "squeezed")]

    def _candidates(self, entry: Waiting) -> Iterator[tuple[int, int]]:
        """Yield the devices on whose machine a task of one device would find CPU, memory and its model."""
        book = self.pool.book
        shape = book.shape(entry.task)
        fits = (book.cpu >= shape.cpu) & (book.memory >= shape.memory) & ((book.model & shape.models) != 0)
        for at in np.flatnonzero(fits).tolist() if self.only is None else [at for at in self.only if fits[at]]:
            for device, free in enumerate(book.gpu[at].tolist()):
                if free >= 0:
                    yield at, device

    def _resized(self, runs: Sequence[Running], shares: Sequence[int]) -> Iterator[Resize]:
        for run, share in zip(runs, shares, strict=True):
            if run.taken[0] != share:
                why = "grown" if share > run.taken[0] else "shrunk"
                self.pool.resize(run, share, self.now)
                self._decide(run.task.name, "resize", run.spot, why, share=share)
                yield Resize(run.task.name, Amount(run.cpu, share, run.task.request.memory))

    def _grow(self) -> Iterator[Resize]:
        """Give what is left on devices where something has changed to those that are squeezed there."""
        for at, device in sorted(self._touched):
            there = self.pool.residents(at, device)
            if self.pool.book.gpu[at, device] >= 0 and any(one.task.elastic for one in there):
                shares = divide(int(self.pool.book.share[at, device]), [one.claim for one in there])
                if shares is not None:
                    yield from self._resized(there, shares)

    def _make_room(self, entry: Waiting) -> list[Instruction]:
        """Pause the tasks whose work is the least to lose, where that makes room, and keep their machine."""
        pool, policy = self.pool, self.pool.policy
        if not (pool.elastic and policy.making_room) or entry.task.gang or entry.task.alone:
            return []
        rank = policy.rank(entry)
        by_machine: dict[int, list[Running]] = {}
        for run in self._those_to_pause():
            at = run.spot.machine
            if policy.rank(run) < rank and at not in pool.holds.values() and (self.only is None or at in self.only):
                by_machine.setdefault(run.spot.machine, []).append(run)
        options = [(victims_of(pool, entry, at, runs, self.now), at) for at, runs in by_machine.items()]
        found = [(victims, at) for victims, at in options if victims]
        if not found:
            return []
        costs = sorted((sum(cost_of(run, self.now) for run in runs), at) for runs, at in found)
        at = costs[0][1]
        victims = next(runs for runs, machine in found if machine == at)
        names = self.pool.setup.machines
        dearer = tuple({"machine": names[one].name, "cost_s": cost / WHOLE} for cost, one in costs[1 : MOST + 1])
        pool.hold(entry.task.name, at)
        reason = f"It makes room for {entry.task.name}."
        for run in victims:
            run.pausing = True
            self._decide(run.task.name, "pause", run.spot, "room", whom=entry.task.name, alternatives=dearer)
        return [Pause(run.task.name, reason) for run in victims]

    def _those_to_pause(self) -> list[Running]:
        """Return who may be paused and has run for long enough; found once, since nobody joins them in a round."""
        if self._pausable is None:
            latest = self.now - LEAST_RUN_S
            runs = self.pool.running.values()
            self._pausable = [run for run in runs if run.task.preemptible and not run.pausing and run.began <= latest]
        return [run for run in self._pausable if not run.pausing]

    def _stops_others(self, entry: Waiting, *, first: bool) -> bool:
        """Return whether nobody may overtake a task that does not fit.

        Where others may, the first of the queue does not let them for ever: a machine is kept for it, and for a gang
        everything.
        """
        if not self.pool.policy.overtaking:
            return True
        waited = min(one.waited(self.now) for one in (self.pool.gang_of(entry) if entry.task.gang else [entry]))
        if not first or waited < PATIENCE_S:
            return False
        if not entry.task.gang:
            self._be_patient(entry)
            return False
        for holder in list(self.pool.holds):
            self.pool.open(holder)
        self.pool.kept = entry.task.gang
        return True

    def _be_patient(self, entry: Waiting) -> None:
        """Keep a machine for the first of the queue when others have overtaken it for long."""
        pool = self.pool
        if pool.holds or self._over_quota(entry):
            return
        shape = pool.book.shape(entry.task)
        able = [at for at, one in enumerate(pool.setup.machines) if _able(pool, at, shape) and one.cpu >= shape.cpu]
        if able:
            pool.hold(entry.task.name, min(able, key=lambda at: (_lacking(pool, at, shape), at)))

    def _begin(self, entry: Waiting, spot: Spot, shape: Shape, why: str) -> Start:
        self._touched.update((spot.machine, device) for device in spot.devices)
        others = Elsewhere(self.pool.book, spot, shape) if self.explaining else ()
        start = self.pool.begin(entry, spot, shape, self.now)
        told = {"waited": entry.waited(self.now), "share": shape.gpu, "alternatives": others}
        self._decide(entry.task.name, "start", spot, why, **told)
        return start

    def _decide(self, task: str, what: str, spot: Spot, why: str, **more: Any) -> None:
        machine, devices = self.pool.names(spot)
        policy = self.pool.policy.name
        self.decisions.append(Decision(self.now, task, self.pool.name, what, machine, devices, policy, why, **more))


def together(pool: Pool, book: Book, tasks: Sequence[Task]) -> dict[str, tuple[Spot, Shape]] | None:
    """Return where each of several tasks goes so that all find a place, the largest first; None where they do not."""
    trial, found = book.copy(), {}
    for task in sorted(tasks, key=lambda one: (-one.request.gpu, -one.request.cpu)):
        shape = trial.shape(task)
        spot = pool.placer(trial, shape)
        if spot is None:
            return None
        trial.take(shape, spot)
        found[task.name] = (spot, shape)
    return found


def cost_of(run: Running, now: float) -> float:
    """Return the device-seconds that are lost where a task is paused now and goes on from where it began."""
    return max(1, sum(run.taken)) * (now - run.began)


def victims_of(pool: Pool, entry: Waiting, at: int, runs: Sequence[Running], now: float) -> list[Running]:
    """Return whom to pause on a machine so that a task fits there at its peak; none where it cannot."""
    shape = pool.book.shape(entry.task)
    if not _able(pool, at, shape) or pool.setup.machines[at].cpu < shape.cpu:
        return []
    cpu, memory, gpu = int(pool.book.cpu[at]), int(pool.book.memory[at]), pool.book.gpu[at].copy()
    victims: list[Running] = []
    for run in sorted(runs, key=lambda one: (pool.policy.rank(one), cost_of(one, now), one.number)):
        victims.append(run)
        cpu, memory = cpu + run.cpu, memory + run.task.request.memory
        for device, taken in zip(run.spot.devices, run.taken, strict=True):
            gpu[device] += taken
        enough = int((gpu >= max(1, shape.gpu)).sum()) >= shape.devices
        if cpu >= shape.cpu and memory >= shape.memory and enough:
            return _needed(victims, shape, (cpu, memory, gpu))
    return []


def _needed(victims: list[Running], shape: Shape, free: tuple[int, int, np.ndarray]) -> list[Running]:
    """Return the victims without those that need not be, looking at the dearest first."""
    cpu, memory, gpu = free
    kept = list(victims)
    for run in reversed(victims[:-1]):
        less = gpu.copy()
        for device, taken in zip(run.spot.devices, run.taken, strict=True):
            less[device] -= taken
        enough = int((less >= max(1, shape.gpu)).sum()) >= shape.devices
        if enough and cpu - run.cpu >= shape.cpu and memory - run.task.request.memory >= shape.memory:
            cpu, memory, gpu = cpu - run.cpu, memory - run.task.request.memory, less
            kept.remove(run)
    return kept


def _able(pool: Pool, at: int, shape: Shape) -> bool:
    """Return whether a machine has the healthy devices that a task needs, were they free."""
    healthy = (pool.book.share[at] >= max(1, shape.gpu)) & (pool.book.gpu[at] >= 0)
    model = not shape.devices or bool(int(pool.book.model[at]) & shape.models)
    return model and int(healthy.sum()) >= shape.devices and pool.setup.machines[at].memory >= shape.memory


def _lacking(pool: Pool, at: int, shape: Shape) -> float:
    """Return how much of a task's request is not free on a machine, each part at most 1."""
    gpu = np.sort(pool.book.gpu[at])[::-1][: shape.devices]
    missing = np.maximum(0, shape.gpu - gpu).sum() / max(1, shape.gpu * max(1, shape.devices))
    return float(missing) + max(0, shape.cpu - int(pool.book.cpu[at])) / max(1, shape.cpu)
