"""Write a row whether or not it is there, in the SQL that every database has."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert, update


def put(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Update the row of `table` at `key` with `values`, or insert it; return True where it was inserted."""
    where = [table.c[name] == value for name, value in key.items()]
    if connection.execute(update(table).where(*where).values(**values)).rowcount:
        return False
    connection.execute(insert(table).values(**key, **values))
    return True
