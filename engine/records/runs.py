"""Runs as rows: what was asked, and how far it is."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from engine.errors import NotFoundError
from engine.records import upsert
from engine.records.deletions import kept
from engine.records.tables import ATTEMPTS, CHECKPOINTS, DECISIONS, EVENTS, LOGS, PROGRESS, RUNS

QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED = "queued", "running", "succeeded", "failed", "cancelled"
LIVE = (QUEUED, RUNNING)
ENDED = (SUCCEEDED, FAILED, CANCELLED)
_KEPT = kept("run", RUNS.c.id)


@dataclass(frozen=True)
class RunRow:
    """One run: the request with all it needs to be done again, and its status.

    Args:
        id: Names the run; unique in the workspace.
        pipeline: Name of the pipeline.
        document: The pipeline as it was asked to run.
        sources: Content hash of each source by `kind:ref`, as it was when asked.
        options: `max_attempts`, `timeout_s` and whatever else was asked for; `folder` of its pipeline file.
        error: `{"sentence", "hint", "node"}` once it failed.
        created: When it was asked for, seconds since 1970.
        seconds: How long it took, at least 0, once it ended.
        key: Of the gesture that asked for it; no two runs have the same.
    """

    id: str
    pipeline: str
    document: Mapping[str, Any]
    environment: str = "train"
    engine: str = "polars"
    seed: int = 0
    sources: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    project: str = "default"
    actor: str = "local"
    status: str = QUEUED
    error: Mapping[str, Any] | None = None
    cancel_requested: bool = False
    created: float = 0.0
    started: float | None = None
    ended: float | None = None
    seconds: float | None = None
    number: int = 0
    key: str | None = None


def add(connection: Connection, run: RunRow) -> RunRow:
    """Write a new run, numbered after the last, and return it as it stands."""
    last = connection.execute(select(func.max(RUNS.c.number))).scalar() or 0
    values = {**vars(run), "number": last + 1, "created": run.created or time.time()}
    connection.execute(insert(RUNS), values)
    return RunRow(**values)


def get(connection: Connection, run: str) -> RunRow:
    """Return a run by its id.

    Raises:
        NotFoundError: There is none.
    """
    row = connection.execute(select(RUNS).where(RUNS.c.id == run, _KEPT)).mappings().one_or_none()
    if row is None:
        newest = connection.execute(select(RUNS.c.id).where(_KEPT).order_by(RUNS.c.number.desc()).limit(1000)).scalars()
        raise NotFoundError.among("run", run, newest)
    return RunRow(**row)


def several(connection: Connection, wanted: Collection[str]) -> dict[str, RunRow]:
    """Return the runs of these ids that there are, by id."""
    query = select(RUNS).where(RUNS.c.id.in_(sorted(wanted)))
    return {row["id"]: RunRow(**row) for row in connection.execute(query).mappings()}


def asked_by(connection: Connection, key: str) -> RunRow | None:
    """Return the run that the gesture `key` asked for, or None."""
    row = connection.execute(select(RUNS).where(RUNS.c.key == key)).mappings().one_or_none()
    return None if row is None else RunRow(**row)


def newest(
    connection: Connection,
    *,
    project: str | None = None,
    pipeline: str | None = None,
    statuses: Sequence[str] = (),
    before: int | None = None,
    limit: int = 1000,
    brief: bool = False,
) -> list[RunRow]:
    """Return runs, newest first.

    Args:
        connection: Where to look.
        project: Only this project's, if given.
        pipeline: Only of this pipeline, if given.
        statuses: Only with one of these, if any are given.
        before: Only those numbered below, if given.
        limit: At most so many.
        brief: Leave out the large parts: `document` and `sources` are empty then.
    """
    columns = [column for column in RUNS.c if not brief or column.name not in {"document", "sources"}]
    query = select(*columns).where(_KEPT).order_by(RUNS.c.number.desc()).limit(limit)
    for column, wanted in ((RUNS.c.project, project), (RUNS.c.pipeline, pipeline)):
        if wanted is not None:
            query = query.where(column == wanted)
    if statuses:
        query = query.where(RUNS.c.status.in_(statuses))
    if before is not None:
        query = query.where(RUNS.c.number < before)
    missing: dict[str, Any] = {"document": {}} if brief else {}
    return [RunRow(**missing, **row) for row in connection.execute(query).mappings()]


def pipelines(connection: Connection) -> list[str]:
    """Return the names of all pipelines that were ever asked to run, in order."""
    return list(connection.execute(select(RUNS.c.pipeline).where(_KEPT).distinct().order_by(RUNS.c.pipeline)).scalars())


@dataclass(frozen=True)
class LiveRow:
    """What the driver asks of every run that is not over, again and again."""

    id: str
    status: str
    cancel_requested: bool
    not_before: float = 0.0


def live(connection: Connection) -> list[LiveRow]:
    """Return the runs that are not over, in the order they were asked for."""
    query = select(RUNS.c.id, RUNS.c.status, RUNS.c.cancel_requested, RUNS.c.options)
    rows = connection.execute(query.where(RUNS.c.status.in_(LIVE)).order_by(RUNS.c.number))
    return [LiveRow(row[0], row[1], row[2], float(row[3].get("not_before") or 0.0)) for row in rows]


def change(connection: Connection, run: str, **values: Any) -> None:
    """Set columns of a run."""
    upsert.change(connection, RUNS, {"id": run}, values)


def cancel_requested(connection: Connection, run: str) -> bool:
    """Return whether somebody asked to stop a run; False for a run that is not there."""
    return bool(connection.execute(select(RUNS.c.cancel_requested).where(RUNS.c.id == run)).scalar())


def document_of(connection: Connection, run: str) -> Mapping[str, Any]:
    """Return the pipeline of a run whether or not it was deleted; empty where there never was one."""
    found = connection.execute(select(RUNS.c.document).where(RUNS.c.id == run)).scalar_one_or_none()
    return found or {}


def empty(connection: Connection, run: str, document: Mapping[str, Any]) -> None:
    """Leave of a run that was deleted its number, its attempts, and this much of its pipeline."""
    for table in (EVENTS, LOGS, PROGRESS, CHECKPOINTS, DECISIONS):
        connection.execute(delete(table).where(table.c.run == run))
    connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.run == run).values(error=None))
    left = {"document": dict(document), "sources": {}, "options": {}, "error": None, "key": None}
    connection.execute(update(RUNS).where(RUNS.c.id == run).values(left))
