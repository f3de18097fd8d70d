"""Processes known by pid and birth, and by a mark that their children inherit: so that only ours are ended."""

import logging
import os
import signal
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Self

import psutil

MARK = "TANDEM_CLUSTER"
"""Environment variable that all processes of one cluster carry, and whatever they start."""

BEGINS_WITHIN = 0.2
"""Seconds in which the program of a process has begun, once the process is there."""


@dataclass(frozen=True, slots=True)
class ProcessId:
    """One process: a pid is given again to strangers, a pid with its birth is not.

    Attributes:
        born: Clock ticks from the start of the machine to the start of the process.
    """

    pid: int
    born: int

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """Return the process that has `pid` now; None where there is none, or only its corpse."""
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return cls._portable(pid)
        return None if fields[0] in "ZX" else cls(pid, int(fields[19]))

    @classmethod
    def _portable(cls, pid: int) -> Self | None:
        if Path("/proc/self").exists():
            return None
        try:
            process = psutil.Process(pid)
            dead = process.status() == psutil.STATUS_ZOMBIE
            return None if dead else cls(pid, int(process.create_time() * 100))
        except psutil.Error:
            return None

    @property
    def alive(self) -> bool:
        """Whether exactly this process still runs."""
        return type(self).of(self.pid) == self


def environment_of(process: psutil.Process) -> Mapping[str, str]:
    """Return the environment of a process; of one that just begins its program, once it has one.

    A process counts as started a moment before the kernel has laid out its environment: in about one of a hundred looks
    at once it is empty still, and the mark of whoever started it would be missed.

    Raises:
        psutil.Error: It is gone, or it is not ours to read.
    """
    until = time.monotonic() + BEGINS_WITHIN
    found: dict[str, str] = process.environ()
    while not found and time.monotonic() < until and process.create_time() > time.time() - 1:
        time.sleep(0.001)
        found = process.environ()
    return found


def marked(mark: str) -> list[ProcessId]:
    """Return the living processes that carry `mark`, with everything they started."""
    found: dict[int, ProcessId] = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if environment_of(process).get(MARK) == mark:
                family = [process, *process.children(recursive=True)]
                found.update({one.pid: known for one in family if (known := ProcessId.of(one.pid))})
    found.pop(os.getpid(), None)
    return list(found.values())


def end(processes: Iterable[ProcessId]) -> None:
    """Kill each of `processes` that still is the one we mean."""
    for process in processes:
        if process.alive:
            with suppress(OSError):
                os.kill(process.pid, signal.SIGKILL)


def end_marked(mark: str, *, patience_s: float = 10.0) -> list[ProcessId]:
    """Kill everything that carries `mark` until nothing does, and return what was killed.

    Args:
        mark: As given to the first process of the cluster.
        patience_s: Seconds after which what cannot be killed is left, above 0.
    """
    ended: dict[ProcessId, None] = {}
    deadline = time.monotonic() + patience_s
    while (left := marked(mark)) and time.monotonic() < deadline:
        ended.update(dict.fromkeys(left))
        end(left)
        time.sleep(0.05)
    return list(ended)


def replace_myself() -> NoReturn:
    """Begin this process anew, by the command it was started with: same pid, nothing else kept.

    What a process does whose Ray has died while its threads were in calls to it: such calls never return, and to
    disconnect under them crashes. All files that Python opened are closed, so locks on them are free.
    """
    logging.shutdown()
    sys.stdout.flush()
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - the very command that runs now
