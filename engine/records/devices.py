"""Devices that must not be used: taken out of service by somebody, or failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select

from engine.records.tables import DEVICES
from engine.records.upsert import put

DRAINED, FAILED = "drained", "failed"


@dataclass(frozen=True)
class DownRow:
    """One reason for which a device is not used.

    Args:
        name: Of the device, `gpu0`.
        kind: `drained` by somebody, or `failed`.
        why: `{"code", "values", "sentence"}`.
        actor: Who has taken it out; `tandem` where it failed.
        since: Seconds since 1970.
    """

    name: str
    kind: str
    why: Mapping[str, Any]
    actor: str
    since: float


def every(connection: Connection) -> list[DownRow]:
    """Return all reasons, by device."""
    query = select(DEVICES).order_by(DEVICES.c.name, DEVICES.c.kind)
    return [DownRow(**row) for row in connection.execute(query).mappings()]


def take_out(connection: Connection, row: DownRow) -> None:
    """Write that a device must not be used."""
    put(connection, DEVICES, {"name": row.name, "kind": row.kind}, vars(row))


def put_back(connection: Connection, name: str, kind: str) -> bool:
    """Let a reason be gone; return whether there was one."""
    gone = connection.execute(delete(DEVICES).where(DEVICES.c.name == name, DEVICES.c.kind == kind))
    return gone.rowcount > 0
