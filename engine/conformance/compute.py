"""Checks of compute: a task uses as many cores as its share has, leaves its neighbour alone, and takes its turns."""

import time
from typing import Any

from engine.conformance.stage import Stage
from resources.conformance.check import Check

TOLERANCE = 0.25
"""By how much time inside steps may differ from a share, on a machine that may have other work."""
TRIES, SOON_S = 3, 2.0
SLACK = 1.15
"""Cores that a share of one CPU may use: other threads of the process, such as Ray's, work a little, too."""
UNHARMED = 0.5
"""Part of its throughput alone that a neighbour keeps at least, on a machine that may have other work."""


def threads_by_share(stage: Stage) -> Check:
    """A task with one CPU multiplies matrices with a library that would take every core."""
    told = stage.told(stage.start("burn", {"cpu": 1}, seconds=1.5))
    held = bool(told) and told["cores"] <= SLACK
    return Check("threads", "capped", "threads", "1 CPU", "every core", held,
                 f"It used {told['cores']:.2f} cores." if told else "It did not end.")  # fmt: skip


def neighbour_of_compute(stage: Stage) -> Check:
    """A task in another environment answers small requests, alone and beside one that burns its share."""
    alone = stage.told(stage.start("answer", {"cpu": 1}, "test", seconds=1.5))
    burner = stage.start("burn", {"cpu": 1}, seconds=3.0)
    beside = stage.told(stage.start("answer", {"cpu": 1}, "test", seconds=1.5))
    stage.told(burner)
    part = beside["rate"] / alone["rate"] if alone and beside else 0.0
    return Check("neighbour of compute", "capped", "threads", "1 CPU each", "every core beside it", part >= UNHARMED,
                 f"It kept {part:.0%} of its throughput; its p99 went from {alone.get('p99', 0):.2f} to "
                 f"{beside.get('p99', 0):.2f} ms.")  # fmt: skip


def turns_by_share(stage: Stage) -> Check:
    """Two tasks step on one device, one with a quarter of it and one with the rest; each would take all of it."""
    one, two = _stepping(stage, ({"gpu": 0.25}, 2.0), ({"gpu": 0.75}, 2.0))
    ratio = two["inside"] / one["inside"] if one and two and one["inside"] else 0.0
    return Check("turns at a device", "capped", "step gate", "0.25 and 0.75 GPU", "all of it by both",
                 abs(ratio / 3 - 1) <= TOLERANCE, f"They divided it 1:{ratio:.2f}.")  # fmt: skip


def shrinking_share(stage: Stage) -> Check:
    """A task that can do with a quarter has all of a device, makes way for another, and has all again."""
    one, two = _stepping(stage, ({"gpu": 1, "gpu_least": 0.25}, 4.0), ({"gpu": 0.75}, 2.0))
    beside = bool(one and two) and two["began"] < one["ended"]
    held = beside and two["inside"] >= (1 - TOLERANCE) * 0.75 and one["inside"] >= (1 - TOLERANCE) * (0.25 + 1) / 2
    said = f"The guest had {two['inside']:.0%}, the other {one['inside']:.0%} of its time." if beside else "It waited."
    tried = "0.75 GPU beside it for half of its time"
    return Check("a share that shrinks", "capped", "step gate", "1 GPU, at least 0.25", tried, held, said)


def _stepping(stage: Stage, *wanted: tuple[dict[str, float], float]) -> list[dict[str, Any]]:
    """Let tasks step from one moment on, each with a share and for some seconds, and return what they told.

    Where a worker was not there in time, on a machine that has other work, they begin again.
    """
    told: list[dict[str, Any]] = []
    for _ in range(TRIES):
        begin = time.time() + SOON_S
        tokens = [stage.start("step", {**share, "cpu": 0.2}, begin=begin, seconds=seconds) for share, seconds in wanted]
        told = [stage.told(token) for token in tokens]
        if not any(one.get("late") for one in told):
            break
    return told


CHECKS = (threads_by_share, neighbour_of_compute, turns_by_share, shrinking_share)
