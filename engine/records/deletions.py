"""What users have deleted, of every kind: a row here hides the thing itself, and outlives it.

Where things are numbered, the row and that of the thing stay for good, so no number is given twice.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, String, cast, delete, exists, insert, select, update

from engine.records.tables import DELETIONS

UNDO_S: Final = 30.0
"""Seconds for which at least a deletion can be taken back."""


@dataclass(frozen=True)
class DeletionRow:
    """One thing that was deleted.

    Args:
        id: Of the gesture; several things may have gone with it.
        kind: `dataset`, `run`, `model`, `service`, `report`, `pipeline` or `captures`.
        subject: Name of the thing, or of what it belongs to.
        part: Which version or number of it; empty for the whole.
        place: 0, 1, ...: what was asked for comes first.
        claimed: When its files began to be removed; None while it can be taken back.
        freed: When they were gone; None before.
        bytes: What its files take, or took.
        created: When it was deleted, seconds since 1970.
    """

    id: str
    kind: str
    subject: str
    part: str = ""
    place: int = 0
    project: str = "default"
    actor: str = "local"
    created: float = 0.0
    claimed: float | None = None
    freed: float | None = None
    bytes: int = 0


def kept(kind: str, subject: ColumnElement[Any], part: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Return the condition that a thing, named by the columns of its row, was not deleted."""
    where = [DELETIONS.c.kind == kind, DELETIONS.c.subject == subject]
    if part is not None:
        where.append(DELETIONS.c.part == cast(part, String))
    return ~exists().where(*where)


def hidden(connection: Connection, kind: str) -> set[tuple[str, str]]:
    """Return the subject and part of everything of a kind that was deleted."""
    query = select(DELETIONS.c.subject, DELETIONS.c.part).where(DELETIONS.c.kind == kind)
    return {(row.subject, row.part) for row in connection.execute(query)}


def add(connection: Connection, rows: Collection[DeletionRow]) -> None:
    """Write down what was deleted with one gesture."""
    connection.execute(insert(DELETIONS), [vars(row) for row in rows])


def of(connection: Connection, gesture: str) -> list[DeletionRow]:
    """Return what was deleted with a gesture, in order; nothing where it was taken back, or never was."""
    query = select(DELETIONS).where(DELETIONS.c.id == gesture).order_by(DELETIONS.c.place, DELETIONS.c.part)
    return [DeletionRow(**row) for row in connection.execute(query).mappings()]


def unfinished(connection: Connection) -> list[DeletionRow]:
    """Return what was deleted and has files still, the oldest first."""
    query = select(DELETIONS).where(DELETIONS.c.freed.is_(None)).order_by(DELETIONS.c.created, DELETIONS.c.place)
    return [DeletionRow(**row) for row in connection.execute(query).mappings()]


def claim(connection: Connection, row: DeletionRow) -> bool:
    """Write down that the files of a thing are about to be removed; False where it was taken back meanwhile."""
    values = {"claimed": row.claimed or time.time()}
    return bool(connection.execute(update(DELETIONS).where(*_at(row)).values(values)).rowcount)


def finish(connection: Connection, row: DeletionRow, freed: int) -> None:
    """Write down that the files of a thing are gone, and how many bytes they took."""
    connection.execute(update(DELETIONS).where(*_at(row)).values(freed=time.time(), bytes=freed))


def forget(connection: Connection, row: DeletionRow) -> None:
    """Remove the note of a thing: it was taken back, or its name may be given again."""
    connection.execute(delete(DELETIONS).where(*_at(row)))


def make_way(connection: Connection, kind: str, subject: str) -> None:
    """Forget that something of this name was deleted: another one has taken its name."""
    connection.execute(delete(DELETIONS).where(DELETIONS.c.kind == kind, DELETIONS.c.subject == subject))


def _at(row: DeletionRow) -> list[ColumnElement[bool]]:
    names = ("id", "kind", "subject", "part")
    return [DELETIONS.c[name] == getattr(row, name) for name in names]
