"""A workspace in one file: taken while it is worked in, put back elsewhere, and refused when anything in it is odd."""

import io
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
import threading
import time
from contextlib import closing

import polars as pl
import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from engine import Workbench
from engine.data.datasets import DatasetStore
from engine.errors import ConfigError, EngineError, RecordsError, StoreError, TamperedError
from engine.records import Records, engine_lock, schema
from engine.serving.folder import load
from engine.serving.values import rows_to_json
from engine.workbench.backing import archive, backup, snapshot
from engine.workbench.backing.archive import Contents, write_archive


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A workspace with one dataset, whose engine never starts."""
    monkeypatch.delenv("TANDEM_RECORDS_URL", raising=False)
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    bench = Workbench.open(tmp_path / "workspace")
    DatasetStore(bench.workspace, Records.open(bench.workspace)).put("people", pl.DataFrame({"age": [1, 2, 3]}))
    return bench


@pytest.fixture
def file(bench, tmp_path):
    """A backup of it."""
    path = tmp_path / "backup.tandem"
    bench.backup(path)
    return path


def forged(path, files, listed=None, change=lambda entry: None):
    """Write an archive as `write_archive` does, of any entries: `files` is name to bytes."""
    listed = {name: (len(data), "0" * 64) for name, data in files.items()} if listed is None else listed
    contents = Contents(format=1, revision=schema.revisions()[-1], made=0.0, files=listed)
    with path.open("wb") as out:
        hashing = archive._Hashing(out)
        with tarfile.open(fileobj=hashing, mode="w|") as tar:
            text = contents.model_dump_json().encode()
            tar.addfile(archive._entry("manifest.json", len(text)), io.BytesIO(text))
            for name, data in files.items():
                entry = archive._entry(name, len(data))
                change(entry)
                tar.addfile(entry, io.BytesIO(data))
        out.write(b"TANDEM-BACKUP-1 " + hashing.hash.hexdigest().encode() + b"\n")


def test_a_workspace_comes_back_as_it_was(models_copy, tmp_path):
    """R19: a dataset, its runs and a registered model, which gives the same answers elsewhere."""
    done = models_copy.backup(tmp_path / "backup")
    assert (done["datasets"], done["models"], done["runs"], done["verified"]) == (1, 2, 2, True)
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    restored = Workbench.restore(tmp_path / "backup", tmp_path / "elsewhere")
    assert restored == {**done, "workspace": str(tmp_path / "elsewhere")}
    other = Workbench.open(tmp_path / "elsewhere")
    sql = "SELECT count(*), sum(tenure_months) FROM churn"
    assert other.datasets.query(sql)["rows"] == models_copy.datasets.query(sql)["rows"]
    run = models_copy.runs.list()[0]["id"]
    assert other.runs.preview(run, "read") == models_copy.runs.preview(run, "read")
    mine, theirs = (bench._models.get("churn", 1) for bench in (models_copy, other))
    assert mine == theirs
    assert answers(other) == answers(models_copy)
    assert other.doctor(deep=True)["checks"][5]["ok"]


def answers(bench):
    """What the first version of the model answers to its reference, as a service loads it."""
    piece = load(bench._models.load("churn", 1), bench.workspace.key)
    rows = pl.read_parquet(bench._models.reference("churn", 1)).select(list(piece.required)).head(20)
    return piece.answer(rows_to_json(rows))


def test_it_holds_a_moment_though_two_processes_write(bench, tmp_path):
    writers = [subprocess.Popen([sys.executable, "-c", KEEP_PUTTING, str(bench.workspace.root), name])
               for name in ("one", "two")]  # fmt: skip
    try:
        while len(bench.datasets.list()) < 3:
            assert [writer.poll() for writer in writers] == [None, None]
            time.sleep(0.05)
        for number in range(3):
            file = tmp_path / f"backup{number}"
            assert bench.backup(file)["verified"]
            Workbench.restore(file, tmp_path / f"restored{number}")
            restored = Workbench.open(tmp_path / f"restored{number}")
            store = DatasetStore(restored.workspace, Records.open(restored.workspace))
            count, damaged = store.examined()
            assert count > 2
            assert damaged == []
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()


KEEP_PUTTING = """
import sys
import polars as pl
from engine import Workbench
from engine.data.datasets import DatasetStore
from engine.records import Records
bench = Workbench.open(sys.argv[1])
store = DatasetStore(bench.workspace, Records.open(bench.workspace))
while True:
    store.put(sys.argv[2], pl.DataFrame({"x": [1, 2, 3]}))
"""
"""Adds versions of a dataset until it is killed; a program, as tests of pages change what a spawned one would run."""


def test_what_is_deleted_while_it_is_taken_is_still_in_it(bench, tmp_path, monkeypatch):
    honest = snapshot._copy_database

    def then_delete(path, target):
        honest(path, target)
        shutil.rmtree(bench.workspace.datasets)

    monkeypatch.setattr(snapshot, "_copy_database", then_delete)
    assert bench.backup(tmp_path / "backup")["verified"]
    Workbench.restore(tmp_path / "backup", tmp_path / "elsewhere")
    assert Workbench.open(tmp_path / "elsewhere").datasets.query("SELECT sum(age) AS s FROM people")["rows"] == [[6]]


def test_what_is_damaged_already_is_named(bench, tmp_path):
    table = next(bench.workspace.datasets.glob("*/table.parquet"))
    table.write_bytes(b"x" + table.read_bytes()[1:])
    done = bench.backup(tmp_path / "backup")
    assert (done["verified"], done["damaged"]) == (False, ["people@1"])


def test_the_restored_workspace_knows_no_process_of_the_other(bench, tmp_path):
    """Its `tandem down` would end the engine of the workspace that was backed up."""
    engine_lock.announce(Records.open(bench.workspace))
    bench.engine.note(os.getpid(), "screens")
    bench.backup(tmp_path / "backup")
    Workbench.restore(tmp_path / "backup", tmp_path / "elsewhere")
    other = Workbench.open(tmp_path / "elsewhere")
    assert other.engine.status()["running"] is False
    assert other.engine.stop() == {"stopped": []}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), cut=st.booleans())
def test_a_flipped_byte_or_a_cut_is_refused_and_leaves_nothing(file, tmp_path, where, cut):
    whole = file.read_bytes()
    at = int(where * len(whole))
    bad = tmp_path / "bad"
    bad.write_bytes(whole[:at] if cut else whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises(TamperedError, match=r"damaged|no whole backup"):
        Workbench.restore(bad, tmp_path / "elsewhere")
    assert not [path for path in tmp_path.iterdir() if "elsewhere" in path.name]


@pytest.mark.parametrize(
    "name", ["../outside", "/tmp/outside", "datasets/../../outside", "engine.lock", "ray/token", "datasets//x", "."]
)
def test_a_name_that_leads_out_is_refused(tmp_path, name):
    forged(tmp_path / "bad", {name: b"x"})
    with pytest.raises(TamperedError, match="which no backup has"):
        Workbench.restore(tmp_path / "bad", tmp_path / "elsewhere")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE])
def test_anything_but_a_file_is_refused(tmp_path, kind):
    def change(entry):
        entry.type, entry.linkname = kind, "/etc/passwd"

    forged(tmp_path / "bad", {"datasets/x": b""}, change=change)
    with pytest.raises(TamperedError, match="which no backup has"):
        Workbench.restore(tmp_path / "bad", tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_is_longer_than_listed_or_not_listed_is_refused(tmp_path):
    for listed in ({"datasets/x": (1, "0" * 64)}, {}):
        forged(tmp_path / "bad", {"datasets/x": b"long"}, listed)
        with pytest.raises(TamperedError, match="which no backup has"):
            Workbench.restore(tmp_path / "bad", tmp_path / "elsewhere")


def test_a_bomb_is_refused_before_anything_is_written(tmp_path):
    """A sparse file is a few bytes in the archive and as large as it says on the disk."""

    def change(entry):
        entry.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(2**40)}

    data = b"1\n0\n0\n".ljust(512, b"\0")
    forged(tmp_path / "bad", {"datasets/x": data}, {"datasets/x": (2**40, "0" * 64)}, change)
    with pytest.raises(EngineError, match=r"which no backup has|no room|damaged"):
        Workbench.restore(tmp_path / "bad", tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_a_workspace_that_is_not_empty_is_left_alone(bench, file):
    with pytest.raises(ConfigError, match="is not empty"):
        Workbench.restore(file, bench.workspace.root)


def test_an_empty_folder_is_filled(file, tmp_path):
    (tmp_path / "empty").mkdir()
    Workbench.restore(file, tmp_path / "empty")
    assert Workbench.open(tmp_path / "empty").datasets.list()[0]["name"] == "people"


def test_a_file_that_is_there_is_not_overwritten(bench, tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(ConfigError, match="already"):
        bench.backup(tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_backup_that_breaks_off_leaves_nothing(bench, tmp_path, monkeypatch, error):
    def break_off(out, *_):
        out.write(b"half")
        raise error

    monkeypatch.setattr(backup, "write_archive", break_off)
    with pytest.raises((KeyboardInterrupt, StoreError)):
        bench.backup(tmp_path / "backup")
    assert [path.name for path in tmp_path.iterdir()] == ["workspace"]
    assert list(bench.workspace.scratch.iterdir()) == []


def test_what_is_no_backup_says_so(tmp_path):
    (tmp_path / "other").write_bytes(b"PK" * 300)
    with pytest.raises(TamperedError, match="no whole backup of Tandem"):
        Workbench.restore(tmp_path / "other", tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="cannot be read: No such file"):
        Workbench.restore(tmp_path / "nowhere", tmp_path / "elsewhere")


def versioned(bench, tmp_path, revision):
    """Return a backup whose records say that they are of another revision."""
    staged = tmp_path / "staged"
    snapshot.take(bench.workspace, staged)
    with closing(sqlite3.connect(staged / "records.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    contents, found = backup._contents(staged, [])
    with (tmp_path / "other").open("wb") as out:
        write_archive(out, contents, found)
    return tmp_path / "other"


def test_records_of_a_newer_tandem_are_refused(bench, tmp_path):
    with pytest.raises(RecordsError, match="by a newer Tandem"):
        Workbench.restore(versioned(bench, tmp_path, "9999"), tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_records_of_an_older_tandem_are_brought_up_to_date(bench, tmp_path):
    """What its last migration made is taken away, and made again on the way."""
    newest, before = schema.revisions()[-1], schema.revisions()[-2]
    staged = tmp_path / "staged"
    snapshot.take(bench.workspace, staged)
    contents, found = backup._contents(staged, [])
    engine = create_engine(f"sqlite:///{staged / 'records.db'}")
    config = Config()
    config.set_main_option("script_location", str(schema.SCRIPTS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, before)
    engine.dispose()
    old = (found["records.db"].stat().st_size, backup._hash(found["records.db"]))
    contents = contents.model_copy(update={"revision": before, "files": {**contents.files, "records.db": old}})
    with (tmp_path / "old").open("wb") as out:
        write_archive(out, contents, found)
    Workbench.restore(tmp_path / "old", tmp_path / "elsewhere")
    assert snapshot.revision_of(tmp_path / "elsewhere" / "records.db") == newest
    assert Workbench.open(tmp_path / "elsewhere").datasets.query("SELECT sum(age) FROM people")["rows"] == [[6]]


def test_folders_that_come_and_go_while_it_looks_do_not_stop_it(tmp_path):
    (tmp_path / "table.parquet").write_bytes(b"1")
    over = threading.Event()

    def come_and_go():
        while not over.is_set():
            (tmp_path / ".incoming").mkdir()
            (tmp_path / ".incoming").rmdir()

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        assert [list(snapshot.files_of(tmp_path)) for _ in range(1000)] == [[tmp_path / "table.parquet"]] * 1000
    finally:
        over.set()
        other.join()
