"""Attempts at a stage: at most one row for each (run, node, attempt)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from engine.records import upsert
from engine.records.tables import ATTEMPTS


@dataclass(frozen=True)
class AttemptRow:
    """One attempt.

    Args:
        token: Names the attempt to its worker; an answer with another token is not believed.
        status: `running`, `succeeded`, `failed`, `lost` or `stopped`.
        digest: Fingerprint of the stage.
        seconds: How long it took by the worker's own clock, at least 0.
        memory: Bytes it took at its most; None where nobody knows.
    """

    run: str
    node: str
    attempt: int
    token: str
    status: str
    started: float
    digest: str | None = None
    ended: float | None = None
    seconds: float | None = None
    error: Mapping[str, Any] | None = None
    memory: int | None = None


def add(connection: Connection, attempt: AttemptRow) -> None:
    """Write a new attempt; a second one of the same number is refused by the database."""
    connection.execute(insert(ATTEMPTS), vars(attempt))


def change(connection: Connection, token: str, **values: Any) -> None:
    """Set columns of the attempt with this token."""
    upsert.change(connection, ATTEMPTS, {"token": token}, values)


def find(connection: Connection, token: str) -> AttemptRow | None:
    """Return the attempt with this token, or None."""
    row = connection.execute(select(ATTEMPTS).where(ATTEMPTS.c.token == token)).mappings().one_or_none()
    return AttemptRow(**row) if row is not None else None


def of(connection: Connection, run: str, node: str | None = None) -> list[AttemptRow]:
    """Return the attempts of a run, or of one of its nodes, in the order they began."""
    query = select(ATTEMPTS).where(ATTEMPTS.c.run == run).order_by(ATTEMPTS.c.node, ATTEMPTS.c.attempt)
    if node is not None:
        query = query.where(ATTEMPTS.c.node == node)
    return [AttemptRow(**row) for row in connection.execute(query).mappings()]


def succeeded(connection: Connection, limit: int) -> list[AttemptRow]:
    """Return the newest attempts that succeeded, newest first."""
    query = select(ATTEMPTS).where(ATTEMPTS.c.status == "succeeded").order_by(ATTEMPTS.c.started.desc()).limit(limit)
    return [AttemptRow(**row) for row in connection.execute(query).mappings()]


def ends(connection: Connection, stages: Collection[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """Return when the newest attempt at each of these stages, each a run and a node, ended; those that have."""
    query = select(ATTEMPTS.c.run, ATTEMPTS.c.node, func.max(ATTEMPTS.c.ended).label("ended"))
    query = query.where(ATTEMPTS.c.run.in_(sorted({run for run, _ in stages}))).group_by(
        ATTEMPTS.c.run, ATTEMPTS.c.node
    )
    found = {(row.run, row.node): row.ended for row in connection.execute(query)}
    return {stage: found[stage] for stage in stages if found.get(stage) is not None}


def ended(connection: Connection, since: float) -> list[AttemptRow]:
    """Return the attempts that ended from a time on, the oldest first."""
    query = select(ATTEMPTS).where(ATTEMPTS.c.ended >= since).order_by(ATTEMPTS.c.ended)
    return [AttemptRow(**row) for row in connection.execute(query).mappings()]
