"""Checks of CPU: a task uses as many cores as its share has, and leaves its neighbour alone."""

from engine.conformance.stage import Stage
from resources.conformance.check import Check

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


CHECKS = (threads_by_share, neighbour_of_compute)
