"""Deleting what services were asked and answered."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.errors import NotFoundError
from engine.records.deletions import DeletionRow
from engine.serving import forgetting
from engine.serving.compaction import capture_files
from engine.serving.services import service_name
from engine.workbench.deleting.member import Item, Member


class Captures(Member):
    """The rows that a service was asked until a moment, which is the `part`; those it is asked later stay."""

    kind = "captures"
    numbered = False

    def found(self, connection: Connection, subject: str, parts: Sequence[str] | None) -> list[Item]:
        """Return the rows of a service until a moment, now when none is named."""
        del connection
        items = self.of(subject, float(parts[0]) if parts else None)
        if not items:
            folders = [path.name for path in self.place.workspace.captures.glob("*") if path.is_dir()]
            raise NotFoundError.among("service with captured rows", subject, folders)
        return items

    def of(self, service: str, until: float | None = None) -> list[Item]:
        """Return the rows of a service as one thing; nothing where it was never asked."""
        moment = time.time() if until is None else until
        folder = self.place.workspace.captures / service_name(service)
        files = [file for file in capture_files(folder) if forgetting.begins_before(file, _utc(moment))]
        size = sum(file.path.stat().st_size for file in files)
        return [Item(self.kind, service, repr(moment), size)] if files else []

    def settle(self, item: Item, gesture: str) -> None:
        """Take the rows out of sight of all who read them."""
        forgetting.put_away(self._folder(item.subject), _utc(float(item.part)), gesture)

    def show_again(self, connection: Connection, item: Item, gesture: str) -> None:
        """Let them be read again."""
        del connection
        forgetting.take_back(self._folder(item.subject), gesture)

    def remove(self, row: DeletionRow) -> int:
        """Remove their files; what an engine that died had not put away yet is put away first."""
        folder = self._folder(row.subject)
        forgetting.put_away(folder, _utc(float(row.part)), row.id)
        return forgetting.remove(folder, row.id)

    def _folder(self, service: str) -> Path:
        return self.place.workspace.captures / service_name(service)


def _utc(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
