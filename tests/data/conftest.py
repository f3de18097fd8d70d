"""A store in a workspace of its own, and files written from text."""

import pytest

from engine.config import Workspace
from engine.data.datasets import DatasetStore
from engine.data.formats import ReadOptions
from engine.data.parsing.delimited import read_delimited
from engine.records import Records


@pytest.fixture
def workspace(tmp_path):
    """An empty workspace."""
    return Workspace.at(tmp_path / "workspace", records_url=f"sqlite:///{tmp_path}/records.db")


@pytest.fixture
def store(workspace):
    """The datasets of an empty workspace."""
    return DatasetStore(workspace, Records.open(workspace))


@pytest.fixture
def written(tmp_path):
    """Write text or bytes to a file and return its path."""

    def write(content, name="table.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def read(written, tmp_path):
    """Read CSV text in this process: its rows as a frame, and the reading."""

    def reading(content, written_as="utf-8", **options):
        found = read_delimited(written(content, encoding=written_as), ReadOptions(**options), tmp_path)
        return found.table.collect(), found

    return reading
