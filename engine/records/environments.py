"""Environments as rows: a policy and a quota each."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from engine.records.tables import ENVIRONMENTS
from engine.records.upsert import put


@dataclass(frozen=True)
class EnvironmentRow:
    """One environment; `quota` is `{"gpu", "cpu", "memory"}` in ten-thousandths and bytes."""

    name: str
    policy: str
    quota: Mapping[str, Any]
    project: str = "default"
    actor: str = "local"
    created: float = 0.0


def put_environment(connection: Connection, row: EnvironmentRow) -> None:
    """Write an environment, or change the one of this name."""
    values = {**vars(row), "created": row.created or time.time()}
    put(connection, ENVIRONMENTS, {"name": values.pop("name")}, values)


def find(connection: Connection, name: str) -> EnvironmentRow | None:
    """Return an environment by name, or None."""
    query = select(ENVIRONMENTS).where(ENVIRONMENTS.c.name == name)
    row = connection.execute(query).mappings().one_or_none()
    return EnvironmentRow(**row) if row is not None else None


def every(connection: Connection) -> list[EnvironmentRow]:
    """Return all environments in the order they were made."""
    query = select(ENVIRONMENTS).order_by(ENVIRONMENTS.c.created, ENVIRONMENTS.c.name)
    return [EnvironmentRow(**row) for row in connection.execute(query).mappings()]
