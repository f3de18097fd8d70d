"""Deleting pipelines that people work on."""

from collections.abc import Sequence

from sqlalchemy import Connection

from engine.records import drafts, runs
from engine.records.deletions import DeletionRow
from engine.workbench.deleting.member import Item, Member, User, changed

KEPT_S = 30 * 86_400.0
"""Seconds for which a pipeline that was deleted can be taken back, unless another has taken its name."""


class Pipelines(Member):
    """Pipelines with their history and versions; `part` is when one was made, which tells it from its namesakes."""

    kind = "pipeline"
    numbered = False
    kept_s = KEPT_S

    def found(self, connection: Connection, subject: str, parts: Sequence[str] | None) -> list[Item]:
        """Return the pipeline of this name, if it is the one that was meant."""
        row = drafts.get(connection, subject)
        item = Item(self.kind, subject, repr(row.created), drafts.size(connection, subject))
        if parts is not None and list(parts) != [item.part]:
            raise changed(f"Pipeline {subject!r}")
        return [item]

    def require_seen(self, connection: Connection, item: Item, revision: float | None) -> None:
        """Check the revision."""
        if revision is not None and drafts.get(connection, item.subject).revision != revision:
            raise changed(f"Pipeline {item.subject!r}")

    def users(self, connection: Connection, items: Sequence[Item]) -> list[User]:
        """Return the runs of it; they go on and stay."""
        rows = runs.newest(connection, pipeline=items[0].subject, limit=100, brief=True)
        return [User("run", row.id, "history") for row in rows if row.options.get("draft") == items[0].subject]

    def hide(self, connection: Connection, item: Item) -> None:
        """Put it away."""
        drafts.put_away(connection, item.subject)

    def show_again(self, connection: Connection, item: Item, gesture: str) -> None:
        """Put it into the list again, unless it is there."""
        del gesture
        row = drafts.find(connection, item.subject, deleted=True)
        if row is not None and repr(row.created) == item.part:
            drafts.put_away(connection, item.subject, back=True)

    def remove(self, row: DeletionRow) -> int:
        """Return what it took; it has no file."""
        return row.bytes

    def forget(self, connection: Connection, row: DeletionRow) -> None:
        """Remove it with its steps and versions, where it is put away still."""
        found = drafts.find(connection, row.subject, deleted=True)
        if found is not None and repr(found.created) == row.part:
            drafts.forget(connection, row.subject, only_deleted=True)
