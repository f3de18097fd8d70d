"""Services as rows: what is wanted, and what is."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, select

from engine.records import deletions, upsert
from engine.records.tables import SERVICES
from engine.records.upsert import put

_KEPT = deletions.kept("service", SERVICES.c.name)
ON_THEIR_WAY = ("waiting", "starting", "stopping")
AT_REST = ("healthy", "unhealthy", "failed", "stopped")
HOLDING = ("starting", "healthy", "unhealthy")
"""States of a service in which it has its share."""


@dataclass(frozen=True)
class ServiceRow:
    """One service.

    Args:
        share: What one replica takes: `{"gpu", "cpu", "memory"}` in ten-thousandths and bytes.
        wanted: `running` or `stopped`: what its user asked for.
        status: What the engine last saw: `waiting`, `starting`, `healthy`, `unhealthy`, `failed`, `stopping`,
            `stopped`.
        message: One sentence about the status.
        devices: Names of those it runs on.
        port: Where its gateway listens on loopback, once it does.
        updated: When it was last changed; whoever changes it looks whether that is what they have read.
        seen: When an engine last looked at it, see `engine.records.standing`; None where none has.
    """

    name: str
    model: str
    version: str
    environment: str
    share: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    wanted: str = "running"
    status: str = "waiting"
    message: str = ""
    port: int | None = None
    url: str = ""
    project: str = "default"
    actor: str = "local"
    created: float = 0.0
    updated: float = 0.0
    devices: Sequence[str] = ()
    seen: float | None = None


def put_service(connection: Connection, row: ServiceRow) -> ServiceRow:
    """Write a service, or take the place of the one of this name; return it as it stands."""
    now = time.time()
    values = {**vars(row), "created": row.created or now, "updated": now, "devices": list(row.devices)}
    name = values.pop("name")
    deletions.make_way(connection, "service", name)
    put(connection, SERVICES, {"name": name}, values)
    return ServiceRow(name=name, **values)


def find(connection: Connection, name: str) -> ServiceRow | None:
    """Return a service by name, or None."""
    row = connection.execute(select(SERVICES).where(SERVICES.c.name == name, _KEPT)).mappings().one_or_none()
    return ServiceRow(**row) if row is not None else None


def every(connection: Connection) -> list[ServiceRow]:
    """Return all services by name."""
    query = select(SERVICES).where(_KEPT).order_by(SERVICES.c.name)
    return [ServiceRow(**row) for row in connection.execute(query).mappings()]


def change(connection: Connection, name: str, **values: Any) -> None:
    """Set columns of a service."""
    upsert.change(connection, SERVICES, {"name": name}, {**values, "updated": time.time()})


def looked_at(connection: Connection, name: str) -> None:
    """Write down that an engine has looked at a service, and found it as it is written; that is no change."""
    upsert.change(connection, SERVICES, {"name": name}, {"seen": time.time()})


def remove(connection: Connection, name: str) -> None:
    """Forget a service."""
    connection.execute(delete(SERVICES).where(SERVICES.c.name == name))
