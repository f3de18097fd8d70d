"""Reports that were made, kept in the records."""

from collections.abc import Mapping
from typing import Any

from engine.monitoring.values import DriftReport
from engine.records import Records, reports
from engine.records.once import once
from engine.records.reports import ReportRow


def keep(
    records: Records,
    report: DriftReport,
    *,
    project: str = "default",
    actor: str = "local",
    key: str | None = None,
) -> float:
    """Write a report to the records and return when, in seconds since 1970; of those with one key, only the first.

    Raises:
        RecordsError: The records cannot be written.
    """
    row = ReportRow(report.service, {"label": report.window}, report.document(), project, actor, key=key)
    kept = once(
        records,
        lambda connection: reports.made_for(connection, row.service, key) if key else None,
        lambda connection: reports.add(connection, row),
    )
    return kept.created


def made_for(records: Records, service: str, key: str) -> Mapping[str, Any] | None:
    """Return the newest report of a service that was kept under a key, as `history` does, or None.

    Raises:
        RecordsError: The records cannot be read.
    """
    with records.read() as connection:
        row = reports.made_for(connection, service, key)
    return None if row is None else {"at": row.created, **row.report}


def history(records: Records, service: str, *, limit: int = 100) -> list[Mapping[str, Any]]:
    """Return the documents of a service's newest reports, newest first, each with `at` and `number` beside its keys.

    Args:
        records: The records of the workspace.
        service: Name of the service; one that never had a report has none.
        limit: At most so many.

    Raises:
        RecordsError: The records cannot be read.
    """
    with records.read() as connection:
        return [
            {"at": row.created, "number": row.id, **row.report} for row in reports.of(connection, service, limit=limit)
        ]
