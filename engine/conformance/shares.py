"""Checks of accounting: shares of a device, refusal, priority, and that what is released or lost is free again."""

import os
import signal

from engine.conformance.stage import Stage
from engine.runs.executor import Failed, Lost
from resources.conformance.check import Check

HALF_S = 0.5


def shares_of_a_device(stage: Stage) -> Check:
    """Two tasks with 0.6 of one GPU may not run together."""
    first = stage.start("hold", {"gpu": 0.6, "cpu": 0.2}, seconds=2 * HALF_S)
    second = stage.start("hold", {"gpu": 0.6, "cpu": 0.2}, seconds=0.0)
    why = stage.why(second)
    one, two = stage.told(first), stage.told(second)
    held = bool(one and two) and two["began"] >= one["ended"]
    when = "began after the first had ended" if held else "ran beside the first, or not at all"
    return Check("shares of a device", "advisory", "accounting", "0.6 GPU", "0.6 GPU beside it", held,
                 f"The second {when}; meanwhile: {why or 'no reason was told.'}")  # fmt: skip


def too_much_is_refused(stage: Stage) -> Check:
    """More than the environment has is refused at once."""
    answer = stage.answer(stage.start("hold", {"gpu": 2}, seconds=0.0))
    held = isinstance(answer, Failed)
    said = answer.error["sentence"] if isinstance(answer, Failed) else "It was not refused."
    return Check("more than there is", "advisory", "accounting", "1 GPU in all", "2 GPUs", held, said)


def priority_goes_first(stage: Stage) -> Check:
    """Of two that wait, the one of higher priority goes first, though it came later."""
    holder = stage.start("hold", {"gpu": 1, "cpu": 0.2}, seconds=2 * HALF_S, priority=2)
    low = stage.start("hold", {"gpu": 1, "cpu": 0.2}, seconds=0.0)
    high = stage.start("hold", {"gpu": 1, "cpu": 0.2}, seconds=0.0, priority=1)
    stage.told(holder)
    first, second = stage.told(high), stage.told(low)
    held = bool(first and second) and first["began"] < second["began"]
    return Check("queue by priority", "advisory", "scheduler", "priority 1", "to come after priority 0", held,
                 f"The one of priority 1 began {'first' if held else 'second'}.")  # fmt: skip


def released_is_free(stage: Stage) -> Check:
    """When many have ended, one can have everything."""
    many = [stage.start("hold", {"gpu": 0.25, "cpu": 0.25}, seconds=0.1) for _ in range(8)]
    ended = all(stage.told(token) for token in many)
    whole = stage.told(stage.start("hold", {"gpu": 1, "cpu": 1}, seconds=0.0))
    said = "After 8 quarters had ended, one task got the whole quota." if whole else "The whole was not free."
    tried = "it after 8 quarters"
    return Check("released shares", "advisory", "accounting", "all of the quota", tried, bool(whole) and ended, said)


def killed_gives_back(stage: Stage) -> Check:
    """A worker that is killed gives everything back."""
    victim = stage.start("hold", {"gpu": 1, "cpu": 1, "memory": "512MiB"}, seconds=60.0)
    pid = stage.pid(victim)
    if pid is not None:
        os.kill(pid, signal.SIGKILL)
    lost = isinstance(stage.answer(victim), Lost)
    whole = stage.told(stage.start("hold", {"gpu": 1, "cpu": 1, "memory": "512MiB"}, seconds=0.0))
    held = lost and bool(whole)
    said = "After kill -9 the next task got the whole quota." if held else "The share did not come back."
    return Check("a killed worker", "advisory", "accounting", "all of the quota", "it after kill -9", held, said)


CHECKS = (shares_of_a_device, too_much_is_refused, priority_goes_first, released_is_free, killed_gives_back)
