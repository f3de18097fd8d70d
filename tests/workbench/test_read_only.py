"""A read-only workbench shows everything and changes nothing, not even a file's time."""

import shutil
import sqlite3

import pytest

from engine import Workbench
from engine.config import Workspace
from engine.errors import ReadOnlyError
from engine.records import Records, runs
from engine.records.runs import RunRow

WRITES = {
    "add": lambda bench, file: bench.datasets.add("people", file),
    "job": lambda bench, file: bench.jobs.begin("import", {}),
    "cancel job": lambda bench, file: bench.jobs.cancel("j1"),
    "run": lambda bench, file: bench.run({"name": "p", "nodes": {}}),
    "cancel run": lambda bench, file: bench.runs.cancel("r1"),
    "resume": lambda bench, file: bench.runs.resume("r1"),
    "register": lambda bench, file: bench.models.register("r1", "fit", name="m"),
    "promote": lambda bench, file: bench.models.promote("m", 1),
    "stop": lambda bench, file: bench.services.stop("s"),
    "monitor": lambda bench, file: bench.monitor.check("s", file),
    "start": lambda bench, file: bench.engine.start(),
    "down": lambda bench, file: bench.engine.stop(),
    "scratch": lambda bench, file: bench.workspace.scratch,
}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / "people.csv"
    path.write_text("age,name\n1,Ann\n2,Bo\n")
    return path


@pytest.fixture(scope="module")
def root(tmp_path_factory, file):
    """A workspace that somebody has worked in and left."""
    bench = Workbench.open(tmp_path_factory.mktemp("left") / "workspace")
    bench.datasets.add("people", file)
    with Records.open(bench.workspace).write() as connection:
        runs.add(connection, RunRow("r1", "p", {"name": "p", "nodes": {}}))
    Records.open(bench.workspace).engine.dispose()
    return bench.workspace.root


@pytest.fixture
def bench(root, monkeypatch):
    """The same workspace, read-only."""
    monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    return Workbench.open(root)


def traces(root):
    return sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in root.rglob("*"))


def test_looking_leaves_no_trace(root, bench):
    before = traces(root)
    assert [entry["name"] for entry in bench.datasets.list()] == ["people"]
    assert bench.datasets.query("SELECT count(*) FROM people")["rows"] == [[2]]
    assert [run["id"] for run in bench.runs.list()] == ["r1"]
    bench.engine.ensure()
    seen = (bench.models.list(), bench.services.list(), bench.jobs.list(), bench.resources(), bench.doctor())
    assert seen[3]["environments"]
    assert traces(root) == before


@pytest.mark.parametrize("name", WRITES)
def test_every_change_is_refused_and_leaves_no_trace(root, bench, file, name):
    before = traces(root)
    with pytest.raises(ReadOnlyError, match="read-only") as caught:
        WRITES[name](bench, file)
    assert "TANDEM_READ_ONLY" in caught.value.hint
    assert traces(root) == before


def test_what_others_write_meanwhile_is_seen(root, tmp_path, monkeypatch):
    root = shutil.copytree(root, tmp_path / "copy")
    monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    bench = Workbench.open(root)
    with Records.open(Workspace.at(root)).write() as connection:
        runs.add(connection, RunRow("r2", "p", {"name": "p", "nodes": {}}))
    assert [run["id"] for run in bench.runs.list()] == ["r2", "r1"]


def test_nothing_is_made_where_nothing_is(tmp_path, monkeypatch):
    monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    with pytest.raises(ReadOnlyError, match="There is no workspace"):
        Workbench.open(tmp_path / "gone")
    with pytest.raises(ReadOnlyError, match="nothing in this workspace yet"):
        Workbench.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_old_records_are_not_updated(root, tmp_path, monkeypatch):
    root = shutil.copytree(root, tmp_path / "copy")
    with sqlite3.connect(root / "records.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    with pytest.raises(ReadOnlyError, match="older Tandem"):
        Workbench.open(root)
