"""A trace with times as a workload: drawn in blocks, packed together to a chosen load, tasks marked by urgency."""

import itertools
import random
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from resources.errors import TraceError
from resources.scheduling.learning import Learner
from resources.scheduling.machines import Machine
from resources.scheduling.traces import Job
from resources.shares import WHOLE

SHORTEST_S, LONGEST_S = 30.0, 14_400.0
"""Seconds that a task runs at least and at most: what the trace says beyond them counts as these."""
BLOCK = 200
USUAL = 0.99
"""Part of the gaps between arrivals that are kept; longer ones count as the longest of these."""


def timed(
    jobs: Sequence[Job], machines: Sequence[Machine], load: float, seed: int, *, elastic: bool = True
) -> list[Job]:
    """Return as many tasks as there are that fit a machine, drawn in blocks of 200 with replacement, at a load.

    What somebody waits for has priority 1 and is never paused; the rest may be paused, and squeezed to half of its
    share of a device. A job on several machines is a gang of so many tasks.

    Args:
        jobs: With times, as they came.
        machines: On which they are to run.
        load: GPU-seconds that are asked for, as a part of those that the machines have; above 0.
        seed: Of the drawing.
        elastic: Whether tasks may be squeezed.

    Raises:
        TraceError: The load is not above 0, or no task has times and fits a machine.
    """
    if not load > 0:
        raise TraceError(f"There is no load of {load:g}.", hint="Take a number above 0, such as 0.9.")
    known = [job for job in jobs if job.seconds is not None and any(_fits(job, one) for one in machines)]
    if len(known) < 2 or not any(job.task.request.gpu for job in known):  # noqa: PLR2004 - two have a gap between them
        raise TraceError(
            "The trace has no tasks with times that would fit its machines.",
            hint="It needs times of arrival and durations; in openb creation_time and deletion_time.",
        )
    dice = random.Random(seed)  # noqa: S311 - a seed that gives the same again is what is wanted
    starts = [dice.randrange(len(known)) for _ in range(-(-len(known) // BLOCK))]
    picked = [known[(start + at) % len(known)] for start in starts for at in range(BLOCK)][: len(known)]
    gaps = [max(0.0, later.arrived - earlier.arrived) for earlier, later in itertools.pairwise(picked)]
    longest = sorted(gaps)[int(USUAL * len(gaps))]
    gaps = [0.0, *(min(gap, longest) for gap in gaps)]  # where two blocks meet there is no gap that anybody saw
    asked = sum(job.task.request.gpu / WHOLE * _clipped(job) * job.machines for job in picked)
    have = sum(len(one.gpus) for one in machines)
    stretch = asked / (have * load) / max(1e-9, sum(gaps))
    times = itertools.accumulate(gap * stretch for gap in gaps)
    return [
        one
        for number, (job, at) in enumerate(zip(picked, times, strict=True))
        for one in _tasks(job, number, at, elastic=elastic)
    ]


class Oracle:
    """Knows how long each task will run."""

    def expected(self, job: Job) -> float | None:
        """Return how long it will run at its peak."""
        return job.seconds

    def ended(self, job: Job) -> None:
        """Learn nothing."""


@dataclass
class Learned:
    """Knows what tasks that asked for the same have taken before; what they asked for stands for operator and size."""

    learner: Learner = field(default_factory=Learner)

    def expected(self, job: Job) -> float | None:
        """Return how long it will run by what others took; None where nobody knows."""
        return self.learner.expected(_kinds(job))

    def ended(self, job: Job) -> None:
        """Take in how long a task ran."""
        self.learner.ended(_kinds(job), job.seconds or 0.0)


def _kinds(job: Job) -> Iterator[Hashable]:
    one = job.task.request
    yield (one.cpu, one.gpu, one.memory, job.task.models, job.latency_critical)
    yield (one.cpu, one.gpu, job.latency_critical)
    yield (one.gpu, job.latency_critical)


def _fits(job: Job, machine: Machine) -> bool:
    task = job.task
    models = not task.count or not task.models or machine.model in task.models
    enough = len(machine.gpus) >= task.count and machine.cpu >= task.request.cpu
    return models and enough and machine.memory >= task.request.memory


def _tasks(job: Job, number: int, at: float, *, elastic: bool) -> Iterator[Job]:
    """Yield the tasks of a job: one, or a gang that starts together on so many machines."""
    gpu, urgent = job.task.request.gpu, job.latency_critical
    least = gpu // 2 if elastic and not urgent and 1 < gpu <= WHOLE and job.machines == 1 else 0
    task = replace(job.task, name=str(number), priority=int(urgent), preemptible=not urgent, least=least)
    if job.machines > 1:
        task = replace(task, gang=f"gang{number}", gang_size=job.machines)
    for part in range(job.machines):
        name = f"{number}.{part}" if part else str(number)
        yield replace(job, task=replace(task, name=name), arrived=at, seconds=_clipped(job))


def _clipped(job: Job) -> float:
    return min(LONGEST_S, max(SHORTEST_S, job.seconds or 0.0))
