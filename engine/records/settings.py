"""Settings that are kept with the workspace, by key."""

import time
from typing import Any

from sqlalchemy import Connection, select

from engine.records.tables import SETTINGS
from engine.records.upsert import put


def put_setting(
    connection: Connection, key: str, value: Any, *, project: str = "default", actor: str = "local"
) -> None:
    """Keep `value` (JSON) under `key`."""
    values = {"value": value, "project": project, "actor": actor, "created": time.time()}
    put(connection, SETTINGS, {"key": key}, values)


def setting(connection: Connection, key: str, default: Any = None) -> Any:
    """Return what is kept under `key`, or `default`."""
    row = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.key == key)).one_or_none()
    return default if row is None else row[0]
