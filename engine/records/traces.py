"""What work leaves behind while it runs: log lines, progress, checkpoints."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.records.tables import CHECKPOINTS, LOGS, PROGRESS
from engine.records.upsert import put


@dataclass(frozen=True)
class LogLine:
    """One line that a node wrote; `level` is `debug`, `info`, `warning` or `error`."""

    run: str
    node: str
    at: float
    level: str
    text: str
    id: int = 0


@dataclass(frozen=True)
class Progress:
    """How far a node is: `step` counts up from 0, `metrics` are numbers by name."""

    run: str
    node: str
    step: int
    metrics: Mapping[str, float]
    at: float
    id: int = 0


def log(connection: Connection, lines: Sequence[LogLine]) -> None:
    """Add lines to the log."""
    if lines:
        connection.execute(insert(LOGS), [_without_id(line) for line in lines])


def logs(
    connection: Connection,
    run: str,
    *,
    node: str | None = None,
    after: int = 0,
    levels: Sequence[str] = (),
    last: int | None = None,
) -> list[LogLine]:
    """Return the lines of a run (or of one node) with `id > after`, oldest first.

    Args:
        connection: Where to look.
        run: Whose lines.
        node: Only this node's, if given.
        after: Only lines written after this one.
        levels: Only lines of these levels, if any are given.
        last: Only so many, the newest, if given.
    """
    query = select(LOGS).where(LOGS.c.run == run, LOGS.c.id > after)
    if node is not None:
        query = query.where(LOGS.c.node == node)
    if levels:
        query = query.where(LOGS.c.level.in_(levels))
    query = query.order_by(LOGS.c.id) if last is None else query.order_by(LOGS.c.id.desc()).limit(last)
    lines = [LogLine(**row) for row in connection.execute(query).mappings()]
    return lines if last is None else lines[::-1]


def report(connection: Connection, run: str, node: str, step: int, metrics: Mapping[str, float]) -> None:
    """Record progress of a node."""
    values = {"run": run, "node": node, "step": step, "metrics": dict(metrics), "at": time.time()}
    connection.execute(insert(PROGRESS), values)


def progress(connection: Connection, run: str, *, node: str | None = None, after: int = 0) -> list[Progress]:
    """Return the progress of a run (or of one node) with `id > after`, oldest first."""
    query = select(PROGRESS).where(PROGRESS.c.run == run, PROGRESS.c.id > after).order_by(PROGRESS.c.id)
    if node is not None:
        query = query.where(PROGRESS.c.node == node)
    return [Progress(**row) for row in connection.execute(query).mappings()]


def keep_checkpoint(connection: Connection, run: str, node: str, state: Mapping[str, Any]) -> None:
    """Keep the state that a node goes on from, instead of the one before."""
    put(connection, CHECKPOINTS, {"run": run, "node": node}, {"state": dict(state), "at": time.time()})


def checkpoint(connection: Connection, run: str, node: str) -> Mapping[str, Any] | None:
    """Return what an earlier attempt kept, or None."""
    query = select(CHECKPOINTS.c.state).where(CHECKPOINTS.c.run == run, CHECKPOINTS.c.node == node)
    state: Mapping[str, Any] | None = connection.execute(query).scalar_one_or_none()
    return state


def _without_id(line: LogLine) -> dict[str, Any]:
    return {name: value for name, value in vars(line).items() if name != "id"}
