"""Deleting drift reports."""

from collections.abc import Sequence

from sqlalchemy import Connection

from engine.errors import NotFoundError
from engine.records import reports
from engine.records.deletions import DeletionRow
from engine.workbench.deleting.member import Item, Member


class Reports(Member):
    """Reports of a service, by their numbers."""

    kind = "report"

    def found(self, connection: Connection, subject: str, parts: Sequence[str] | None) -> list[Item]:
        """Return the reports of a service, or those of these numbers."""
        sizes = {str(number): size for number, size in reports.numbers(connection, subject).items()}
        if not sizes and parts is None:
            raise NotFoundError.among("service with reports", subject, reports.services(connection))
        for part in parts or ():
            if part not in sizes:
                raise NotFoundError.among(f"report of {subject}", part, sizes)
        return [Item(self.kind, subject, number, sizes[number]) for number in sizes if parts is None or number in parts]

    def remove(self, row: DeletionRow) -> int:
        """Return what a report took; it has no file."""
        return row.bytes

    def forget(self, connection: Connection, row: DeletionRow) -> None:
        """Leave the number alone."""
        reports.empty(connection, int(row.part))
