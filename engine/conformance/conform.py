"""All checks of conformance, one after the other."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine.config import Settings
from engine.conformance import compute, cores, memory, shares
from engine.conformance.stage import PARTITIONED, Stage
from engine.runs.shares import machine
from resources.conformance.check import Check
from resources.conformance.gpu import gpu_checks


def conform(settings: Settings) -> Iterator[Check]:
    """Make every check: those of accounting, CPU and memory on a Ray of their own, then those that need a GPU.

    The Ray lives in a temporary folder and ends with the checks; a workspace's own is not touched.

    Args:
        settings: What this machine may share out.

    Raises:
        ClusterError: Ray does not start.
    """
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder)) as stage:
        for check in (*shares.CHECKS, *compute.CHECKS, *memory.CHECKS):
            yield check(stage)
    yield cores.why_not() or _of_cores()
    yield from gpu_checks(machine(settings))


def _of_cores() -> Check:
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder), PARTITIONED) as stage:
        return cores.own_cores(stage)
