"""Claim (B2): at loads of 0.9 and 1.0 of openb-dyn, without knowing how long tasks run, inference waits at most 300 s
at the 99th percentile and more than 30 s in at most 3 % of cases, mean job time is within 3 % of shortest-job-first
that knows it, and training's slowdown is at most 10 at the 99th percentile.

The rivals in the same run are first come first served, best fit and fragmentation gradient without squeezing and
pausing, least attained service, and shortest-job-first with an oracle. See openb_dyn.py for what is replayed and what
is not modelled. Squeezing costs mean job time, since work slows down with its share, and gains a smaller slowdown of
the unluckiest; the claim is of tasks that are paused and never squeezed.
"""

import statistics
import sys
from dataclasses import asdict

from measuring import say, verdict, write_figures
from openb_dyn import Came, machines_and_jobs

from resources.scheduling.policies import POLICIES, Policy
from resources.scheduling.pool import Setup
from resources.scheduling.replay import Replay
from resources.scheduling.timed import Learned, Oracle, timed

LOADS, SEEDS = (0.9, 1.0), range(5)
SJF = Policy("sjf", lambda entry, _now, _use: (entry.task.expected_s or 0.0, entry.number), lambda _: 0.0)
POLICIES["sjf"] = SJF
CONTESTANTS = {  # kind of the environment, policy, who knows times, whether training may be squeezed
    "fifo": ("fixed", "fifo", None, False),
    "best_fit, nobody disturbed": ("fixed", "best_fit", None, False),
    "fgd, nobody disturbed": ("fixed", "fgd", None, False),
    "sjf with an oracle": ("fixed", "sjf", Oracle, False),
    "las, squeezed": ("elastic", "las", None, True),
    "fgd, squeezed": ("elastic", "fgd", None, True),
    "swarm, squeezed": ("elastic", "swarm", None, True),
    "forecast, learned, squeezed": ("elastic", "forecast", Learned, True),
    "las": ("elastic", "las", None, False),
    "fgd": ("elastic", "fgd", None, False),
    "forecast, learned": ("elastic", "forecast", Learned, False),
    "forecast with an oracle": ("elastic", "forecast", Oracle, False),
}
HEADS = ("job s", "training s", "p99 wait s", "late %", "p99 slowdown", "pauses")
OURS = "forecast, learned"


def main() -> int:
    machines, jobs = machines_and_jobs()
    figures, kept = {}, True
    for load in LOADS:
        say(f"load {load}: {len(jobs)} tasks, {len(machines)} machines")
        say(f"  {'':28} " + "".join(f"{name:>13}" for name in HEADS))
        found = {name: [] for name in CONTESTANTS}
        for seed in SEEDS:
            for name, (kind, policy, forecast, squeezed) in CONTESTANTS.items():
                arrivals = timed(jobs, machines, load, seed, elastic=squeezed)
                replay = Replay({"train": Setup(machines, kind, policy)}, forecast=forecast and forecast())
                found[name].append(Came.of(replay.run(arrivals)))
        for name, came in found.items():
            say(f"  {name:28} {_told(came, 'job')} {_told(came, 'training')} {_told(came, 'inference_p99')} "
                f"{_told(came, 'inference_late', 100)} {_told(came, 'slowdown_p99')} "
                f"{statistics.mean(one.pauses for one in came):8.0f}")  # fmt: skip
        figures[str(load)] = {name: [asdict(one) for one in came] for name, came in found.items()}
        kept &= _judged(found, load)
    write_figures("waiting", {"loads": figures})
    return int(not kept)


def _judged(found, load) -> bool:
    ours, oracle = found[OURS], found["sjf with an oracle"]
    ratio = _mean(ours, "job") / _mean(oracle, "job")
    return all(
        [
            verdict(f"p99 wait of inference at {load}, s", _mean(ours, "inference_p99"), 300),
            verdict(f"inference that waits over 30 s at {load}, %", 100 * _mean(ours, "inference_late"), 3),
            verdict(f"mean job time against shortest-job-first with an oracle at {load}", ratio, 1.03),
            verdict(f"p99 slowdown of training at {load}", _mean(ours, "slowdown_p99"), 10),
        ]
    )


def _mean(came, field) -> float:
    return statistics.mean(getattr(one, field) for one in came)


def _told(came, field, factor=1) -> str:
    values = [factor * getattr(one, field) for one in came]
    return f"{statistics.mean(values):7.1f}±{statistics.stdev(values):<4.1f}"


if __name__ == "__main__":
    sys.exit(main())
