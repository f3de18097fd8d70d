"""Processes that were started for this workspace, so that `tandem down` ends these and no others.

A process is known by its pid together with the moment it began: a pid is given again to strangers. It carries what it
is and whose in its environment, too: whoever started it may have been killed before it could write anything down.
"""

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import Connection, delete, select

from engine.records.tables import PROCESSES
from engine.records.upsert import put
from resources.processes import environment_of

MARK = "TANDEM_STARTED"
"""Environment variable of a process that was started for a workspace: its name and the folder, `engine /a/folder`."""
SAME = 0.05
"""Seconds that two readings of one beginning may differ."""


@dataclass(frozen=True)
class ProcessRow:
    """One process; `started` is when it began, in seconds since the machine did (no clock changes that)."""

    host: str
    pid: int
    name: str
    started: float

    def running(self) -> bool:
        """Return whether exactly this process is alive on this machine (a zombie is not)."""
        return self.host == socket.gethostname() and self.process() is not None

    def process(self) -> psutil.Process | None:
        """Return the process itself, or None where it is gone and its pid is perhaps another's."""
        try:
            process = psutil.Process(self.pid)
            same = abs(_began(self.pid) - self.started) < SAME
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except (psutil.Error, OSError):
            return None


def described(pid: int, name: str) -> ProcessRow | None:
    """Return the row of a living process, or None where it is gone."""
    try:
        return ProcessRow(socket.gethostname(), pid, name, _began(pid))
    except (psutil.Error, OSError):
        return None


def mark(name: str, root: Path) -> dict[str, str]:
    """Return what a process that is started for a workspace shall have in its environment."""
    return {MARK: f"{name} {root}"}


def marked(root: Path) -> list[ProcessRow]:
    """Return the living processes that carry the mark of a workspace, noted or not; this one is left out."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            name, _, whose = environment_of(process).get(MARK, "").partition(" ")
            row = described(process.pid, name) if whose == str(root) and process.pid != os.getpid() else None
            if row is not None and row.running():
                found.append(row)
    return sorted(found, key=lambda row: row.started)


def note(connection: Connection, row: ProcessRow) -> None:
    """Write down that a process was started."""
    values = {"name": row.name, "started": row.started}
    put(connection, PROCESSES, {"host": row.host, "pid": row.pid}, values)


def every(connection: Connection, name: str | None = None) -> list[ProcessRow]:
    """Return the processes that were noted (under `name`), oldest first."""
    query = select(PROCESSES).order_by(PROCESSES.c.started)
    if name is not None:
        query = query.where(PROCESSES.c.name == name)
    return [ProcessRow(**row) for row in connection.execute(query).mappings()]


def forget(connection: Connection, row: ProcessRow) -> None:
    """Remove a process that has ended."""
    connection.execute(delete(PROCESSES).where(PROCESSES.c.host == row.host, PROCESSES.c.pid == row.pid))


def _began(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat")
    if not Path("/proc/self").exists():  # no Linux: by the clock, then
        return float(psutil.Process(pid).create_time())
    fields = stat.read_text().rpartition(")")[2].split()  # the name before may hold spaces and brackets
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")
