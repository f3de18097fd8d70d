"""What came of a workload over time, as `tandem simulate --load` prints it."""

from collections.abc import Sequence
from typing import Any

from resources.scheduling.replay import Life, Replayed

LATE_S = 30.0


def outcome(policy: str, seed: int, load: float, capacity: int, replayed: Replayed) -> dict[str, Any]:
    """Return what came of one policy, as JSON.

    Args:
        policy: Its name.
        seed: Of the workload.
        load: Of the workload.
        capacity: GPUs of the machines.
        replayed: What came of it.

    Returns:
        `{"policy", "seed", "load", "arrived", "ended", "refused", "job_s": {"mean", "p99"}, "wait_s": {priority:
        {"p50", "p99", "late_percent"}}, "slowdown": {"p50", "p99"}, "preemptions", "allocated_percent", "decision_ms":
        {"p50", "p99"}}`. A wait is from arrival to the first start; late is more than 30 s. Slowdown is the time from
        arrival to the end by the time that the task takes alone. Allocated is the part of the GPU-seconds until the
        last end.
    """
    done = [life for life in replayed.lives if life.ended is not None]
    priorities = sorted({life.job.task.priority for life in done})
    slow = [_time(life) / max(1e-9, life.seconds) for life in done]
    spent = capacity * replayed.ended
    return {
        "policy": policy,
        "seed": seed,
        "load": load,
        "arrived": len(replayed.lives),
        "ended": len(done),
        "refused": sum(life.refused for life in replayed.lives),
        "job_s": {"mean": mean([_time(life) for life in done]), "p99": quantile([_time(life) for life in done], 0.99)},
        "wait_s": {str(one): _waits([life for life in done if life.job.task.priority == one]) for one in priorities},
        "slowdown": {"p50": quantile(slow, 0.5), "p99": quantile(slow, 0.99)},
        "preemptions": sum(life.pauses for life in replayed.lives),
        "allocated_percent": 100 * replayed.busy / spent if spent else 0.0,
        "decision_ms": {
            "p50": 1000 * quantile(replayed.decisions, 0.5), "p99": 1000 * quantile(replayed.decisions, 0.99),
        },
    }  # fmt: skip


def mean(values: Sequence[float]) -> float:
    """Return the mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value that `part`, in [0, 1), of the values do not exceed; 0 of nothing."""
    return sorted(values)[int(part * len(values))] if values else 0.0


def _time(life: Life) -> float:
    return (life.ended or 0.0) - life.job.arrived


def _waits(lives: Sequence[Life]) -> dict[str, float]:
    waits = [(life.started or 0.0) - life.job.arrived for life in lives]
    late = 100 * mean([float(wait > LATE_S) for wait in waits])
    return {"p50": quantile(waits, 0.5), "p99": quantile(waits, 0.99), "late_percent": late}
