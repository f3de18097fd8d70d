"""The ledger: what happened in a run, in order, never changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, func, insert, select

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


def append_last(connection: Connection, row: EventRow) -> None:
    """Add an event at the next place of its run, whatever its `seq` says."""
    last = connection.execute(select(func.max(EVENTS.c.seq)).where(EVENTS.c.run == row.run)).scalar()
    append(connection, [replace(row, seq=0 if last is None else last + 1)])


def of(connection: Connection, run: str, *, after: int = -1, kinds: Sequence[str] = ()) -> list[EventRow]:
    """Return the events of a run in order, those with `seq > after` and, if given, of these kinds."""
    query = select(EVENTS).where(EVENTS.c.run == run, EVENTS.c.seq > after).order_by(EVENTS.c.seq)
    if kinds:
        query = query.where(EVENTS.c.kind.in_(kinds))
    return [EventRow(**row) for row in connection.execute(query).mappings()]


def of_several(connection: Connection, runs: Collection[str], kinds: Sequence[str]) -> list[EventRow]:
    """Return the events of these kinds of several runs, of each in order."""
    query = select(EVENTS).where(EVENTS.c.run.in_(sorted(runs)), EVENTS.c.kind.in_(kinds))
    return [EventRow(**row) for row in connection.execute(query.order_by(EVENTS.c.run, EVENTS.c.seq)).mappings()]
