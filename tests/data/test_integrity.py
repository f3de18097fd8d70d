"""A bit that flips on the disk is seen: by a run, by a question, and by the doctor."""

import os
import random

import polars as pl
import pytest

from engine import Workbench
from engine.data import integrity
from engine.data.integrity import is_whole, note_whole
from engine.errors import TamperedError
from tests.pages.conftest import drive

ROWS = 500
PIPELINE = "name: read\nnodes:\n  read: {operator: read_dataset, with: {dataset: numbers}}\n"


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A workbench with two versions of a dataset; no engine runs."""
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    bench = Workbench.open(tmp_path / "workspace")
    for shift in range(2):
        bench.datasets.put("numbers", pl.DataFrame({"n": [i * 7919 % 10_007 + shift for i in range(ROWS)]}))
    return bench


def table_of(bench, version):
    return bench._store.get(f"numbers@{version}").path


def flip(path, seed=0):
    """Change one bit of a file, as a disk does: without a word in its times."""
    before, content = path.stat(), bytearray(path.read_bytes())
    at = random.Random(seed).randrange(len(content))
    content[at] ^= 1 << seed % 8
    path.write_bytes(bytes(content))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    integrity._whole.clear()  # as in the next process


@pytest.mark.parametrize("seed", range(20))
def test_no_question_is_answered_from_a_flipped_bit(bench, seed):
    flip(table_of(bench, 2), seed)
    with pytest.raises(TamperedError, match="'numbers@2' is damaged"):
        bench.datasets.query("select sum(n) from numbers")


def test_a_run_over_a_damaged_version_fails_and_says_which(bench):
    flip(table_of(bench, 2))
    run = bench.run(PIPELINE)
    drive(bench.workspace.root)
    document = run.document()
    assert document["status"] == "failed"
    assert "'numbers@2' is damaged" in str(document)


def test_a_version_beside_a_damaged_one_is_read(bench):
    flip(table_of(bench, 2))
    assert bench.datasets.query('select count(*) from "numbers@1"')["rows"] == [[ROWS]]


def test_the_doctor_reads_all_when_it_is_asked_to(bench):
    assert "data" not in [check["name"] for check in bench.doctor()["checks"]]
    assert bench.doctor(deep=True)["ok"]
    flip(table_of(bench, 1))
    found = next(check for check in bench.doctor(deep=True)["checks"] if check["name"] == "data")
    assert not found["ok"]
    assert "numbers@1" in found["message"]
    assert "numbers@2" not in found["message"]


def test_the_doctor_names_an_output_that_is_damaged(bench):
    bench.run("name: s\nnodes:\n  read: {operator: read_dataset, with: {dataset: numbers}}\n"
              "  sort: {operator: sort_rows, with: {by: [n]}, from: {table: read}}\n")  # fmt: skip
    drive(bench.workspace.root)
    kept = next(path for path in bench.workspace.outputs.glob("??/*.parquet"))
    flip(kept)
    assert kept.name in str(bench.doctor(deep=True)["checks"])


def test_a_file_is_hashed_once_until_it_changes(tmp_path, monkeypatch):
    path, hashed = tmp_path / "a", []
    digest = integrity.hashlib.file_digest
    monkeypatch.setattr(integrity.hashlib, "file_digest", lambda *what: hashed.append(1) or digest(*what))
    path.write_bytes(b"one")
    expected = integrity.hashlib.sha256(b"one").hexdigest()
    assert [is_whole(path, expected) for _ in range(3)] == [True] * 3
    assert len(hashed) == 1
    path.write_bytes(b"two")
    assert not is_whole(path, expected)


def test_what_was_just_written_is_not_read_again(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"one")
    note_whole(path, "some hash")
    monkeypatch.setattr(integrity.hashlib, "file_digest", None)
    assert is_whole(path, "some hash")


def test_what_is_not_there_is_not_whole(tmp_path):
    assert not is_whole(tmp_path / "nothing", "0" * 64)
