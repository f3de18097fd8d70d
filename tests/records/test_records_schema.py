"""The shape of the database: what migrations make is what the code expects."""

import sqlite3
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from engine.errors import RecordsError
from engine.records import Records, schema
from engine.records.tables import METADATA

OPENER = """
import sys
from engine.config import Workspace
from engine.records import Records
Records.open(Workspace.at(sys.argv[1], records_url=sys.argv[2]))
"""


def test_migrations_make_exactly_the_tables(records):
    with records.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_everything_a_user_makes_says_whose_it_is():
    made = {"runs", "datasets", "services", "drift_reports", "environments", "settings"}
    for name in made:
        assert {"project", "actor", "created"} <= set(METADATA.tables[name].columns.keys()), name


def test_opening_again_migrates_nothing(workspace, records, monkeypatch):
    monkeypatch.setattr(schema, "_upgrade", lambda connection: pytest.fail("migrated again"))
    schema.ensure(records.engine, workspace.root / "records.lock", workspace.require_void)


def test_records_of_a_newer_tandem_are_refused(workspace, records):
    """R16: an old program leaves a newer database alone."""
    records.engine.dispose()
    with sqlite3.connect(workspace.root / "records.db") as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RecordsError, match="newer Tandem \\(revision 9999"):
        schema.ensure(records.engine, workspace.root / "records.lock", workspace.require_void)


def test_a_migration_that_breaks_off_leaves_nothing_behind(workspace, monkeypatch):
    real = schema._upgrade

    def broken(connection):
        real(connection)
        raise RecordsError("The power went.")

    with monkeypatch.context() as patch:
        patch.setattr(schema, "_upgrade", broken)
        with pytest.raises(RecordsError):
            Records.open(workspace)
    with sqlite3.connect(workspace.root / "records.db") as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == []
    Records.open(workspace)


def test_processes_that_open_new_records_together_all_succeed(workspace):
    command = [sys.executable, "-c", OPENER, str(workspace.root), workspace.records_url]
    openers = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    assert [opener.communicate()[1].decode() for opener in openers] == [""] * 4


def test_revisions_are_numbered_one_after_the_other():
    assert schema.revisions() == [f"{number:04d}" for number in range(1, len(schema.revisions()) + 1)]


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=str)
def test_every_table_can_be_made_on_postgresql(table):
    """Only that the statement can be written: no server is needed, and none is asked."""
    assert f"CREATE TABLE {table.name}" in str(CreateTable(table).compile(dialect=postgresql.dialect()))
