"""Claim (B3): when machines fail, tasks go on elsewhere from their last checkpoint; what that costs is told.

Ours to define, since nothing public was found: openb-dyn at load 0.9 (see openb_dyn.py); each machine fails after
an exponential time with a mean of 48 hours and is back after 10 minutes; a task takes a checkpoint every 10 minutes and
30 s to go on. The rival in the same run is the same policy without checkpoints, as where a task begins anew. Told are
the GPU-hours that were done twice, the seconds from a loss to going on, and the seconds in which inference that had
begun had no device.
"""

import random
import statistics
import sys
from dataclasses import asdict, dataclass

from measuring import say, write_figures
from openb_dyn import machines_and_jobs

from resources.scheduling.pool import Setup
from resources.scheduling.replay import Costs, Outage, Replay
from resources.scheduling.timed import Learned, timed

LOAD, SEEDS = 0.9, range(5)
MEAN_S, REPAIR_S = 48 * 3600.0, 600.0
CONTESTANTS = {
    "fifo, no checkpoints": ("fixed", "fifo", None, Costs(checkpoint=1e12)),
    "fgd, no checkpoints": ("elastic", "fgd", None, Costs(checkpoint=1e12)),
    "fgd": ("elastic", "fgd", None, Costs()),
    "forecast, learned": ("elastic", "forecast", Learned, Costs()),
}


@dataclass(frozen=True)
class Cost:
    """What failures cost; `unfinished` tasks never came to their end."""

    losses: int
    gpu_hours: float
    recovery_p50: float
    recovery_p99: float
    downtime: float
    unfinished: int


def outages(machines, until: float, seed: int) -> list[Outage]:
    """Return when each machine's devices fail and are back."""
    dice, found = random.Random(seed), []
    for machine in machines:
        at = dice.expovariate(1 / MEAN_S)
        while at < until:
            found += [Outage(gpu.name, at, at + REPAIR_S) for gpu in machine.gpus]
            at += REPAIR_S + dice.expovariate(1 / MEAN_S)
    return found


def cost_of(replayed) -> Cost:
    lives = replayed.lives
    recoveries = sorted(seconds for life in lives for seconds in life.recoveries) or [0.0]
    down = sum(sum(life.recoveries) for life in lives if life.job.latency_critical)
    return Cost(
        sum(life.losses for life in lives),
        sum(life.lost * life.job.task.request.gpu for life in lives) / 10_000 / 3600,
        statistics.median(recoveries), recoveries[int(0.99 * (len(recoveries) - 1))], down,
        sum(life.ended is None and not life.refused for life in lives),
    )  # fmt: skip


def main() -> int:
    machines, jobs = machines_and_jobs()
    found = {name: [] for name in CONTESTANTS}
    for seed in SEEDS:
        for name, (kind, policy, forecast, costs) in CONTESTANTS.items():
            arrivals = timed(jobs, machines, LOAD, seed, elastic=kind == "elastic")
            replay = Replay({"train": Setup(machines, kind, policy)}, costs, forecast and forecast())
            lost = outages(machines, 2 * arrivals[-1].arrived, seed)
            found[name].append(cost_of(replay.run(arrivals, lost)))
    names = list(Cost.__dataclass_fields__)
    say(f"{'':24}" + "".join(f"{name:>16}" for name in names))
    for name, costs in found.items():
        means = [statistics.mean(getattr(one, field) for one in costs) for field in names]
        say(f"{name:24}" + "".join(f"{mean:16.1f}" for mean in means))
    write_figures("availability", {"policies": {name: [asdict(one) for one in costs] for name, costs in found.items()}})
    return int(any(one.unfinished for costs in found.values() for one in costs))


if __name__ == "__main__":
    sys.exit(main())
