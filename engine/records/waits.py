"""Why attempts wait for their share, and what the scheduler decided: told by the engine, read by everybody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from engine.records.tables import DECISIONS, WAITS

KEPT = 2000
"""Decisions that are kept, the newest."""
GIVING = ("start", "resize")
"""Decisions that give a share."""
_COLUMNS = [column for column in DECISIONS.c if column.name != "number"]


@dataclass(frozen=True)
class WaitRow:
    """Why an attempt waits: `reason` is `{"code", "values", "sentence"}`."""

    token: str
    environment: str
    reason: Mapping[str, Any]
    told: float


@dataclass(frozen=True)
class DecisionRow:
    """One decision of the scheduler on a stage, or of the watchdog on a service.

    Args:
        at: Seconds since 1970.
        node: The stage, or the service.
        what: `start`, `resize` or `pause`; `stop` of a service.
        why: `peak`, `squeezed`, `searched`, `gang`, `alone`; `shrunk`, `grown`; of a pause `room`; of a stop
            `over_share`.
        whom: The stage for which it makes room; of a stop what was found, in a sentence.
        waited: Seconds before it.
        share: Ten-thousandths of each device that it has from then on.
        alternatives: What else could have been, see `resources.scheduling.decisions`.
    """

    at: float
    run: str
    node: str
    environment: str
    what: str
    devices: tuple[str, ...]
    policy: str
    why: str
    whom: str
    waited: float
    share: int = 0
    alternatives: Iterable[Mapping[str, Any]] = ()


def tell(connection: Connection, waits: Iterable[WaitRow]) -> None:
    """Write who waits now; nobody else does."""
    connection.execute(delete(WAITS))
    rows = [vars(one) for one in waits]
    if rows:
        connection.execute(insert(WAITS), rows)


def every(connection: Connection) -> dict[str, WaitRow]:
    """Return who waits, by token."""
    return {row["token"]: WaitRow(**row) for row in connection.execute(select(WAITS)).mappings()}


def decided(connection: Connection, decisions: Iterable[DecisionRow]) -> None:
    """Write decisions, and forget those that are too old to be kept."""
    rows = [
        {**vars(one), "devices": list(one.devices), "alternatives": [dict(other) for other in one.alternatives]}
        for one in decisions
    ]
    if not rows:
        return
    connection.execute(insert(DECISIONS), rows)
    last = connection.execute(select(func.max(DECISIONS.c.number))).scalar() or 0
    connection.execute(delete(DECISIONS).where(DECISIONS.c.number <= last - KEPT))


def decisions(connection: Connection, limit: int = 50) -> list[DecisionRow]:
    """Return the newest decisions, newest first."""
    query = select(*_COLUMNS).order_by(DECISIONS.c.number.desc()).limit(limit)
    return [_row(row) for row in connection.execute(query).mappings()]


def shares(connection: Connection, runs: Iterable[str]) -> dict[tuple[str, str], DecisionRow]:
    """Return the newest decision that gave a share to each stage of some runs, by run and stage."""
    query = select(*_COLUMNS).where(DECISIONS.c.run.in_(sorted(set(runs))), DECISIONS.c.what.in_(GIVING))
    rows = connection.execute(query.order_by(DECISIONS.c.number)).mappings()
    return {(row["run"], row["node"]): _row(row) for row in rows}


def _row(row: Any) -> DecisionRow:
    return DecisionRow(**{**row, "devices": tuple(row["devices"]), "alternatives": tuple(row["alternatives"])})


def counts(connection: Connection) -> dict[tuple[str, str, str], int]:
    """Return how many of the decisions that are kept were made, by policy, what and why."""
    kinds = (DECISIONS.c.policy, DECISIONS.c.what, DECISIONS.c.why)
    rows = connection.execute(select(*kinds, func.count()).group_by(*kinds))
    return {(policy, what, why): count for policy, what, why, count in rows}
