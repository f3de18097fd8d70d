"""A workspace with records of its own."""

import pytest

from engine.config import Workspace
from engine.records import Records, schema


@pytest.fixture(autouse=True)
def made_here(monkeypatch):
    """Here every database is made by the migrations themselves, none is a copy."""
    monkeypatch.setattr(schema, "_upgrade", schema._upgrade.__wrapped__)


@pytest.fixture
def workspace(tmp_path):
    return Workspace.at(tmp_path / "workspace", records_url=f"sqlite:///{tmp_path / 'workspace' / 'records.db'}")


@pytest.fixture
def records(workspace):
    return Records.open(workspace)
