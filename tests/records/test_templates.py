"""A database that is copied is the one that the migrations make."""

from sqlalchemy import create_engine

from engine.records import schema
from tests.templates import upgraded_once


def dump(engine, upgrade):
    """Return everything in a new SQLite database after `upgrade`, as SQL."""
    with engine.begin() as connection:
        upgrade(connection)
        return list(connection.connection.driver_connection.iterdump())


def test_a_copy_is_what_the_migrations_make(tmp_path):
    made = dump(create_engine(f"sqlite:///{tmp_path}/made.db"), schema._upgrade)
    once = upgraded_once(schema._upgrade)
    first, second = (dump(create_engine(f"sqlite:///{tmp_path}/{name}.db"), once) for name in ("first", "second"))
    assert made == first == second
    assert sum(statement.startswith("CREATE TABLE") for statement in made) > 10
