"""New databases are copied from the first that the code itself made: a test waits for none to be made again."""

import fcntl
import functools
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect

ENDS = ("BEGIN TRANSACTION;", "COMMIT;")


def upgraded_once(upgrade):
    """Return `engine.records.schema._upgrade`, which writes what it wrote the first time into an empty SQLite."""
    from engine.records import schema

    known = {}

    @functools.wraps(upgrade)
    def copied(connection):
        if connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
            upgrade(connection)
            return
        scripts = (schema.SCRIPTS, *schema.revisions())
        if scripts not in known:
            upgrade(connection)
            written = connection.connection.driver_connection.iterdump()
            known[scripts] = [statement for statement in written if statement not in ENDS]
            return
        for statement in known[scripts]:
            connection.exec_driver_sql(statement)

    return copied


def registered_once(client, template: Path):
    """Return `engine.stores.models._client`, whose new registries are copies of the first that MLflow made."""

    @functools.wraps(client)
    def copied(database, read_only):
        place = Path(database)
        if read_only or place.exists():
            return client(database, read_only)
        if not template.exists():
            made = client(database, read_only)
            _copy(place, template)
            return made
        with place.with_name("create.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not place.exists():
                _copy(template, place)
        return client(database, read_only)

    return copied


def _copy(source, target):
    half = target.with_name(f"{target.name}.half")
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(half)) as new:
        old.backup(new)
    half.replace(target)
