"""Checks that only a real GPU can show: memory within a fraction and past it, compute by share, a service's tail."""

import importlib.util
import subprocess
from collections.abc import Callable, Iterator, Sequence

from resources.conformance.check import Check
from resources.conformance.gpu_compute import (
    compute_by_share,
    halves_are_a_whole,
    multiprocessors,
    service_beside_training,
)
from resources.conformance.gpu_memory import (
    memory_comes_back,
    memory_past_torch,
    memory_within_fraction,
    processes_are_seen,
)
from resources.conformance.gpu_partitions import partitions
from resources.conformance.trial import Trial
from resources.devices import Inventory

NO_GPU = "There is no GPU here."
NO_TORCH = "torch is not installed here."

Outcome = Callable[[Trial], tuple[bool | None, str]]
CHECKS: tuple[tuple[str, str, str, str, str, Outcome], ...] = (
    ("gpu processes", "capped", "NVML", "memory by process", "to see a process by its pid", processes_are_seen),
    ("gpu memory", "capped", "torch fraction", "25 % of memory", "26 %, 20 times", memory_within_fraction),
    ("gpu memory past torch", "capped", "watchdog", "10 % of memory", "cudaMalloc without end", memory_past_torch),
    ("gpu memory after kill", "capped", "NVML", "all memory back", "to kill the holder", memory_comes_back),
    ("gpu compute by share", "capped", "step gate", "0.25 and 0.75 GPU", "to step without pause", compute_by_share),
    ("gpu halves", "capped", "step gate", "0.5 GPU each", "to step without pause", halves_are_a_whole),
    ("gpu service", "capped", "step gate", "p99 + 10 % at most", "to train beside it", service_beside_training),
    ("gpu multiprocessors", "capped", "green contexts", "16 to 128 multiprocessors", "all of them", multiprocessors),
    ("gpu partitions", "partitioned", "MPS", "25 % of threads, 4 GiB", "all of them", partitions),
)


def gpu_checks(inventory: Inventory, trial: Trial | None = None, names: Sequence[str] = ()) -> Iterator[Check]:
    """Make every check on the first real GPU, one after the other.

    Args:
        inventory: Of this machine.
        trial: Takes what was measured, where somebody wants it.
        names: Of the checks to make, in this order; all of them when empty.
    """
    why, given, known = _why_not(inventory), trial or Trial(), {row[0]: row for row in CHECKS}
    for name, level, mechanism, asked, tried, check in map(known.__getitem__, names or known):
        held, message = (None, why) if why else _made(check, given)
        yield Check(name, level, mechanism, asked, tried, held, message)


def _made(check: Outcome, trial: Trial) -> tuple[bool | None, str]:
    """Make a check; one whose process ends before it has answered is one that did not hold."""
    try:
        return check(trial)
    except (LookupError, OSError, ValueError, subprocess.SubprocessError) as error:
        return False, f"A process of the check ended without an answer ({type(error).__name__}: {error})."[:400]


def _why_not(inventory: Inventory) -> str:
    if not any(one.of_nvidia for one in inventory.devices):
        return NO_GPU
    return "" if importlib.util.find_spec("torch") else NO_TORCH
