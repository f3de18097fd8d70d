"""Binding a process to cores."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


def here() -> tuple[int, ...]:
    """Return the cores that this process may run on; none where the system cannot bind work to cores."""
    return tuple(sorted(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else ()


def bind(cores: Sequence[int]) -> None:
    """Let every thread of this process run on these cores only; those it starts later follow.

    Some threads of libraries end meanwhile, and are left.
    """
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            os.sched_setaffinity(int(thread.name), cores)
