"""Leases: who holds the engine of this workspace, for people and for `tandem doctor`.

The lease row tells who; a lock on a file, which the kernel frees when a process dies, decides.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, select

from engine.records import upsert
from engine.records.tables import LEASES
from engine.records.upsert import put


@dataclass(frozen=True)
class Lease:
    """Who holds a name: process, machine, since when (seconds since 1970), and when it last said so."""

    name: str
    pid: int
    host: str
    started: float
    heartbeat: float
    detail: Mapping[str, Any] = field(default_factory=dict)


def take(connection: Connection, lease: Lease) -> None:
    """Write the lease, whoever had it before."""
    values = dict(vars(lease))
    put(connection, LEASES, {"name": values.pop("name")}, values)


def beat(connection: Connection, name: str, pid: int, detail: Mapping[str, Any] | None = None) -> bool:
    """Say that `pid` still holds the lease; False where another one has taken it."""
    values: dict[str, Any] = {"heartbeat": time.time()}
    if detail is not None:
        values["detail"] = dict(detail)
    return bool(upsert.change(connection, LEASES, {"name": name, "pid": pid}, values))


def find(connection: Connection, name: str) -> Lease | None:
    """Return the lease of this name, or None."""
    row = connection.execute(select(LEASES).where(LEASES.c.name == name)).mappings().one_or_none()
    return Lease(**row) if row is not None else None


def release(connection: Connection, name: str, pid: int) -> None:
    """Give the lease back if `pid` holds it."""
    connection.execute(delete(LEASES).where(LEASES.c.name == name, LEASES.c.pid == pid))
