"""Drift reports as rows, in the order they were made."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, String, cast, func, insert, select, update

from engine.records.deletions import kept
from engine.records.tables import DRIFT_REPORTS

_KEPT = kept("report", DRIFT_REPORTS.c.service, DRIFT_REPORTS.c.id)


@dataclass(frozen=True)
class ReportRow:
    """What one look at a service found; `window` says at which rows, `key` which gesture asked for it."""

    service: str
    window: Mapping[str, Any]
    report: Mapping[str, Any]
    project: str = "default"
    actor: str = "local"
    created: float = 0.0
    id: int = 0
    key: str | None = None


def add(connection: Connection, row: ReportRow) -> ReportRow:
    """Write a report and return it as it stands."""
    values = {**vars(row), "created": row.created or time.time()}
    values.pop("id")
    done = connection.execute(insert(DRIFT_REPORTS).values(**values))
    assert done.inserted_primary_key is not None  # noqa: S101 - an insert of one row has a key
    return ReportRow(**values, id=done.inserted_primary_key[0])


def made_for(connection: Connection, service: str, key: str) -> ReportRow | None:
    """Return the report of a service that was made for a key, or None."""
    query = select(DRIFT_REPORTS).where(DRIFT_REPORTS.c.service == service, DRIFT_REPORTS.c.key == key)
    row = connection.execute(query).mappings().one_or_none()
    return ReportRow(**row) if row is not None else None


def of(connection: Connection, service: str, *, limit: int = 100) -> list[ReportRow]:
    """Return the newest reports of a service, newest first."""
    query = select(DRIFT_REPORTS).where(DRIFT_REPORTS.c.service == service, _KEPT)
    rows = connection.execute(query.order_by(DRIFT_REPORTS.c.id.desc()).limit(limit)).mappings()
    return [ReportRow(**row) for row in rows]


def services(connection: Connection) -> list[str]:
    """Return the names of all services that have reports, sorted."""
    query = select(DRIFT_REPORTS.c.service).where(_KEPT).distinct().order_by(DRIFT_REPORTS.c.service)
    return list(connection.execute(query).scalars())


def numbers(connection: Connection, service: str) -> dict[int, int]:
    """Return about how many bytes each report of a service takes, by its number."""
    query = select(DRIFT_REPORTS.c.id, func.length(cast(DRIFT_REPORTS.c.report, String)))
    rows = connection.execute(query.where(DRIFT_REPORTS.c.service == service, _KEPT))
    return {row[0]: row[1] or 0 for row in rows}


def empty(connection: Connection, number: int) -> None:
    """Leave nothing of a report that was deleted but its number, which is not given again."""
    where = DRIFT_REPORTS.c.id == number
    connection.execute(update(DRIFT_REPORTS).where(where).values(report={}, window={}, key=None))
