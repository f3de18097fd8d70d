"""Statements that are built once and used often: change a row, or write it whether or not it is there."""

import functools
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, Update, bindparam, insert, update

_KEY = "key_"  # before the names of key values, which might be set as well


@functools.cache
def _updating(table: Table, key: tuple[str, ...], names: tuple[str, ...]) -> Update:
    where = [table.c[name] == bindparam(_KEY + name) for name in key]
    return update(table).where(*where).values({name: bindparam(name) for name in names})


def change(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Set columns of the rows of `table` at `key`; return how many rows there are."""
    statement = _updating(table, tuple(key), tuple(values))
    marked = {_KEY + name: value for name, value in key.items()}
    return int(connection.execute(statement, {**marked, **values}).rowcount)


def put(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Update the row of `table` at `key` with `values`, or insert it; return True where it was inserted."""
    if change(connection, table, key, values):
        return False
    connection.execute(insert(table), {**key, **values})
    return True
