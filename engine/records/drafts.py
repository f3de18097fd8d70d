"""Drafts as rows: a pipeline that somebody works on, each step on the way to it, and the versions given a name.

Every function takes the connection; a caller that changes a draft passes the revision it has seen, and the row is
changed only where it still stands at that revision.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, String, cast, delete, func, insert, select, update

from engine.errors import NotFoundError
from engine.records import deletions
from engine.records.tables import DRAFT_STEPS, DRAFT_VERSIONS, DRAFTS

HISTORY: Final = 200
"""Steps that can be undone."""


@dataclass(frozen=True)
class DraftRow:
    """One draft.

    Args:
        name: Names the draft; unique in the workspace.
        document: The pipeline as it stands.
        revision: Grows with every change, undo included; at least 1.
        position: Of the step that the document is at.
        nodes: How many the document has.
        problems: How many errors it had when it was changed last.
        change: The last one: `{"actor", "operation"}`.
        updated: When that was, seconds since 1970.
        deleted: When it was put away; None for a draft that is listed.
    """

    name: str
    document: Mapping[str, Any] = field(default_factory=dict)
    revision: int = 1
    position: int = 0
    nodes: int = 0
    problems: int = 0
    change: Mapping[str, Any] | None = None
    project: str = "default"
    actor: str = "local"
    created: float = 0.0
    updated: float = 0.0
    deleted: float | None = None


@dataclass(frozen=True)
class VersionRow:
    """A document that was given a label; `nodes` is how many it has."""

    draft: str
    number: int
    label: str
    document: Mapping[str, Any]
    project: str = "default"
    actor: str = "local"
    created: float = 0.0


def add(connection: Connection, row: DraftRow) -> DraftRow:
    """Write a new draft with its first step, and return it as it stands; one put away under its name is forgotten."""
    forget(connection, row.name, only_deleted=True)
    now = time.time()
    values = {**vars(row), "created": row.created or now, "updated": now}
    connection.execute(insert(DRAFTS), values)
    _add_step(connection, row.name, row.position, row.document, row.change or {})
    return DraftRow(**values)


def find(connection: Connection, name: str, *, deleted: bool = False) -> DraftRow | None:
    """Return a draft that is listed, or with `deleted` one that was put away; None where there is none."""
    row = connection.execute(select(DRAFTS).where(DRAFTS.c.name == name)).mappings().one_or_none()
    return DraftRow(**row) if row is not None and (row["deleted"] is not None) == deleted else None


def get(connection: Connection, name: str, *, deleted: bool = False) -> DraftRow:
    """Return a draft by its name.

    Raises:
        NotFoundError: There is none.
    """
    row = find(connection, name, deleted=deleted)
    if row is None:
        known = connection.execute(select(DRAFTS.c.name).where(DRAFTS.c.deleted.is_(None))).scalars()
        raise NotFoundError.among("pipeline", name, known)
    return row


def documents(connection: Connection) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the name and the document of every draft that is listed, by name."""
    query = select(DRAFTS.c.name, DRAFTS.c.document).where(DRAFTS.c.deleted.is_(None)).order_by(DRAFTS.c.name)
    return [(row.name, row.document) for row in connection.execute(query)]


def size(connection: Connection, name: str) -> int:
    """Return about how many bytes a draft takes with its steps and versions."""
    parts = ((DRAFTS, DRAFTS.c.name), (DRAFT_STEPS, DRAFT_STEPS.c.draft), (DRAFT_VERSIONS, DRAFT_VERSIONS.c.draft))
    sums = [select(func.sum(func.length(cast(table.c.document, String)))).where(of == name) for table, of in parts]
    return sum(connection.execute(query).scalar() or 0 for query in sums)


def made_at(connection: Connection, created: float | None) -> DraftRow | None:
    """Return the listed draft that was made at that moment, whatever it is called now; None where there is none."""
    where = (DRAFTS.c.created == created, DRAFTS.c.deleted.is_(None))
    row = connection.execute(select(DRAFTS).where(*where).limit(1)).mappings().one_or_none()
    return None if row is None else DraftRow(**row)


def listed(connection: Connection, *, deleted: bool = False) -> list[DraftRow]:
    """Return all drafts without their documents, the one changed last first; with `deleted` those put away."""
    columns = [column for column in DRAFTS.c if column.name not in {"document", "change"}]
    where = DRAFTS.c.deleted.isnot(None) if deleted else DRAFTS.c.deleted.is_(None)
    query = select(*columns).where(where).order_by(DRAFTS.c.updated.desc(), DRAFTS.c.name)
    return [DraftRow(**row) for row in connection.execute(query).mappings()]


def change(connection: Connection, row: DraftRow, **values: Any) -> bool:
    """Set columns of a draft and count its revision up; False where it is no longer at the revision of `row`."""
    statement = (
        update(DRAFTS)
        .where(DRAFTS.c.name == row.name, DRAFTS.c.revision == row.revision, DRAFTS.c.deleted.is_(None))
        .values(revision=row.revision + 1, updated=time.time(), **values)
    )
    return bool(connection.execute(statement).rowcount)


def step_forward(connection: Connection, row: DraftRow, document: Mapping[str, Any], made: Mapping[str, Any]) -> int:
    """Write the step after the one `row` is at, in place of what could be redone, and return its position.

    Args:
        connection: Where to write.
        row: The draft before the step.
        document: After the step.
        made: `{"actor", "operation"}` of the step.
    """
    steps, position = DRAFT_STEPS.c, row.position + 1
    connection.execute(delete(DRAFT_STEPS).where(steps.draft == row.name, steps.position >= position))
    connection.execute(delete(DRAFT_STEPS).where(steps.draft == row.name, steps.position < position - HISTORY))
    _add_step(connection, row.name, position, document, made)
    return position


def document_at(connection: Connection, name: str, position: int) -> Mapping[str, Any] | None:
    """Return the document as it was after a step; None where that step is not kept."""
    steps = DRAFT_STEPS.c
    query = select(steps.document).where(steps.draft == name, steps.position == position)
    return connection.execute(query).scalar_one_or_none()


def reach(connection: Connection, name: str) -> tuple[int, int]:
    """Return the positions of the first and the last step that are kept of a draft."""
    steps = DRAFT_STEPS.c
    query = select(func.min(steps.position), func.max(steps.position)).where(steps.draft == name)
    first, last = connection.execute(query).one()
    return first or 0, last or 0


def put_away(connection: Connection, name: str, *, back: bool = False) -> None:
    """Take a draft from the list, or `back` into it; nothing of it is lost."""
    get(connection, name, deleted=back)
    if back:
        deletions.make_way(connection, "pipeline", name)
    values = {"deleted": None if back else time.time(), "revision": DRAFTS.c.revision + 1}
    connection.execute(update(DRAFTS).where(DRAFTS.c.name == name).values(**values))


def forget(connection: Connection, name: str, *, only_deleted: bool = False) -> None:
    """Remove a draft with its steps and versions."""
    where = [DRAFTS.c.name == name, *([DRAFTS.c.deleted.isnot(None)] if only_deleted else [])]
    connection.execute(delete(DRAFTS).where(*where))
    if only_deleted:
        deletions.make_way(connection, "pipeline", name)


def rename(connection: Connection, row: DraftRow, name: str, **values: Any) -> bool:
    """Give a draft, with its steps and versions, another name; False where it is no longer at the revision of `row`."""
    if not change(connection, row, **values):
        return False
    forget(connection, name, only_deleted=True)
    whole = connection.execute(select(DRAFTS).where(DRAFTS.c.name == row.name)).mappings().one()
    connection.execute(insert(DRAFTS), {**whole, "name": name})
    for table in (DRAFT_STEPS, DRAFT_VERSIONS):
        connection.execute(update(table).where(table.c.draft == row.name).values(draft=name))
    forget(connection, row.name)
    return True


def add_version(connection: Connection, row: VersionRow) -> VersionRow:
    """Write a version, numbered after the last of its draft, and return it."""
    versions = DRAFT_VERSIONS.c
    last = connection.execute(select(func.max(versions.number)).where(versions.draft == row.draft)).scalar() or 0
    values = {**vars(row), "number": last + 1, "created": time.time()}
    connection.execute(insert(DRAFT_VERSIONS), values)
    return VersionRow(**values)


def versions(connection: Connection, name: str) -> list[VersionRow]:
    """Return the versions of a draft, newest first."""
    query = select(DRAFT_VERSIONS).where(DRAFT_VERSIONS.c.draft == name).order_by(DRAFT_VERSIONS.c.number.desc())
    return [VersionRow(**row) for row in connection.execute(query).mappings()]


def version(connection: Connection, name: str, number: int) -> VersionRow:
    """Return one version of a draft.

    Raises:
        NotFoundError: There is none of that number.
    """
    where = (DRAFT_VERSIONS.c.draft == name, DRAFT_VERSIONS.c.number == number)
    row = connection.execute(select(DRAFT_VERSIONS).where(*where)).mappings().one_or_none()
    if row is None:
        known = [str(found.number) for found in versions(connection, name)]
        raise NotFoundError.among("version", str(number), known)
    return VersionRow(**row)


def _add_step(
    connection: Connection, name: str, position: int, document: Mapping[str, Any], made: Mapping[str, Any]
) -> None:
    values = {"draft": name, "position": position, "at": time.time(), "document": document}
    made_by = {"actor": made.get("actor", "local"), "operation": made.get("operation", {})}
    connection.execute(insert(DRAFT_STEPS), {**values, **made_by})
