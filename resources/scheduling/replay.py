"""A trace run through the scheduler in virtual time: tasks work at the speed of their share, pause, lose devices."""

import heapq
import itertools
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from resources.scheduling.events import Arrived, DeviceBack, DeviceLost, Ended, Event, Paused, Tick
from resources.scheduling.instructions import Instruction, Pause, Refuse, Resize, Start, Stop
from resources.scheduling.pool import Setup
from resources.scheduling.scheduler import Scheduler
from resources.scheduling.tasks import Task
from resources.scheduling.traces import Job

_IDLE = 100
"""Looks in which nothing has happened; after them nothing will."""


class Forecast(Protocol):
    """Knows, or learns, how long tasks run."""

    def expected(self, job: Job) -> float | None:
        """Return the seconds a task that arrives now will run at its peak; None where nobody knows."""

    def ended(self, job: Job) -> None:
        """Take in that a task has run for `job.seconds`."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A device that fails at a time, in seconds, and is back at another."""

    device: str
    lost: float
    back: float


@dataclass(frozen=True, slots=True)
class Costs:
    """What it costs to disturb a task.

    Attributes:
        restart: Seconds of work that going on after a pause or a loss takes.
        checkpoint: Seconds of work between two checkpoints; what was done since the last is lost with a device.
        tick: Seconds between two looks of the scheduler at those that wait.
    """

    restart: float = 30.0
    checkpoint: float = 600.0
    tick: float = 30.0


@dataclass
class Life:
    """What became of one task.

    Attributes:
        job: As it arrived.
        started: When it first ran; None where it never did.
        ended: When it was done; None where it was not.
        pauses: How often it was paused.
        losses: How often it lost its device.
        waited: Seconds in which it had no share.
        lost: Seconds of work that it did twice.
        recoveries: Seconds from each loss of a device to going on.
        refused: Whether it was refused at once.
    """

    job: Job
    started: float | None = None
    ended: float | None = None
    pauses: int = 0
    losses: int = 0
    waited: float = 0.0
    lost: float = 0.0
    recoveries: list[float] = field(default_factory=list)
    refused: bool = False
    gone: float | None = None
    left: float = 0.0
    speed: float = 0.0
    since: float = 0.0
    turn: int = 0

    @property
    def seconds(self) -> float:
        """How long it takes alone at its peak."""
        return self.job.seconds or 0.0

    def progress(self, now: float) -> None:
        """Count what it has done, or waited, until now."""
        if self.speed:
            self.left -= (now - self.since) * self.speed
        else:
            self.waited += now - self.since
        self.since = now


@dataclass
class Replayed:
    """What came of a trace.

    Attributes:
        lives: Of every task, in the order of arrival.
        decisions: Seconds that the scheduler took for each event.
        ended: When the last task was done, in virtual seconds.
        busy: GPU-seconds in which GPUs were in use.
    """

    lives: list[Life]
    decisions: list[float]
    ended: float = 0.0
    busy: float = 0.0


@dataclass
class Replay:
    """Runs jobs through a scheduler.

    Args:
        setups: Environments by name.
        costs: Of disturbing a task.
        forecast: Says how long tasks will run; nobody knows when None.
        checked: Whether the scheduler's invariants are checked after every event.
    """

    setups: Mapping[str, Setup]
    costs: Costs = field(default_factory=Costs)
    forecast: Forecast | None = None
    checked: bool = False

    def run(self, jobs: Sequence[Job], outages: Iterable[Outage] = ()) -> Replayed:
        """Return what came of the jobs, until all are done that can be.

        Raises:
            BrokenInvariantError: An invariant was checked and does not hold.
        """
        return _Run(self, jobs, outages).run()


class _Run:
    def __init__(self, replay: Replay, jobs: Sequence[Job], outages: Iterable[Outage]) -> None:
        self._replay, self._costs = replay, replay.costs
        self._scheduler = Scheduler(replay.setups, kept=0)
        self._lives = {job.task.name: Life(job, left=job.seconds or 0.0) for job in jobs}
        self._numbers = itertools.count()
        self._coming: list[tuple[float, int, str, Event, int]] = []
        self._decisions: list[float] = []
        self._open = len(self._lives)
        self._busy = self._used = self._at = 0.0
        self._idle = 0
        for job in jobs:
            self._push(job.arrived, Arrived(job.arrived, job.task), job.task.name)
        for outage in outages:
            self._push(outage.lost, DeviceLost(outage.lost, outage.device))
            self._push(outage.back, DeviceBack(outage.back, outage.device))
        self._push(0.0, Tick(0.0))

    def run(self) -> Replayed:
        ended = 0.0
        while self._coming and self._open:
            at, _, name, event, turn = heapq.heappop(self._coming)
            self._busy += self._used * (at - self._at)
            self._at = at
            if isinstance(event, Tick):
                if not (self._working or self._stirring()):
                    break
                self._push(at + self._costs.tick, Tick(at + self._costs.tick))
            if name and turn != self._lives[name].turn and not isinstance(event, Arrived):
                continue
            ended = at if isinstance(event, Ended) else ended
            self._happen(at, name, event)
        return Replayed(list(self._lives.values()), self._decisions, ended, self._busy)

    @property
    def _working(self) -> bool:
        return any(life.speed for life in self._lives.values())

    def _stirring(self) -> bool:
        """Return whether something is to come that is no look, or the last of it has only just been."""
        self._idle = 0 if any(not isinstance(event, Tick) for *_, event, _ in self._coming) else self._idle + 1
        return self._idle < _IDLE

    def _happen(self, at: float, name: str, event: Event) -> None:
        if isinstance(event, Arrived):
            event = self._met(event)
        elif isinstance(event, Ended | Paused):
            self._gone(self._lives[name], event)
        began = time.perf_counter()
        instructions = self._scheduler.handle(event)
        self._decisions.append(time.perf_counter() - began)
        if self._replay.checked:
            self._scheduler.validate()
        for instruction in instructions:
            self._follow(instruction, at)

    def _met(self, event: Arrived) -> Arrived:
        life, forecast = self._lives[event.task.name], self._replay.forecast
        life.since = event.at
        expected = forecast.expected(life.job) if forecast else None
        return Arrived(event.at, replace(event.task, expected_s=expected))

    def _gone(self, life: Life, event: Ended | Paused) -> None:
        life.progress(event.at)
        self._used -= life.speed * _gpus(life.job.task)
        life.speed, life.turn = 0.0, life.turn + 1
        if isinstance(event, Ended):
            life.ended = event.at
            self._open -= 1
            if self._replay.forecast:
                self._replay.forecast.ended(life.job)
        else:
            life.pauses += 1
            life.left += self._costs.restart

    def _follow(self, instruction: Instruction, at: float) -> None:
        life = self._lives[instruction.task]
        if isinstance(instruction, Start):
            life.started = at if life.started is None else life.started
            self._work(life, instruction.share.gpu, at)
        elif isinstance(instruction, Resize):
            self._work(life, instruction.share.gpu, at)
        elif isinstance(instruction, Pause):
            self._push(at, Paused(at, instruction.task), instruction.task, life.turn)
        elif isinstance(instruction, Stop):
            self._stopped(life, at)
        elif isinstance(instruction, Refuse):
            life.refused = True
            self._open -= 1

    def _work(self, life: Life, share: int, at: float) -> None:
        task = life.job.task
        life.progress(at)
        if life.gone is not None:
            life.recoveries.append(at - life.gone)
            life.gone = None
        self._used -= life.speed * _gpus(task)
        life.speed = share / task.request.gpu if task.elastic else 1.0
        self._used += life.speed * _gpus(task)
        life.turn += 1
        end = at + max(0.0, life.left) / life.speed
        self._push(end, Ended(end, task.name), task.name, life.turn)

    def _stopped(self, life: Life, at: float) -> None:
        life.progress(at)
        self._used -= life.speed * _gpus(life.job.task)
        done = max(0.0, life.seconds - life.left)
        lost = done % self._costs.checkpoint
        life.speed, life.turn, life.losses = 0.0, life.turn + 1, life.losses + 1
        life.lost += lost
        life.gone = at
        life.left += lost + self._costs.restart

    def _push(self, at: float, event: Event, name: str = "", turn: int = 0) -> None:
        heapq.heappush(self._coming, (at, next(self._numbers), name, event, turn))


def _gpus(task: Task) -> float:
    return task.request.gpu / 10_000
