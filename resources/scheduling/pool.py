"""One environment's pool: what is free, who runs and who waits, and what always holds between them."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from resources.environments import Policy as Kind
from resources.errors import ResourceError
from resources.scheduling.book import ABSENT, Book, Shape, Spot
from resources.scheduling.entries import Running, Waiting
from resources.scheduling.instructions import Start
from resources.scheduling.machines import Machine
from resources.scheduling.mix import Asked
from resources.scheduling.placers import PLACERS, FragmentationGradientDescent, Placer
from resources.scheduling.policies import Policy, policy_of
from resources.scheduling.search import WindowSearch
from resources.scheduling.tasks import Task
from resources.shares import Amount

HALF_LIFE_S = 86_400.0
"""Seconds after which what a project has used counts half."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What an environment is made of.

    Attributes:
        machines: Its part of every machine and device.
        kind: `elastic`, `mixed` or `fixed`, see `resources.environments`.
        policy: A name of `POLICIES`.
        quotas: The most that the tasks of a project may hold at once; projects without one may have all.
    """

    machines: tuple[Machine, ...]
    kind: Kind = "elastic"
    policy: str = "fgd"
    quotas: Mapping[str, Amount] = field(default_factory=dict)


class BrokenInvariantError(ResourceError):
    """The scheduler contradicts itself: a fault of ours."""


class Pool:
    """The state of one environment; `fill` decides what starts.

    Args:
        name: Of the environment.
        setup: What it is made of.

    Raises:
        PlacementError: There is no such policy.
    """

    def __init__(self, name: str, setup: Setup) -> None:
        self.name, self.setup = name, setup
        self.book = Book(setup.machines)
        self.policy: Policy = policy_of(setup.policy)
        self.waiting: dict[str, Waiting] = {}
        self.running: dict[str, Running] = {}
        self.holds: dict[str, int] = {}
        self.kept = ""  # the gang that everything that becomes free is kept for
        self.down: set[str] = set()
        self.asked = Asked()
        self.used: dict[str, float] = {}
        self.numbers = itertools.count()
        self.placer, self.search = self.placing()
        self._devices = {
            gpu.name: (at, device) for at, one in enumerate(setup.machines) for device, gpu in enumerate(one.gpus)
        }
        self._last = 0.0
        self._on: dict[tuple[int, int], dict[str, Running]] = {}

    def placing(self) -> tuple[Placer, WindowSearch | None]:
        """Return what places one task, and what searches an order where the policy does so."""
        if not self.policy.searching:
            return PLACERS[self.policy.placer](self.asked.mix, 0), None
        search = WindowSearch(self.asked.mix)
        return search.rule, search

    @property
    def elastic(self) -> bool:
        """Whether shares may be squeezed and tasks may be paused."""
        return self.setup.kind != "fixed"

    def now(self, moment: float) -> None:
        """Let time go by: what projects have used fades."""
        if moment > self._last:
            faded = 0.5 ** ((moment - self._last) / HALF_LIFE_S)
            self.used = {project: use * faded for project, use in self.used.items()}
            self._last = moment

    def devices(self) -> Iterable[str]:
        """Return the names of its devices."""
        return self._devices

    def place_of(self, device: str) -> tuple[int, int] | None:
        """Return the machine and the place of a device; None where it is none of ours."""
        return self._devices.get(device)

    def names(self, spot: Spot) -> tuple[str, tuple[str, ...]]:
        """Return a spot as the name of a machine and those of its devices."""
        machine = self.setup.machines[spot.machine]
        return machine.name, tuple(machine.gpus[at].name for at in spot.devices)

    def residents(self, machine: int, device: int) -> list[Running]:
        """Return who runs on a device, in the order of their arrival."""
        return sorted(self._on.get((machine, device), {}).values(), key=lambda one: one.number)

    def held(self, project: str) -> Amount:
        """Return what the tasks of a project hold at their peaks."""
        mine = (one.task.request for one in self.running.values() if one.task.project == project)
        return sum((Amount(one.cpu, one.gpu, one.memory) for one in mine), Amount())

    def learn(self, shape: Shape) -> None:
        """Count an arrival, so that the placer knows what is usual here."""
        if self.asked.note(shape) and isinstance(self.placer, FragmentationGradientDescent):
            self.placer.mix = self.asked.mix

    def queue(self, now: float) -> list[Waiting]:
        """Return those that wait, in the order in which they get their share; without gangs that are not all there."""
        complete = [entry for entry in self.waiting.values() if not entry.task.gang or self.is_complete(entry)]
        return sorted(complete, key=lambda entry: self.policy.key(entry, now, self.used))

    def gang_of(self, entry: Waiting) -> list[Waiting]:
        """Return the tasks of a gang that are there."""
        return [one for one in self.waiting.values() if one.task.gang == entry.task.gang]

    def is_complete(self, entry: Waiting) -> bool:
        """Return whether all of a gang are there."""
        return len(self.gang_of(entry)) >= entry.task.gang_size

    def begin(self, entry: Waiting, spot: Spot, shape: Shape, now: float) -> Start:
        """Let a waiting task run, with `shape.gpu` of each of its devices."""
        task = entry.task
        self.open(task.name)
        del self.waiting[task.name]
        taken = [int(self.book.gpu[spot.machine, at]) if task.alone else shape.gpu for at in spot.devices]
        cpu = int(self.book.cpu[spot.machine]) if task.alone and not taken else task.request.cpu
        run = Running(task, spot, cpu, taken, now, entry.number, entry.arrived, now, entry.attained)
        self.running[task.name] = run
        self.take(run)
        machine, devices = self.names(spot)
        share = Amount(cpu, shape.gpu * shape.devices, task.request.memory)
        return Start(task.name, machine, devices, share)

    def leave(self, name: str, now: float) -> Running:
        """Let a running task be gone, and give back what it had."""
        run = self.running.pop(name)
        before = run.attained
        run.measure(now)
        self.used[run.task.project] = self.used.get(run.task.project, 0.0) + run.attained - before
        self.take(run, -1)
        return run

    def wait_again(self, name: str, now: float) -> None:
        """Let a running task wait for its turn again; one of a gang, which has started together, for its own."""
        run = self.leave(name, now)
        self.waiting[name] = Waiting(
            replace(run.task, gang="", gang_size=1), now, run.arrived, run.number, run.attained
        )

    def resize(self, run: Running, share: int, now: float) -> None:
        """Give a running task on one device another share of it."""
        run.measure(now)
        self.book.resize(run.spot, share - run.taken[0])
        run.taken = [share]

    def hold(self, name: str, machine: int) -> None:
        """Keep a machine for a waiting task; nobody else starts there."""
        self.open(name)
        self.holds[name] = machine
        if list(self.holds.values()).count(machine) == 1:
            self.book.close(machine)

    def open(self, name: str) -> None:
        """Keep no machine for a task any more."""
        machine = self.holds.pop(name, None)
        if machine is not None and machine not in self.holds.values():
            self.book.open(machine)

    def put_down(self, device: str) -> None:
        """Take out a device that nobody uses any more."""
        self.down.add(device)
        self.book.put_down(*self._devices[device])

    def bring_back(self, device: str) -> None:
        """Offer a device again."""
        self.down.discard(device)
        self.book.bring_back(*self._devices[device])

    def take(self, run: Running, sign: int = 1) -> None:
        """Write down what a running task has; with -1 that it has it no more."""
        at = run.spot.machine
        for device in run.spot.devices:
            there = self._on.setdefault((at, device), {})
            there.pop(run.task.name, None)
            if sign > 0:
                there[run.task.name] = run
        self.book.version[at] += 1
        self.book.cpu[at] -= sign * run.cpu
        self.book.memory[at] -= sign * run.task.request.memory
        for device, taken in zip(run.spot.devices, run.taken, strict=True):
            self.book.gpu[at, device] -= sign * taken

    def validate(self) -> None:
        """Check what always holds.

        Raises:
            BrokenInvariantError: It does not.
        """
        for sentence in self._broken():
            raise BrokenInvariantError(f"The pool {self.name!r} is broken: {sentence}", hint="This is a fault of ours.")

    def _broken(self) -> Iterator[str]:
        both = self.waiting.keys() & self.running.keys()
        if both:
            yield f"{min(both)} waits and runs."
        if not self.holds.keys() <= self.waiting.keys():
            yield "a machine is kept for somebody who does not wait."
        yield from self._miscounted()
        for run in self.running.values():
            yield from self._mistreated(run)
        yield from self._idle()

    def _idle(self) -> Iterator[str]:
        """Yield who could start and does not, where the policy lets everybody start who fits."""
        if not self.policy.overtaking or self.search is not None or self.holds or self.kept or self.setup.quotas:
            return
        for entry in self.waiting.values():
            simple = not (entry.task.gang or entry.task.alone)
            if simple and self.placer(self.book, self.book.shape(entry.task)) is not None:
                yield f"{entry.task.name} waits and would fit."

    def _miscounted(self) -> Iterator[str]:
        fresh = Book(self.setup.machines)
        for run in self.running.values():
            fresh.cpu[run.spot.machine] -= run.cpu
            fresh.memory[run.spot.machine] -= run.task.request.memory
            for device, taken in zip(run.spot.devices, run.taken, strict=True):
                fresh.gpu[run.spot.machine, device] -= taken
        for lost in self.down:
            fresh.gpu[self._devices[lost]] = ABSENT
        for machine in set(self.holds.values()):
            fresh.close(machine)
        for name in ("cpu", "memory", "gpu"):
            if not np.array_equal(getattr(fresh, name), getattr(self.book, name)):
                yield f"its {name} is not what those that run leave."
        open_ = np.array([at not in self.holds.values() for at in range(len(fresh.cpu))], bool)
        if (fresh.cpu[open_] < 0).any() or (fresh.memory < 0).any() or (fresh.gpu < ABSENT).any():
            yield "more is taken than there is."

    def _mistreated(self, run: Running) -> Iterator[str]:
        task, names = run.task, self.names(run.spot)[1]
        if self.down & set(names):
            yield f"{task.name} runs on a device that is down."
        if len(names) != task.count:
            yield f"{task.name} has {len(names)} devices and asked for {task.count}."
        least = task.least if task.elastic and self.elastic else task.per_device
        if any(taken < least for taken in run.taken):
            yield f"{task.name} has less than it can do with."
        if task.alone and any(len(self.residents(run.spot.machine, at)) > 1 for at in run.spot.devices):
            yield f"{task.name} is not alone."
        if run.pausing and not (self.elastic and task.preemptible):
            yield f"{task.name} is paused and must not be."


def impossible(pool: Pool, task: Task) -> str:
    """Return in a sentence why a task can never run in a pool, were it empty and healthy; empty where it can."""
    setup, request = pool.setup, task.request
    if task.models and task.count and not any(one.model in task.models for one in setup.machines):
        return f"{pool.name!r} has no {' or '.join(sorted(task.models))}."
    if any(_could(one, task) for one in setup.machines):
        quota = setup.quotas.get(task.project)
        if quota is not None and not request.fits(quota):
            return f"the project {task.project!r} may hold {quota} in {pool.name!r} at most."
        return ""
    return f"no machine of {pool.name!r} has as much, even when nothing runs."


def _could(machine: Machine, task: Task) -> bool:
    if task.count and task.models and machine.model not in task.models:
        return False
    enough = sum(gpu.share >= task.per_device for gpu in machine.gpus) >= task.count
    return enough and task.request.cpu <= machine.cpu and task.request.memory <= machine.memory
