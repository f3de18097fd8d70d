"""Records of older revisions, with rows in them, are migrated with all that they hold."""

import contextlib
import sqlite3

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from engine.records import Records, schema

VALUES = {"INTEGER": 7, "BIGINT": 7, "FLOAT": 1.5, "BOOLEAN": True, "JSON": {"kept": [1, None, "ö"]}}
OLDER = schema.revisions()[-4:-1]


def value_of(column, number):
    """Return a value that fits a column and differs from row to row where it is text."""
    kind = next((kept for name, kept in VALUES.items() if str(column.type).startswith(name)), None)
    return kind + number if isinstance(kind, int) and not isinstance(kind, bool) else kind or f"row {number}"


def fill(engine):
    """Put two rows into every table and return them all, by table."""
    metadata = sa.MetaData()
    metadata.reflect(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in metadata.sorted_tables:
            if table.name != "alembic_version":
                rows = [{column.name: value_of(column, number) for column in table.columns} for number in (1, 2)]
                connection.execute(sa.insert(table), rows)
    return rows_in(engine)


def rows_in(engine):
    metadata = sa.MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in metadata.sorted_tables
            if table.name != "alembic_version"
        }


def made_at(path, revision):
    """Make the records of an older revision by its own migrations, and return an engine for them."""
    engine = sa.create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(schema.SCRIPTS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return engine


@pytest.mark.parametrize("revision", OLDER)
def test_rows_of_older_records_are_kept_as_they_were(workspace, revision):
    older = made_at(workspace.root / "records.db", revision)
    before = fill(older)
    assert all(len(rows) == 2 for rows in before.values())
    assert len(before) > 15
    older.dispose()
    after = rows_in(Records.open(workspace).engine)
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        assert sorted(map(str, kept)) == sorted(map(str, rows)), table


@pytest.mark.parametrize("revision", OLDER)
def test_a_migration_of_older_records_that_breaks_off_keeps_them(workspace, monkeypatch, revision):
    before = fill(older := made_at(workspace.root / "records.db", revision))
    older.dispose()
    real = schema._upgrade

    def broken(connection):
        real(connection)
        raise OSError("The power went.")

    with monkeypatch.context() as patch, contextlib.suppress(OSError):
        patch.setattr(schema, "_upgrade", broken)
        Records.open(workspace)
        pytest.fail("It did not break off.")
    with sqlite3.connect(workspace.root / "records.db") as other:
        assert other.execute("SELECT version_num FROM alembic_version").fetchall() == [(revision,)]
    assert rows_in(older) == before
