"""Datasets are kept whole or not at all, under names that cannot leave the store."""

import errno
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from engine.data import datasets as module
from engine.data.datasets import DatasetStore, read_options
from engine.errors import (
    ConfigError,
    DataError,
    InvalidNameError,
    NotFoundError,
    QueryError,
    StoreError,
    UnreadableFileError,
)
from engine.records import Records

PEOPLE = "name,age\nAnn,30\nBo,40\nCy,fifty\nDi,50\nEd,60\n"


def left(workspace):
    """Everything under the store, by path."""
    return sorted(str(path.relative_to(workspace.datasets)) for path in workspace.datasets.rglob("*"))


def test_a_file_becomes_version_one_with_all_that_is_known_of_it(store, written):
    version = store.add("people", written(PEOPLE))
    document = version.document()
    assert {"name", "version", "rows", "rejected", "columns", "content_hash"} <= set(document)
    assert (document["version"], document["rows"], document["rejected"]) == (1, 4, 1)
    assert document["columns"] == [{"name": "name", "type": "string"}, {"name": "age", "type": "int64"}]
    assert document["sniffed"]["delimiter"] == ","


def test_adding_again_makes_the_next_version_and_keeps_the_first(store, written):
    first = store.add("people", written(PEOPLE))
    second = store.add("people", written("name,age\nAnn,31\n"))
    assert (second.version, store.get("people").rows, store.get("people@1").rows) == (2, 1, 4)
    assert first.path.is_file()
    assert [entry["version"] for entry in store.versions("people")] == [2, 1]
    assert [entry["name"] for entry in store.list()] == ["people"]


def test_many_may_add_at_once_and_each_gets_its_own_version(store):
    with ThreadPoolExecutor(6) as pool:
        added = list(pool.map(lambda number: store.put("busy", pl.DataFrame({"a": [number]})), range(12)))
    assert sorted(version.version for version in added) == list(range(1, 13))
    for version in added:
        assert store.get(f"busy@{version.version}").content_hash == version.content_hash


def test_the_same_file_has_the_same_content_hash(store, written):
    rows = "".join(f"{number},{number % 7}.5,text {number % 1000}\n" for number in range(300_000))
    path = written(f"a,b,c\n{rows}")
    assert len({store.add("same", path).content_hash for _ in range(3)}) == 1


def test_a_table_is_put_and_read_back(store):
    store.put("数据", pl.DataFrame({"a": [1, None], "b": ["x", "y"]}))
    assert store.table("数据").collect().to_native().rows() == [(1, "x"), (None, "y")]
    assert store.get("数据").schema[0].type == "int64"


def test_rejected_lines_are_shown_with_their_numbers(store, written):
    store.add("people", written(PEOPLE))
    assert store.rejects("people") == {
        "columns": ["line", "column", "reason", "raw"],
        "rows": [[4, "age", "'fifty' is not a whole number", "Cy,fifty"]],
        "total_rows": 1,
    }


def test_what_the_reader_noticed_stands_among_the_warnings_of_the_profile(store, written):
    store.add("ids", written("id\n007\n008\n"))
    profile = store.profile("ids")
    assert (profile["name"], profile["version"], profile["rows"]) == ("ids", 1, 2)
    assert {"one_column", "leading_zeros"} <= {warning["kind"] for warning in profile["warnings"]}


def test_sql_reads_datasets_and_their_versions(store, written):
    store.add("people", written(PEOPLE))
    store.add("people", written("name,age\nAnn,31\n"))
    answer = store.query('SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM "people@1")')
    assert answer["rows"] == [[1, 4]]


def test_names_that_differ_only_in_case_are_told_apart_or_refused(store):
    store.put("People", pl.DataFrame({"a": [1]}))
    store.put("people", pl.DataFrame({"a": [2]}))
    assert store.query("SELECT a FROM People")["rows"] == [[1]]
    assert store.query("SELECT a FROM people")["rows"] == [[2]]
    with pytest.raises(QueryError, match="differ only in case"):
        store.query("SELECT a FROM PEOPLE")


@pytest.mark.parametrize(
    "name",
    ["../people", "/etc/passwd", "", "a" * 300, "a\0b", "..", ".", "a/b", "a\\b", "CON", "x@1", " x", "x.", "<b>",
     "\u202egnp", "people\n", "-rf"],
)  # fmt: skip
def test_names_that_could_do_harm_are_refused_and_change_nothing(store, workspace, written, name):
    with pytest.raises(InvalidNameError):
        store.put(name, pl.DataFrame({"a": [1]}))
    with pytest.raises(InvalidNameError):
        store.add(name, written(PEOPLE))
    assert left(workspace) == []


@pytest.mark.parametrize("name", ["people", "Päivi", "客户", "2024 sales", "a.b-c_d"])
def test_names_of_people_are_allowed(store, name):
    assert store.put(name, pl.DataFrame({"a": [1]})).name == store.get(name).name == name


@pytest.mark.parametrize(
    "label",
    ["../../x", "..\\x", "/etc/passwd", "a\0b", "x" * 300, "CON", "<script>alert(1)</script>", "\u202egnp.exe"],
)
def test_a_label_never_becomes_a_path_and_shows_on_one_line(store, workspace, written, tmp_path, label):
    before = sorted(tmp_path.iterdir())
    version = store.add("safe", written(PEOPLE), label=label)
    (folder,) = workspace.datasets.iterdir()
    assert folder.name.isalnum()
    assert sorted(tmp_path.iterdir()) == sorted({*before, tmp_path / "table.csv"})
    source = version.manifest.source
    assert len(source) <= 200
    assert source.isprintable()


@pytest.mark.parametrize("content", [b"", bytes(range(256)) * 50, b"PAR1broken", b"PK\x03\x04broken", b"\x1f\x8bx"])
def test_a_corrupt_upload_leaves_nothing_behind(store, workspace, written, content):
    with pytest.raises(UnreadableFileError):
        store.add("bad", written(content))
    assert left(workspace) == []
    assert store.list() == []


def test_a_parser_that_crashes_leaves_nothing_behind(store, workspace, written, monkeypatch):
    monkeypatch.setattr(module, "parse", _crashes)
    with pytest.raises(UnreadableFileError, match="SIGSEGV"):
        store.add("bad", written(PEOPLE))
    assert left(workspace) == []


def _crashes(path, options, folder, *, limits, stopping):
    (folder / "table.parquet").write_bytes(b"half")
    raise UnreadableFileError(f"The parser of {path.name} was stopped by SIGSEGV, so nothing was stored.")


@pytest.mark.parametrize("step", ["sync_tree", "move_into_place", "sha256_of"])
def test_a_disk_that_fills_at_any_step_leaves_nothing_and_says_what_is_needed(
    store, workspace, written, monkeypatch, step
):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, step, full)
        with pytest.raises(DataError, match=r"disk is full: storing table\.csv needs about \d+ bytes"):
            store.add("people", written(PEOPLE))
    assert left(workspace) == []
    assert store.list() == []
    assert store.add("people", written(PEOPLE)).version == 1


def test_a_file_larger_than_the_free_space_is_refused_before_it_is_read(store, workspace, written, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1000, 990, 10))
    with pytest.raises(DataError, match="and 10 are free"):
        store.add("people", written(PEOPLE))
    assert left(workspace) == []


def test_records_that_fail_leave_no_files(store, workspace, written, monkeypatch):
    def broken(*_):
        raise StoreError("the records failed")

    monkeypatch.setattr(module.rows, "add", broken)
    with pytest.raises(StoreError):
        store.add("people", written(PEOPLE))
    assert left(workspace) == []


def test_a_commit_that_fails_after_the_files_are_in_place_takes_them_away(store, workspace, written, monkeypatch):
    def moved_then_broken(folder, target):
        folder.rename(target)
        raise StoreError("the records failed")

    monkeypatch.setattr(module, "move_into_place", moved_then_broken)
    with pytest.raises(StoreError):
        store.add("people", written(PEOPLE))
    assert left(workspace) == []


def test_what_a_killed_process_left_is_swept(store, workspace, written):
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    gone = workspace.datasets / f".incoming-{int(dead.stdout)}-abc"
    ours = workspace.datasets / f".incoming-{os.getpid()}-abc"
    gone.mkdir()
    ours.mkdir()
    store.add("people", written(PEOPLE))
    assert (gone.exists(), ours.exists()) == (False, True)


def test_a_missing_dataset_names_what_was_meant(store):
    store.put("customers", pl.DataFrame({"a": [1]}))
    with pytest.raises(NotFoundError, match="No dataset 'customer'") as caught:
        store.get("customer")
    assert "customers" in caught.value.hint
    with pytest.raises(NotFoundError, match="no version 7"):
        store.get("customers@7")
    with pytest.raises(InvalidNameError, match="not a version"):
        store.get("customers@first")


def test_files_that_are_gone_are_a_sentence(store, workspace):
    version = store.put("people", pl.DataFrame({"a": [1]}))
    shutil.rmtree(version.folder)
    with pytest.raises(StoreError, match="people@1"):
        store.get("people")


def test_another_process_finds_what_was_added(store, workspace, written):
    store.add("people", written(PEOPLE))
    assert DatasetStore(workspace, Records.open(workspace)).get("people").rows == 4


def test_the_manifest_on_disk_is_json_with_the_truth(store, written):
    version = store.add("people", written(PEOPLE))
    manifest = json.loads((version.folder / "manifest.json").read_text())
    assert (manifest["rows"], manifest["rejected"], manifest["content_hash"]) == (4, 1, version.content_hash)
    assert module.sha256_of(version.path) == version.content_hash


def test_an_option_that_does_not_exist_is_a_sentence():
    with pytest.raises(ConfigError, match="'delimitor'"):
        read_options(delimitor=";")
    assert read_options(delimiter="tab", encoding=None).delimiter == "\t"


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_is_not_there_is_a_sentence(store, tmp_path, name):
    with pytest.raises(UnreadableFileError, match="There is no file"):
        store.add("people", tmp_path / name)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_small_disk_fills_with_a_sentence_and_works_again(tmp_path, written):
    from engine.config import Workspace

    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        small = Workspace.at(disk / "workspace", records_url=f"sqlite:///{tmp_path}/small.db")
        store = DatasetStore(small, Records.open(small))
        noise = pl.DataFrame({f"c{n}": pl.int_range(200_000, eager=True).hash(seed=n) for n in range(3)})
        with pytest.raises(DataError, match="disk is full"):
            store.put("noise", noise)
        noise.write_csv(tmp_path / "noise.csv")
        with pytest.raises(DataError, match=r"disk is full: storing noise\.csv needs about \d+ bytes"):
            store.add("noise", tmp_path / "noise.csv")
        assert list(Path(small.datasets).iterdir()) == []
        assert store.put("noise", noise.head(100)).rows == 100
    finally:
        subprocess.run(["umount", disk], check=False)
