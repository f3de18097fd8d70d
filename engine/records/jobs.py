"""Jobs as rows: work of a second or more that somebody asked for, and how far it is."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from engine.errors import NotFoundError
from engine.records.tables import JOBS

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
LIVE = (QUEUED, RUNNING)
ENDED = (DONE, FAILED, CANCELLED)
ATTEMPTS = 3
"""Engines that may die over one job; then it is the job's fault."""
_LARGE = ("arguments", "result")


@dataclass(frozen=True)
class JobRow:
    """One job: what was asked, and what came of it.

    Args:
        id: Names the job; unique in the workspace.
        kind: What is to be done, see engine.workbench.tasks.
        subject: What it is done to: a name by which screens find it again; may be empty.
        arguments: JSON that the kind takes.
        key: Of the gesture that asked for it; no two jobs have the same.
        progress: JSON: how far it is.
        result: JSON, once it is done.
        error: `{"sentence", "hint"}`, once it failed.
        attempts: How often it was begun.
        created: When it was asked for, seconds since 1970.
        seconds: How long the last attempt took, at least 0, once it ended.
    """

    id: str
    kind: str
    subject: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    project: str = "default"
    actor: str = "local"
    status: str = QUEUED
    progress: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None
    cancel_requested: bool = False
    attempts: int = 0
    created: float = 0.0
    started: float | None = None
    ended: float | None = None
    seconds: float | None = None
    number: int = 0


@dataclass(frozen=True)
class WaitingJob:
    """What the engine asks of every job that is not over, again and again."""

    id: str
    kind: str
    status: str
    cancel_requested: bool


def add(connection: Connection, job: JobRow) -> JobRow:
    """Write a new job, numbered after the last, and return it as it stands."""
    last = connection.execute(select(func.max(JOBS.c.number))).scalar() or 0
    values = {**vars(job), "number": last + 1, "created": job.created or time.time()}
    connection.execute(insert(JOBS), values)
    return JobRow(**values)


def get(connection: Connection, job: str) -> JobRow:
    """Return a job by its id.

    Raises:
        NotFoundError: There is none.
    """
    row = connection.execute(select(JOBS).where(JOBS.c.id == job)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"There is no job {job!r}.", hint="It may have been forgotten: jobs are kept for a month.")
    return JobRow(**row)


def asked_by(connection: Connection, key: str) -> JobRow | None:
    """Return the job that the gesture `key` asked for, or None."""
    row = connection.execute(select(JOBS).where(JOBS.c.key == key)).mappings().one_or_none()
    return None if row is None else JobRow(**row)


def newest(
    connection: Connection, *, kind: str | None = None, subject: str | None = None, limit: int = 100
) -> list[JobRow]:
    """Return jobs, newest first, without their arguments and results, which may be large."""
    columns = [column for column in JOBS.c if column.name not in _LARGE]
    query = select(*columns).order_by(JOBS.c.number.desc()).limit(limit)
    if kind is not None:
        query = query.where(JOBS.c.kind == kind)
    if subject is not None:
        query = query.where(JOBS.c.subject == subject)
    return [JobRow(**row) for row in connection.execute(query).mappings()]


def live(connection: Connection) -> list[WaitingJob]:
    """Return the jobs that are not over, in the order they were asked for."""
    query = select(JOBS.c.id, JOBS.c.kind, JOBS.c.status, JOBS.c.cancel_requested).where(JOBS.c.status.in_(LIVE))
    return [WaitingJob(*row) for row in connection.execute(query.order_by(JOBS.c.number))]


def claim(connection: Connection, job: str) -> JobRow | None:
    """Begin a job that waits and return it; None where it waits no more: somebody else took or cancelled it."""
    values = {"status": RUNNING, "started": time.time(), "attempts": JOBS.c.attempts + 1}
    begun = connection.execute(update(JOBS).where(JOBS.c.id == job, JOBS.c.status == QUEUED).values(values))
    return get(connection, job) if begun.rowcount else None


def report(connection: Connection, job: str, progress: Mapping[str, Any]) -> None:
    """Write down how far a running job is."""
    where = (JOBS.c.id == job, JOBS.c.status == RUNNING)
    connection.execute(update(JOBS).where(*where).values(progress=dict(progress)))


def end(connection: Connection, job: JobRow, status: str, **values: Any) -> bool:
    """Write down how an attempt ended; False where that attempt is not the one that runs."""
    ended = time.time()
    told = {"status": status, "ended": ended, "seconds": max(0.0, ended - (job.started or ended)), **values}
    where = (JOBS.c.id == job.id, JOBS.c.status.in_(LIVE), JOBS.c.attempts == job.attempts)
    return bool(connection.execute(update(JOBS).where(*where).values(told)).rowcount)


def put_back(connection: Connection, job: JobRow) -> None:
    """Let a job wait again as if this attempt had not been: its engine was asked to end."""
    values = {"status": QUEUED, "started": None, "attempts": job.attempts - 1}
    where = (JOBS.c.id == job.id, JOBS.c.status == RUNNING, JOBS.c.attempts == job.attempts)
    connection.execute(update(JOBS).where(*where).values(values))


def orphaned(connection: Connection) -> list[JobRow]:
    """Return the jobs that are being done; to an engine that has just begun, those of one that died."""
    query = select(JOBS).where(JOBS.c.status == RUNNING).order_by(JOBS.c.number)
    return [JobRow(**row) for row in connection.execute(query).mappings()]


def let_wait_again(connection: Connection, job: JobRow) -> None:
    """Let a job of an engine that died wait again; the attempt counts."""
    connection.execute(update(JOBS).where(JOBS.c.id == job.id).values(status=QUEUED, started=None))


def request_cancel(connection: Connection, job: str) -> JobRow:
    """Ask for the end of a job and return it; one that nobody has begun ends here, one that is over stays."""
    row = get(connection, job)
    if row.status == QUEUED:
        connection.execute(update(JOBS).where(JOBS.c.id == job).values(cancel_requested=True))
        end(connection, row, CANCELLED)
    elif row.status == RUNNING:
        connection.execute(update(JOBS).where(JOBS.c.id == job).values(cancel_requested=True))
    return get(connection, job)


def forget(connection: Connection, before: float) -> int:
    """Remove jobs that ended before a moment, in seconds since 1970; return how many."""
    return int(connection.execute(delete(JOBS).where(JOBS.c.ended < before)).rowcount)


def arguments_of_live(connection: Connection) -> list[Mapping[str, Any]]:
    """Return what the jobs that are not over were asked with."""
    return list(connection.execute(select(JOBS.c.arguments).where(JOBS.c.status.in_(LIVE))).scalars())
