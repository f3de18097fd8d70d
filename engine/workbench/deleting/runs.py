"""Deleting runs, and of their outputs those that no other run has."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from engine.records import runs
from engine.records.deletions import DeletionRow
from engine.workbench.deleting import outputs
from engine.workbench.deleting.member import Item, Member, User


class Runs(Member):
    """Runs that are over, with their logs; what was registered of them stays, and needs nothing of them."""

    kind = "run"

    def found(self, connection: Connection, subject: str, parts: Sequence[str] | None) -> list[Item]:
        """Return the run."""
        del parts
        runs.get(connection, subject)
        own = outputs.only_of(connection, [subject])
        return [Item(self.kind, subject, "", sum(outputs.sizes(self.place.workspace.outputs, own).values()))]

    def users(self, connection: Connection, items: Sequence[Item]) -> list[User]:
        """Return the run itself while it goes on, and the models that it trained."""
        found = []
        for item in items:
            if runs.get(connection, item.subject).status in runs.LIVE:
                found.append(User("run", item.subject, "now"))
        trained = {item.subject for item in items}
        models = [one for one in self.place.models.list() if one.run in trained]
        return [*found, *(User("model", f"{one.name}@{one.version}", "history") for one in models)]

    def remove(self, row: DeletionRow) -> int | None:
        """Remove what this run alone has kept."""
        with self.place.records.write() as connection:
            own = outputs.only_of(connection, [row.subject])
            return outputs.remove(connection, self.place.workspace.outputs, own)

    def forget(self, connection: Connection, row: DeletionRow) -> None:
        """Leave its number and what its stages took of the machine."""
        document = runs.document_of(connection, row.subject)
        runs.empty(connection, row.subject, _shares(document))


def _shares(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a pipeline only what its nodes asked for: projects are told what they used."""
    nodes = document.get("nodes", {})
    asked = {name: {"resources": node["resources"]} for name, node in nodes.items() if node.get("resources")}
    return {"nodes": asked} if asked else {}
