"""The ledger: what happened in a run, in order, never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.records.tables import EVENTS


@dataclass(frozen=True)
class EventRow:
    """One thing that happened: to a run, or to one of its nodes.

    Args:
        run: Whose.
        seq: 0, 1, ...: its place in the run's ledger.
        at: When, seconds since 1970, by the clock of the engine.
        kind: What happened; `engine.runs.events` has the list.
        payload: All else that is known of it.
    """

    run: str
    seq: int
    at: float
    kind: str
    node: str | None = None
    attempt: int | None = None
    token: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


def append(connection: Connection, rows: Sequence[EventRow]) -> None:
    """Add to the ledger; a place that is taken is refused by the database."""
    if rows:
        connection.execute(insert(EVENTS), [vars(row) for row in rows])


def of(connection: Connection, run: str, *, after: int = -1) -> list[EventRow]:
    """Return the events of a run in order, those with `seq > after`."""
    query = select(EVENTS).where(EVENTS.c.run == run, EVENTS.c.seq > after).order_by(EVENTS.c.seq)
    return [EventRow(**row) for row in connection.execute(query).mappings()]
