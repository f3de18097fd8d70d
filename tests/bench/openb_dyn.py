"""openb-dyn: the busiest weeks of openb on a sixteenth of its machines, with times, at a chosen load.

Day 115 of the trace and later; every 16th GPU machine, sorted by model, GPUs, CPUs and name; a task runs from
`scheduled_time` to `deletion_time`, at least 30 s and at most 4 h; arrivals are drawn in blocks of 200 with
replacement, one drawing for each seed, and packed together until the GPU-seconds asked for are `load` times those that
the machines have. LS and Guaranteed are inference, at priority 1 and never paused; the rest is training, which may be
squeezed to half of its share of a device and paused. Work speeds up in proportion to the share; neighbours do not
disturb each other; GPU memory is not modelled.
"""

import itertools
import random
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from resources.scheduling.learning import Learner
from resources.scheduling.machines import Machine
from resources.scheduling.replay import Replayed
from resources.scheduling.traces import Job, read_openb

OPENB = Path(__file__).resolve().parents[3] / "shared" / "data" / "openb"
FIRST_DAY, DAY_S = 115, 86_400
SHORTEST_S, LONGEST_S = 30.0, 14_400.0
BLOCK = 200
EVERY = 16


def machines_and_jobs() -> tuple[tuple[Machine, ...], list[Job]]:
    """Return the machines, and the tasks that fit one of them, as they came."""
    trace = read_openb(OPENB / "openb_pod_list_default.csv.gz", OPENB / "openb_node_list_gpu_node.csv.gz")
    ordered = sorted(trace.machines, key=lambda one: (one.model, len(one.gpus), one.cpu, one.name))
    machines = tuple(ordered[::EVERY])
    late = [job for job in trace.jobs if job.arrived >= FIRST_DAY * DAY_S and job.seconds is not None]
    return machines, [job for job in late if any(_fits(job, one) for one in machines)]


def _fits(job: Job, machine: Machine) -> bool:
    task = job.task
    models = not task.count or not task.models or machine.model in task.models
    enough = len(machine.gpus) >= task.count and machine.cpu >= task.request.cpu
    return models and enough and machine.memory >= task.request.memory


def drawn(
    jobs: Sequence[Job], machines: Sequence[Machine], load: float, seed: int, *, elastic: bool = True
) -> list[Job]:
    """Return as many tasks as there are, drawn in blocks, at a load."""
    dice = random.Random(seed)
    starts = [dice.randrange(len(jobs)) for _ in range(-(-len(jobs) // BLOCK))]
    picked = [jobs[(start + at) % len(jobs)] for start in starts for at in range(BLOCK)][: len(jobs)]
    gaps = [max(0.0, later.arrived - earlier.arrived) for earlier, later in itertools.pairwise(picked)]
    usual = sorted(gaps)[int(0.99 * len(gaps))]
    gaps = [0.0, *(min(gap, usual) for gap in gaps)]  # where two blocks meet there is no gap that anybody saw
    asked = sum(_gpus(job) * clipped(job) for job in picked)
    have = sum(len(one.gpus) for one in machines)
    stretch = asked / (have * load) / sum(gaps)
    found, at = [], 0.0
    for number, (job, gap) in enumerate(zip(picked, gaps, strict=True)):
        at += gap * stretch
        found.append(_task(job, number, at, elastic=elastic))
    return found


def _task(job: Job, number: int, at: float, *, elastic: bool) -> Job:
    one = job.task.request
    least = one.gpu // 2 if elastic and not job.latency_critical and 1 < one.gpu <= 10_000 else 0
    task = replace(
        job.task,
        name=f"{number}",
        priority=int(job.latency_critical),
        preemptible=not job.latency_critical,
        least=least,
        project="p",
    )
    return replace(job, task=task, arrived=at, seconds=clipped(job))


def clipped(job: Job) -> float:
    return min(LONGEST_S, max(SHORTEST_S, job.seconds or 0.0))


def _gpus(job: Job) -> float:
    return job.task.request.gpu / 10_000


class Oracle:
    """Knows how long each task will run."""

    def expected(self, job: Job) -> float | None:
        return job.seconds

    def ended(self, job: Job) -> None:
        """Learn nothing."""


class Learned:
    """Knows what tasks that asked for the same have taken before."""

    def __init__(self) -> None:
        self._learner = Learner()

    def expected(self, job: Job) -> float | None:
        return self._learner.expected(keys(job))

    def ended(self, job: Job) -> None:
        self._learner.ended(keys(job), job.seconds or 0.0)


def keys(job: Job) -> Iterator[Hashable]:
    """Yield what a task is like, the closest first: what it asked for stands for its operator and size."""
    one = job.task.request
    yield (one.cpu, one.gpu, one.memory, job.task.models, job.latency_critical)
    yield (one.cpu, one.gpu, job.latency_critical)
    yield (one.gpu, job.latency_critical)


@dataclass(frozen=True)
class Came:
    """What came of a replay, in seconds."""

    job: float
    training: float
    inference_p99: float
    inference_late: float
    slowdown_p99: float
    pauses: int

    @classmethod
    def of(cls, replayed: Replayed) -> "Came":
        done = [life for life in replayed.lives if life.ended is not None]
        serving = [life for life in done if life.job.latency_critical]
        training = [life for life in done if not life.job.latency_critical]
        times = {id(life): life.ended - life.job.arrived for life in done}
        waits = [life.started - life.job.arrived for life in serving]
        return cls(
            _mean(times.values()), _mean(times[id(life)] for life in training), _quantile(waits, 0.99),
            _mean(wait > 30 for wait in waits),
            _quantile([times[id(life)] / life.seconds for life in training], 0.99), sum(life.pauses for life in done),
        )  # fmt: skip


def _mean(values) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def _quantile(values, part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]
