"""What of each environment was taken at what time: the history of the Resources screen."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from engine.records.tables import USAGE


@dataclass(frozen=True)
class UsageRow:
    """What was taken of an environment at a moment.

    Args:
        at: Seconds since 1970.
        cpu: In ten-thousandths, with what services have.
        gpu: In ten-thousandths.
        memory: In bytes.
        running: Stages that had a share.
        waiting: Stages that had none yet.
    """

    at: float
    environment: str
    cpu: int
    gpu: int
    memory: int
    running: int
    waiting: int


def note(connection: Connection, rows: Iterable[UsageRow]) -> None:
    """Write what is taken now."""
    values = [vars(row) for row in rows]
    if values:
        connection.execute(insert(USAGE), values)


def since(connection: Connection, at: float) -> list[UsageRow]:
    """Return what was taken from a time on, the oldest first."""
    columns = [column for column in USAGE.c if column.name != "number"]
    query = select(*columns).where(USAGE.c.at >= at).order_by(USAGE.c.number)
    return [UsageRow(**row) for row in connection.execute(query).mappings()]


def forget(connection: Connection, before: float) -> None:
    """Let go of what is older."""
    connection.execute(delete(USAGE).where(USAGE.c.at < before))
