"""The check of cores: work that starts processes of its own stays on the cores of its environment."""

from engine.conformance.compute import SLACK, UNHARMED
from engine.conformance.stage import Stage
from resources.conformance.check import Check
from resources.enforcement.binding import here

NAME, LEVEL, MECHANISM = "cores of its own", "partitioned", "affinity"


def own_cores(stage: Stage) -> Check:
    """A task of a partitioned environment with one CPU burns in more processes than there are cores, beside another."""
    alone = stage.told(stage.start("answer", {"cpu": 1}, seconds=1.5))
    storm = stage.start("storm", {"cpu": 1}, "test", seconds=3.0)
    beside = stage.told(stage.start("answer", {"cpu": 1}, seconds=1.5))
    told = stage.told(storm)
    part = beside["rate"] / alone["rate"] if alone and beside else 0.0
    held = bool(told) and told["cores"] <= SLACK and part >= UNHARMED
    used = f"It used {told['cores']:.2f} cores" if told else "It did not end"
    slowest = f"its p99 went from {alone.get('p99', 0):.2f} to {beside.get('p99', 0):.2f} ms"
    said = f"{used}; the neighbour kept {part:.0%} of its throughput, {slowest}."
    return Check(NAME, LEVEL, MECHANISM, "1 CPU", "every core by processes of its own", held, said)


def why_not() -> Check | None:
    """Return what is told where cores cannot be divided; None where they can."""
    if len(here()) > 1:
        return None
    message = "One core cannot be divided." if here() else "This system cannot bind work to cores."
    return Check(NAME, LEVEL, MECHANISM, "1 CPU", "every core by processes of its own", None, message)
