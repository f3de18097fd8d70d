"""Jobs as a page or a script sees them: asked for, looked at, cancelled; the engine does them."""

import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from engine.config import Settings, Workspace
from engine.data.values import page
from engine.errors import RunError
from engine.records import jobs
from engine.records.database import Records
from engine.records.jobs import JobRow
from engine.records.once import once
from engine.workbench.answers import folder_of, rows_of
from engine.workbench.tasks import task_of
from operators.contract.tables import lazy

LONGEST = 200
"""Characters of a subject that are kept."""
_POLL = 0.05  # seconds between two looks at a job that is waited for


class JobDesk:
    """Asks for jobs and looks them up; they go on whether or not anybody watches.

    Args:
        workspace: Whose jobs.
        records: Its records.
        drive: Sees to it that an engine does what was asked for.
        settings: Project and actor of what is asked for.
        undo: Called with a job that was cancelled here, to undo what it may have left.
    """

    def __init__(
        self,
        workspace: Workspace,
        records: Records,
        drive: Callable[[], None],
        settings: Settings,
        undo: Callable[[JobRow], None],
    ) -> None:
        self._undo = undo
        self._workspace = workspace
        self._records = records
        self._drive = drive
        self._settings = settings

    def begin(self, kind: str, arguments: Mapping[str, Any], *, subject: str = "", key: str | None = None) -> str:
        """Ask for a job and return its id at once.

        Args:
            kind: One of `engine.workbench.tasks.TASKS`.
            arguments: JSON that the kind takes.
            subject: What it is done to; screens find a job again by kind and subject.
            key: Of the gesture that asks; the same key gives the same job.

        Raises:
            NotFoundError: There is no such kind.
            ReadOnlyError: Nothing may be changed.
        """
        task_of(kind)
        row = JobRow(
            id=f"j{secrets.token_hex(5)}",
            kind=kind,
            subject=subject[:LONGEST],
            arguments=dict(arguments),
            key=key,
            project=self._settings.project,
            actor=self._settings.actor,
        )
        asked = once(
            self._records,
            lambda connection: jobs.asked_by(connection, key) if key else None,
            lambda connection: jobs.add(connection, row),
        )
        self._drive()
        return asked.id

    def show(self, job: str) -> dict[str, Any]:
        """Return a job: `{"id", "kind", "subject", "status", "progress", "result", "error", "created", "seconds"}`.

        `status` is `queued`, `running`, `done`, `failed` or `cancelled`; `error` is `{"sentence", "hint"}`.

        Raises:
            NotFoundError: There is no such job.
        """
        with self._records.read() as connection:
            row = jobs.get(connection, job)
        return {**_listed(row), "arguments": row.arguments, "result": row.result}

    def list(self, kind: str | None = None, subject: str | None = None, limit: int = 100) -> list[dict[str, Any]]:
        """Return jobs as `show` does, newest first, without `arguments` and `result`, which may be large."""
        cut = None if subject is None else subject[:LONGEST]
        with self._records.read() as connection:
            return [_listed(row) for row in jobs.newest(connection, kind=kind, subject=cut, limit=limit)]

    def cancel(self, job: str) -> dict[str, Any]:
        """Ask a job to stop: `{"id", "status"}`; one that is over stays as it is.

        Raises:
            NotFoundError: There is no such job.
        """
        with self._records.write() as connection:
            waited = jobs.get(connection, job).status == jobs.QUEUED
            row = jobs.request_cancel(connection, job)
        if waited:  # an engine that was asked to end may have begun it
            self._undo(row)
        if row.status == jobs.RUNNING:  # its engine may have died: the next one sees what was asked
            self._drive()
        return {"id": row.id, "status": row.status}

    def wait(self, job: str, timeout: float = 300.0) -> dict[str, Any]:
        """Return a job once it is over.

        Raises:
            NotFoundError: There is no such job.
            RunError: The time in seconds is over; the job goes on.
        """
        deadline = time.monotonic() + timeout
        while (found := self.show(job))["status"] in jobs.LIVE:
            if time.monotonic() > deadline:
                raise RunError(f"Job {job} has not ended after {timeout:g} s.", hint="It goes on; wait again.")
            self._drive()
            time.sleep(_POLL)
        return found

    def table(self, job: str) -> pl.LazyFrame:
        """Return the rows that a job found, such as those of a query, lazily.

        Raises:
            StoreError: It found none, or they were removed: they are kept for a day.
        """
        return rows_of(self._workspace, job)

    def rows(self, job: str, *, offset: int = 0, limit: int = 100) -> dict[str, Any]:
        """Return some of the rows that a job found: `{"columns", "rows", "total_rows"}`.

        Raises:
            StoreError: It found none, or they were removed: they are kept for a day.
        """
        table = self.table(job)
        total = int(table.select(pl.len()).collect().item())
        return page(lazy(table.slice(offset, limit)), rows=limit, total=total)

    def folder(self, job: str) -> Path:
        """Return where the files of a job are; the folder may not exist."""
        return folder_of(self._workspace, job)


def _listed(row: JobRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "subject": row.subject,
        "status": row.status,
        "progress": dict(row.progress),
        "result": None,
        "error": row.error,
        "created": row.created,
        "ended": row.ended,
        "seconds": row.seconds if row.status in jobs.ENDED else max(0.0, time.time() - row.created),
        "cancelling": row.cancel_requested and row.status in jobs.LIVE,
        "actor": row.actor,
        "project": row.project,
    }
