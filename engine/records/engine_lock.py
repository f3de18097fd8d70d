"""Who is the engine of a workspace: a lock that the kernel frees when its holder dies, and a lease that says who."""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.config import Workspace
from engine.errors import EngineBusyError
from engine.records import leases, processes
from engine.records.database import Records
from engine.records.leases import Lease

NAME = "engine"
PATIENCE = 2.0
"""Seconds to wait for a holder that is just ending."""


@dataclass(frozen=True)
class EngineStatus:
    """What is known of the engine of a workspace.

    Args:
        running: Its process is alive (on another machine: it was, when it last wrote).
        ready: It takes work.
        pid: Of the process, None where none runs.
        started: When it began, seconds since 1970.
        heartbeat: When it last wrote, seconds since 1970, by its own clock.
        host: Its machine.
    """

    running: bool = False
    ready: bool = False
    pid: int | None = None
    started: float | None = None
    heartbeat: float | None = None
    host: str = ""


@contextmanager
def held(workspace: Workspace) -> Iterator[None]:
    """Be the one engine of `workspace` while the block runs.

    Raises:
        EngineBusyError: Another process is.
    """
    with (workspace.root / "engine.lock").open("a") as file:
        deadline = time.monotonic() + PATIENCE
        while not _try(file.fileno()):
            if time.monotonic() > deadline:
                pid = status(Records.open(workspace)).pid
                who = f"the process {pid}" if pid else "another process"
                raise EngineBusyError(
                    f"The workspace {workspace.root} has an engine already: {who}.",
                    hint="Use that one, or end it with `tandem down`.",
                )
            time.sleep(0.05)
        yield


def announce(records: Records) -> None:
    """Write down that this process is the engine now."""
    now, began = time.time(), processes.described(os.getpid(), NAME)
    detail = {"began": began.started if began else 0.0, "ready": False}
    with records.write() as connection:
        leases.take(connection, Lease(NAME, os.getpid(), socket.gethostname(), now, now, detail))


def beat(records: Records, *, ready: bool) -> bool:
    """Write down that this process still is the engine; False where another one is."""
    began = processes.described(os.getpid(), NAME)
    detail = {"began": began.started if began else 0.0, "ready": ready}
    with records.write() as connection:
        return leases.beat(connection, NAME, os.getpid(), detail)


def release(records: Records) -> None:
    """Write down that this process is the engine no more."""
    with records.write() as connection:
        leases.release(connection, NAME, os.getpid())


def status(records: Records) -> EngineStatus:
    """Return whether an engine runs, and which."""
    with records.read() as connection:
        lease = leases.find(connection, NAME)
    if lease is None:
        return EngineStatus()
    row = processes.ProcessRow(lease.host, lease.pid, NAME, lease.detail.get("began", 0.0))
    elsewhere = lease.host != socket.gethostname()
    if not elsewhere and not row.running():
        return EngineStatus()
    ready = bool(lease.detail.get("ready"))
    return EngineStatus(True, ready, lease.pid, lease.started, lease.heartbeat, lease.host)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
