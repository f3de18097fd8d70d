"""Environments as rows: a policy and a quota each."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.records.tables import ENVIRONMENT_CHANGES, ENVIRONMENTS
from engine.records.upsert import put


@dataclass(frozen=True)
class EnvironmentRow:
    """One environment; `quota` is `{"gpu", "cpu", "memory"}` in ten-thousandths and bytes.

    Args:
        scheduling: Name of a policy of `resources.scheduling`.
        level: How firmly shares are held; empty: capped.
        projects: The most that a project may hold at once, by its name, as `quota`.
        pool: Labels that its devices must have; empty: any GPU.
    """

    name: str
    policy: str
    quota: Mapping[str, Any]
    project: str = "default"
    actor: str = "local"
    created: float = 0.0
    scheduling: str = "best_fit"
    level: str = ""
    projects: Mapping[str, Any] = field(default_factory=dict)
    pool: Mapping[str, str] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Return what a user can change of it, as JSON."""
        told = {name: getattr(self, name) for name in ("policy", "scheduling", "level")}
        return {**told, "quota": dict(self.quota), "projects": dict(self.projects), "pool": dict(self.pool)}


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


@dataclass(frozen=True)
class ChangeRow:
    """One change of an environment; `before` and `after` as `told` writes them, None where there was or is none."""

    name: str
    at: float
    actor: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def note_change(connection: Connection, change: ChangeRow) -> None:
    """Write that somebody has changed an environment."""
    connection.execute(insert(ENVIRONMENT_CHANGES), vars(change))


def changes(connection: Connection, name: str = "") -> list[ChangeRow]:
    """Return the changes of all environments, or of one, newest first."""
    columns = [column for column in ENVIRONMENT_CHANGES.c if column.name != "number"]
    query = select(*columns).order_by(ENVIRONMENT_CHANGES.c.number.desc())
    if name:
        query = query.where(ENVIRONMENT_CHANGES.c.name == name)
    return [ChangeRow(**row) for row in connection.execute(query).mappings()]
