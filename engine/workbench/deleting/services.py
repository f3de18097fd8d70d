"""Deleting services, with their reports and what they were asked."""

from collections.abc import Sequence

from sqlalchemy import Connection

from engine.errors import NotFoundError
from engine.records import reports, services
from engine.records.deletions import DeletionRow
from engine.workbench.deleting.captures import Captures
from engine.workbench.deleting.member import Item, Member, User, changed
from engine.workbench.deleting.reports import Reports


class Services(Member):
    """Services that were stopped: their reports and captures are shown nowhere else, so they go along."""

    kind = "service"
    numbered = False

    def found(self, connection: Connection, subject: str, parts: Sequence[str] | None) -> list[Item]:
        """Return the service, then its reports and captures."""
        del parts
        if services.find(connection, subject) is None:
            raise NotFoundError.among("service", subject, [one.name for one in services.every(connection)])
        beside: list[Item] = []
        if reports.numbers(connection, subject):
            beside += Reports(self.place).found(connection, subject, None)
        beside += Captures(self.place).of(subject)
        return [Item(self.kind, subject), *beside]

    def require_seen(self, connection: Connection, item: Item, revision: float | None) -> None:
        """Check that nobody has changed it; `revision` is its `updated`."""
        row = services.find(connection, item.subject)
        if item.kind == self.kind and revision is not None and row is not None and row.updated != revision:
            raise changed(f"Service {item.subject!r}")

    def users(self, connection: Connection, items: Sequence[Item]) -> list[User]:
        """Return the service itself while it answers, or has yet to be stopped."""
        rows = [services.find(connection, item.subject) for item in items if item.kind == self.kind]
        return [
            User("service", row.name, "now")
            for row in rows
            if row is not None and (row.wanted == "running" or row.status != "stopped")
        ]

    def remove(self, row: DeletionRow) -> int:
        """Remove what its replicas have told of themselves; captured rows go by themselves."""
        folder, freed = self.place.workspace.captures / row.subject, 0
        for path in folder.glob("*.json"):
            if path.is_file() and path.stat().st_mtime <= row.created:
                freed += path.stat().st_size
                path.unlink(missing_ok=True)
        return freed

    def forget(self, connection: Connection, row: DeletionRow) -> None:
        """Remove its row."""
        services.remove(connection, row.subject)
