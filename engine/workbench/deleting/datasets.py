"""Deleting versions of datasets."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.errors import NotFoundError
from engine.records import datasets, runs
from engine.records.deletions import DeletionRow
from engine.records.runs import RunRow
from engine.workbench.deleting.member import Item, Member, User, size_of
from engine.workbench.sources import named_by_pipelines

_RUNS = 1000
"""Runs that are named as history at most."""


class Datasets(Member):
    """Versions of datasets: a run that goes on reads one, a pipeline names one, an ended run has read one."""

    kind = "dataset"

    def found(self, connection: Connection, subject: str, parts: Sequence[str] | None) -> list[Item]:
        """Return the versions that there are of those that were named."""
        rows = {str(row.version): row for row in datasets.every(connection, subject)}
        if not rows:
            raise NotFoundError.among("dataset", subject, datasets.names(connection))
        for part in parts or ():
            if part not in rows:
                raise NotFoundError.among("version", f"{subject}@{part}", [f"{subject}@{known}" for known in rows])
        wanted = [row for number, row in rows.items() if parts is None or number in parts]
        return [Item(self.kind, subject, str(row.version), size_of(self._folder(row.manifest))) for row in wanted]

    def users(self, connection: Connection, items: Sequence[Item]) -> list[User]:
        """Return the pipelines that would find none, the runs that read these versions, and the models they trained."""
        gone = {f"{item.subject}@{item.part}" for item in items}
        subject = items[0].subject
        left = {f"{subject}@{row.version}" for row in datasets.every(connection, subject)} - gone
        wanted = gone if left else gone | {subject}
        breaks = [
            User("pipeline", name, "breaks")
            for name, refs in named_by_pipelines(connection, "dataset")
            if refs & wanted
        ]
        reading = []
        for row in runs.newest(connection, limit=_RUNS):
            if gone & _labels(row):
                reading.append(User("run", row.id, "now" if row.status in runs.LIVE else "history"))
        of_runs = {user.name for user in reading}
        models = [one for one in self.place.models.list() if one.run in of_runs] if of_runs else []
        return [*breaks, *reading, *(User("model", f"{one.name}@{one.version}", "history") for one in models)]

    def is_used(self, connection: Connection, row: DeletionRow) -> bool:
        """Return whether a run that goes on reads this version."""
        ref = f"{row.subject}@{row.part}"
        return any(ref in _labels(runs.get(connection, run.id)) for run in runs.live(connection))

    def remove(self, row: DeletionRow) -> int:
        """Remove the folder of a version."""
        with self.place.records.read() as connection:
            version = datasets.row_of(connection, row.subject, int(row.part))
        if version is None or not version.manifest:
            return row.bytes
        folder = self._folder(version.manifest)
        freed = size_of(folder)
        shutil.rmtree(folder, ignore_errors=True)
        return freed

    def forget(self, connection: Connection, row: DeletionRow) -> None:
        """Leave the number alone."""
        datasets.empty(connection, row.subject, int(row.part))

    def _folder(self, manifest: Mapping[str, Any]) -> Path:
        return self.place.workspace.datasets / Path(str(manifest["folder"])).name


def _labels(row: RunRow) -> set[str]:
    return {str(source.get("label")) for source in row.sources.values() if isinstance(source, Mapping)}
