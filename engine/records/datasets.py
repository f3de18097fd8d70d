"""Dataset versions as rows: numbered from 1, never changed."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from engine.records.deletions import kept
from engine.records.tables import DATASETS

_KEPT = kept("dataset", DATASETS.c.name, DATASETS.c.version)


@dataclass(frozen=True)
class DatasetRow:
    """One version of a dataset; `manifest` says what it holds, `key` the gesture that asked for it."""

    name: str
    version: int
    content_hash: str
    manifest: Mapping[str, Any]
    project: str = "default"
    actor: str = "local"
    created: float = 0.0
    key: str | None = None


def add(connection: Connection, row: DatasetRow) -> DatasetRow:
    """Write a version; `version` 0 means the next one. Return the row as it stands."""
    last = connection.execute(select(func.max(DATASETS.c.version)).where(DATASETS.c.name == row.name)).scalar()
    values = {**vars(row), "version": row.version or (last or 0) + 1, "created": row.created or time.time()}
    connection.execute(insert(DATASETS), values)
    return DatasetRow(**values)


def find(connection: Connection, name: str, version: int | None = None) -> DatasetRow | None:
    """Return a version, the newest if none is named; None where there is none."""
    query = select(DATASETS).where(DATASETS.c.name == name, _KEPT).order_by(DATASETS.c.version.desc()).limit(1)
    if version is not None:
        query = query.where(DATASETS.c.version == version)
    row = connection.execute(query).mappings().one_or_none()
    return DatasetRow(**row) if row is not None else None


def made_for(connection: Connection, name: str, key: str) -> DatasetRow | None:
    """Return the version of a dataset that the gesture `key` asked for, or None."""
    query = select(DATASETS).where(DATASETS.c.name == name, DATASETS.c.key == key)
    row = connection.execute(query).mappings().one_or_none()
    return DatasetRow(**row) if row is not None else None


def every(connection: Connection, name: str | None = None) -> list[DatasetRow]:
    """Return all versions (of one dataset), by name and then newest first."""
    query = select(DATASETS).where(_KEPT).order_by(DATASETS.c.name, DATASETS.c.version.desc())
    if name is not None:
        query = query.where(DATASETS.c.name == name)
    return [DatasetRow(**row) for row in connection.execute(query).mappings()]


def newest(connection: Connection) -> list[DatasetRow]:
    """Return the newest version of every dataset, by name."""
    last = (
        select(DATASETS.c.name, func.max(DATASETS.c.version).label("version"))
        .where(_KEPT)
        .group_by(DATASETS.c.name)
        .subquery()
    )
    query = select(DATASETS).join(last, (DATASETS.c.name == last.c.name) & (DATASETS.c.version == last.c.version))
    return [DatasetRow(**row) for row in connection.execute(query.order_by(DATASETS.c.name)).mappings()]


def names(connection: Connection) -> list[str]:
    """Return the names of all datasets, sorted."""
    return list(connection.execute(select(DATASETS.c.name).where(_KEPT).distinct().order_by(DATASETS.c.name)).scalars())


def row_of(connection: Connection, name: str, version: int) -> DatasetRow | None:
    """Return a version whether or not it was deleted; None where there never was one."""
    query = select(DATASETS).where(DATASETS.c.name == name, DATASETS.c.version == version)
    row = connection.execute(query).mappings().one_or_none()
    return DatasetRow(**row) if row is not None else None


def empty(connection: Connection, name: str, version: int) -> None:
    """Leave nothing of a version that was deleted but its number, which is not given again."""
    where = (DATASETS.c.name == name, DATASETS.c.version == version)
    connection.execute(update(DATASETS).where(*where).values(manifest={}, key=None))


def remove(connection: Connection, name: str, version: int) -> bool:
    """Remove a version; return whether it was there."""
    where = (DATASETS.c.name == name, DATASETS.c.version == version)
    return bool(connection.execute(delete(DATASETS).where(*where)).rowcount)
