"""openb-dyn: the busiest weeks of openb on a sixteenth of its machines, with times, at a chosen load.

Day 115 of the trace and later; every 16th GPU machine, sorted by model, GPUs, CPUs and name; a task runs from
`scheduled_time` to `deletion_time`, at least 30 s and at most 4 h; arrivals are drawn in blocks, one drawing for each
seed (`resources.scheduling.timed`). LS and Guaranteed are inference, at priority 1 and never paused; the rest is
training, which may be squeezed to half of its share of a device and paused. Work speeds up in proportion to the share;
neighbours do not disturb each other; GPU memory is not modelled.
"""

from dataclasses import dataclass
from pathlib import Path

from resources.scheduling.machines import Machine
from resources.scheduling.outcomes import LATE_S, mean, quantile
from resources.scheduling.replay import Replayed
from resources.scheduling.traces import Job, read_openb

OPENB = Path(__file__).resolve().parents[3] / "shared" / "data" / "openb"
FIRST_DAY, DAY_S = 115, 86_400
EVERY = 16


def machines_and_jobs() -> tuple[tuple[Machine, ...], list[Job]]:
    """Return the machines and the tasks as they came."""
    trace = read_openb(OPENB / "openb_pod_list_default.csv.gz", OPENB / "openb_node_list_gpu_node.csv.gz")
    ordered = sorted(trace.machines, key=lambda one: (one.model, len(one.gpus), one.cpu, one.name))
    return tuple(ordered[::EVERY]), [job for job in trace.jobs if job.arrived >= FIRST_DAY * DAY_S]


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
            mean(list(times.values())), mean([times[id(life)] for life in training]), quantile(waits, 0.99),
            mean([float(wait > LATE_S) for wait in waits]),
            quantile([times[id(life)] / life.seconds for life in training], 0.99), sum(life.pauses for life in done),
        )  # fmt: skip
