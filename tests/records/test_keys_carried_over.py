"""Records of an older Tandem kept keys in documents: they are found again after the update."""

import json
import sqlite3

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from engine.records import Records, datasets, reports, schema

WHO = ("default", "local", 1.0)


@pytest.fixture
def older(workspace):
    """The database as Tandem made it before keys had columns."""
    config = Config()
    config.set_main_option("script_location", str(schema.SCRIPTS))
    with create_engine(workspace.records_url).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
    return workspace.root / "records.db"


def test_keys_of_older_records_are_found_and_the_newest_has_it(workspace, older):
    with sqlite3.connect(older) as before:
        for version, key in ((1, "gesture"), (2, "gesture"), (3, None)):
            told = json.dumps({"rows": 1, "key": key})
            before.execute("INSERT INTO datasets VALUES (?, ?, ?, ?, ?, ?, ?)", ("people", version, *WHO, "hash", told))
        window = json.dumps({"label": "w", "key": "gesture"})
        before.execute("INSERT INTO drift_reports VALUES (1, ?, ?, ?, 'live', ?, '{}')", (*WHO, window))
    with Records.open(workspace).read() as connection:
        assert datasets.made_for(connection, "people", "gesture").version == 2
        assert len(datasets.every(connection, "people")) == 3
        assert reports.made_for(connection, "live", "gesture").id == 1
