"""Deleting versions of models."""

from collections.abc import Sequence

from sqlalchemy import Connection

from engine.errors import NotFoundError
from engine.records import services
from engine.records.deletions import DeletionRow
from engine.stores.models import CHAMPION
from engine.workbench.deleting.member import Item, Member, User, size_of


class Models(Member):
    """Versions of models: a service runs one, or could be started with it, and the champion answers for the others."""

    kind = "model"

    def found(self, connection: Connection, subject: str, parts: Sequence[str] | None) -> list[Item]:
        """Return the versions that there are of those that were named."""
        del connection
        versions = [one.version for one in self.place.models.show(subject)]
        for part in parts or ():
            if part not in versions:
                raise NotFoundError.among(f"version of model {subject}", part, versions)
        wanted = [number for number in versions if parts is None or number in parts]
        return [Item(self.kind, subject, number, self._size(subject, number)) for number in wanted]

    def users(self, connection: Connection, items: Sequence[Item]) -> list[User]:
        """Return the services that run these versions or have run them, and the alias that others ask by."""
        gone, subject = {item.part for item in items}, items[0].subject
        found = []
        for row in services.every(connection):
            ran = {one["version"] for one in row.options.get("history", []) if one["model"] == subject}
            if row.model == subject and row.version in gone:
                found.append(User("service", row.name, "now" if row.wanted == "running" else "breaks"))
            elif ran & gone:
                found.append(User("service", row.name, "history"))
        versions = self.place.models.show(subject)
        champion = next((one.version for one in versions if CHAMPION in one.aliases), None)
        if champion in gone and {one.version for one in versions} - gone:
            found.append(User("alias", CHAMPION, "now"))
        return found

    def is_used(self, connection: Connection, row: DeletionRow) -> bool:
        """Return whether a service runs this version."""
        wished = [(one.model, one.version) for one in services.every(connection) if one.wanted == "running"]
        return (row.subject, row.part) in wished

    def remove(self, row: DeletionRow) -> int:
        """Remove the files of a version, and its entry in the registry but for its number."""
        freed = self._size(row.subject, row.part)
        self.place.models.remove(row.subject, row.part)
        return freed or row.bytes

    def _size(self, name: str, version: str) -> int:
        folder = self.place.models.folder(name, version)
        return 0 if folder is None else size_of(folder)
