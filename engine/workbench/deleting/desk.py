"""Deleting as a page or a script sees it: at once out of sight, back within half a minute, then gone."""

import secrets
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from engine.config import Settings
from engine.errors import DeletionError, NotFoundError
from engine.records import deletions
from engine.records.deletions import UNDO_S, DeletionRow
from engine.workbench.deleting.family import FAMILY
from engine.workbench.deleting.member import Item, Member, Place, User

_NAMED = 5  # users in a sentence


class DeletionDesk:
    """Deletes what users made, of every kind in the same way.

    A deletion is one row of the records for each thing, written in one transaction: from then on no list has it and no
    name finds it, whatever dies. Files are removed after the time to take it back, by the engine or by `tandem clean`.

    Args:
        place: Where things are kept.
        settings: Project and actor of what is written.
    """

    def __init__(self, place: Place, settings: Settings) -> None:
        self._place = place
        self._settings = settings

    def look(self, kind: str, name: str, parts: Sequence[str | int] | None = None) -> dict[str, Any]:
        """Return what would be deleted and what uses it, and delete nothing.

        Args:
            kind: `dataset`, `run`, `model`, `service`, `report`, `pipeline` or `captures`.
            name: Of the thing; of reports and captures, that of the service.
            parts: Versions of a dataset or a model, numbers of reports, the moment until which captures were asked, or
                the one when a pipeline was made; all there are when None.

        Returns:
            `{"kind", "name", "parts", "with": {kind: count}, "bytes", "users": [{"kind", "name", "how"}], "refused"}`:
            `with` is what goes along; `how` is `now` where something works with it at this moment, `breaks` where
            something would not work without it, `history` where something was made with it; `refused` is a sentence
            where it cannot be deleted, else None.

        Raises:
            NotFoundError: There is no such thing.
        """
        with self._place.records.read() as connection:
            items, users = self._found(connection, kind, name, parts)
        return {**_told(items), "users": [dict(vars(user)) for user in users], "refused": _refusal(items, users, True)}

    def delete(
        self,
        kind: str,
        name: str,
        parts: Sequence[str | int] | None = None,
        *,
        revision: float | None = None,
        anyway: bool = False,
    ) -> dict[str, Any]:
        """Delete a thing and return how to take it back: `{"id", "until", ...}` and all that `look` tells.

        Args:
            kind: As for `look`.
            name: As for `look`.
            parts: As for `look`; a page names those that it has shown.
            revision: Of a pipeline, or `updated` of a service, as it was shown; the newest when None.
            anyway: Also where something would not work without it.

        Raises:
            NotFoundError: There is no such thing.
            DeletionError: Something uses it, or it was changed since it was shown.
            ReadOnlyError: Nothing may be changed.
        """
        self._place.workspace.require_writable()
        gesture, now = secrets.token_hex(4), time.time()
        self._place.models.list()  # it takes seconds the first time, in which nobody could write
        with self._place.records.write() as connection:
            items, users = self._found(connection, kind, name, parts)
            self._member(kind).require_seen(connection, items[0], revision)
            refused = _refusal(items, users, anyway)
            if refused:
                raise DeletionError(refused, hint=_HINTS[_worst(users, anyway)])
            project, actor = self._settings.project, self._settings.actor
            rows = [
                DeletionRow(gesture, one.kind, one.subject, one.part, place, project, actor, now, bytes=one.bytes)
                for place, one in enumerate(items)
            ]
            for item in items:
                self._member(item.kind).hide(connection, item)
            deletions.add(connection, rows)
        for item in items:
            self._member(item.kind).settle(item, gesture)
        users_told = [dict(vars(user)) for user in users]
        return {"id": gesture, "until": now + UNDO_S, **_told(items), "users": users_told}

    def undo(self, gesture: str) -> dict[str, Any]:
        """Take a deletion back, as long as no file of it was removed, and return what is there again.

        Raises:
            NotFoundError: There is no such deletion; it may have been taken back before.
            DeletionError: Its files were removed, or another thing has taken the name.
            ReadOnlyError: Nothing may be changed.
        """
        self._place.workspace.require_writable()
        with self._place.records.write() as connection:
            rows = deletions.of(connection, gesture)
            if not rows:
                raise NotFoundError.among("deletion", gesture, {row.id for row in deletions.unfinished(connection)})
            if any(row.claimed or row.freed for row in rows):
                raise DeletionError(
                    f"What was deleted as {gesture!r} is gone for good.",
                    hint=f"There are {UNDO_S:g} s to take it back.",
                )
            for row in rows:
                item = Item(row.kind, row.subject, row.part, row.bytes)
                self._member(row.kind).show_again(connection, item, gesture)
                deletions.forget(connection, row)
        return {"id": gesture, **_told([Item(row.kind, row.subject, row.part, row.bytes) for row in rows])}

    def list(self) -> Sequence[dict[str, Any]]:
        """Return the deletions that can be taken back, the newest first: `[{"id", "kind", "name", ..., "until"}]`."""
        with self._place.records.read() as connection:
            rows = [row for row in deletions.unfinished(connection) if not row.claimed]
        gestures: dict[str, list[DeletionRow]] = {}
        for row in rows:
            gestures.setdefault(row.id, []).append(row)
        told = [
            {"id": gesture, "until": min(row.created + FAMILY[row.kind].kept_s for row in found)}
            | _told([Item(row.kind, row.subject, row.part, row.bytes) for row in found])
            | {"actor": found[0].actor, "created": found[0].created}
            for gesture, found in gestures.items()
        ]
        return sorted(told, key=lambda one: -one["created"])

    def finish(self, now: float | None = None) -> dict[str, int]:
        """Remove the files of what was deleted and can no longer be taken back; return the bytes by kind.

        It goes on with what an engine that died had begun.

        Raises:
            ReadOnlyError: Nothing may be changed.
        """
        self._place.workspace.require_writable()
        freed: dict[str, int] = {}
        for row in self.due(now):
            gone = self._finish(row)
            if gone is not None:
                freed[row.kind] = freed.get(row.kind, 0) + gone
        return freed

    def due(self, now: float | None = None) -> Sequence[DeletionRow]:
        """Return what was deleted, can no longer be taken back, and has files still."""
        moment = time.time() if now is None else now
        with self._place.records.read() as connection:
            rows = deletions.unfinished(connection)
        return [row for row in rows if row.claimed or moment >= row.created + FAMILY[row.kind].kept_s]

    def _finish(self, row: DeletionRow) -> int | None:
        member = self._member(row.kind)
        with self._place.records.write() as connection:
            if member.is_used(connection, row) or not deletions.claim(connection, row):
                return None
        freed = member.remove(row)
        if freed is None:
            return None
        with self._place.records.write() as connection:
            member.forget(connection, row)
            if member.numbered:
                deletions.finish(connection, row, freed)
            else:
                deletions.forget(connection, row)
        return freed

    def _found(
        self, connection: Connection, kind: str, name: str, parts: Sequence[str | int] | None
    ) -> tuple[Sequence[Item], Sequence[User]]:
        member = self._member(kind)
        items = member.found(connection, name, None if parts is None else [str(part) for part in parts])
        if not items:
            raise NotFoundError.among(kind, name, [])
        return items, member.users(connection, items)

    def _member(self, kind: str) -> Member:
        if kind not in FAMILY:
            raise NotFoundError.among("kind of thing", kind, FAMILY)
        return FAMILY[kind](self._place)


_HINTS = {"now": "Stop it, or what uses it, first.", "breaks": "Change what needs it first, or delete it anyway."}


def _worst(users: Sequence[User], anyway: bool) -> str:
    found = {user.how for user in users}
    return "now" if "now" in found else "breaks" if "breaks" in found and not anyway else ""


def _refusal(items: Sequence[Item], users: Sequence[User], anyway: bool) -> str | None:
    """Return why things cannot be deleted, with those named that use them; None where they can."""
    worst = _worst(users, anyway)
    if not worst:
        return None
    names = [f"{user.kind} {user.name}" for user in users if user.how == worst]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    what = f"{items[0].kind} {items[0].subject!r}"
    if worst == "now" and (items[0].kind, items[0].subject) in {(user.kind, user.name) for user in users}:
        return f"The {what} has not ended yet."
    if worst == "now":
        return f"The {what} is in use: {', '.join(names[:_NAMED])}{more}."
    return f"The {what} is needed by {', '.join(names[:_NAMED])}{more}."


def _told(items: Sequence[Item]) -> dict[str, Any]:
    kind = items[0].kind
    beside: dict[str, int] = {}
    for item in items:
        if item.kind != kind:
            beside[item.kind] = beside.get(item.kind, 0) + 1
    own = [item.part for item in items if item.kind == kind and item.part]
    return {
        "kind": kind,
        "name": items[0].subject,
        "parts": own,
        "with": beside,
        "bytes": sum(item.bytes for item in items),
    }
