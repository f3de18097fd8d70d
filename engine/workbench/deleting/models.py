"""Deleting versions of models."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from engine.errors import NotFoundError
from engine.records import runs, services
from engine.records.deletions import DeletionRow
from engine.records.runs import RunRow
from engine.stores.models import CHAMPION, ModelVersion
from engine.workbench.deleting.member import Item, Member, User, size_of
from engine.workbench.sources import named_by_pipelines

_RUNS = 1000
"""Runs that are named as history at most."""


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
        return [*found, *self._pipelines(connection, versions, gone), *self._runs(connection, subject, gone)]

    def _pipelines(self, connection: Connection, versions: Sequence[ModelVersion], gone: set[str]) -> Iterator[User]:
        """Yield the pipelines that people work on which load one of these versions, by number or alias."""
        names = {f"{one.name}@{wanted}" for one in versions if one.version in gone for wanted in _names(one)}
        for name, refs in named_by_pipelines(connection, self.kind):
            if refs & names:
                yield User("pipeline", name, "breaks")

    def _runs(self, connection: Connection, subject: str, gone: set[str]) -> Iterator[User]:
        """Yield the runs that load one of these versions, and those that have."""
        labels = {f"{subject}@{number}" for number in gone}
        for row in runs.newest(connection, limit=_RUNS):
            if labels & loaded_by(row):
                yield User("run", row.id, "now" if row.status in runs.LIVE else "history")

    def is_used(self, connection: Connection, row: DeletionRow) -> bool:
        """Return whether a service runs this version, or a run that goes on loads it."""
        label = f"{row.subject}@{row.part}"
        if any(label in loaded_by(runs.get(connection, run.id)) for run in runs.live(connection)):
            return True
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


def loaded_by(row: RunRow) -> set[str]:
    """Return the versions of models that a run loads, as `churn@3`."""
    pins = {ref: pin for ref, pin in row.sources.items() if ref.startswith("model:") and isinstance(pin, Mapping)}
    return {str(pin.get("label")) for pin in pins.values()}


def _names(version: ModelVersion) -> tuple[str, ...]:
    return (version.version, *version.aliases)
