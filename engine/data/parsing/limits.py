"""Limits of the parser's child process, set by itself before it touches the file."""

import ctypes
import os
import resource
import signal
import sys
from typing import Final

PARENT_DEATH_SIGNAL: Final = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def limit_this_process(parent: int, memory: int, seconds: int) -> None:
    """Bind this process's life to `parent` and cap what it may take.

    Args:
        parent: Process id of the parent; this process dies with it.
        memory: Address space, bytes.
        seconds: Processor time.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
