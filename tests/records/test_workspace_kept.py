"""A workspace whose records are gone is not taken for a new one, and nobody else reads what is kept."""

import sqlite3

import polars as pl
import pytest

from engine import Workbench
from engine.config import Workspace
from engine.errors import ConfigError, RecordsError
from engine.records import database


@pytest.fixture
def root(tmp_path):
    """A folder that was there before, open to everybody, with a dataset in the workspace that it became."""
    root = tmp_path / "shared"
    root.mkdir(mode=0o755)
    (root / "notes.txt").write_text("mine")
    (root / "notes.txt").chmod(0o644)
    Workbench.open(root).datasets.put("numbers", pl.DataFrame({"n": [1]}))
    database._OPEN.clear()
    return root


@pytest.mark.parametrize("left", [None, b""])
def test_data_without_records_is_no_new_workspace(root, left):
    for path in root.glob("records.db*"):
        path.unlink()
    if left is not None:
        (root / "records.db").write_bytes(left)
    with pytest.raises(RecordsError, match="missing or empty, though it holds datasets") as caught:
        Workbench.open(root)
    assert "backup" in caught.value.hint
    assert list((root / "datasets").iterdir())


def test_the_records_that_are_put_back_open_again(root):
    with sqlite3.connect(root / "records.db") as records, sqlite3.connect(root.parent / "kept.db") as backup:
        records.backup(backup)
    for path in root.glob("records.db*"):
        path.unlink()
    with pytest.raises(RecordsError):
        Workbench.open(root)
    database._OPEN.clear()
    (root.parent / "kept.db").replace(root / "records.db")
    assert [one["name"] for one in Workbench.open(root).datasets.list()] == ["numbers"]


def test_what_is_kept_is_closed_to_others_and_what_is_not_ours_is_left_alone(root):
    assert Workspace.at(root).exposed() == []
    assert (root / "records.db").stat().st_mode & 0o077 == 0
    assert (root / "datasets").stat().st_mode & 0o077 == 0
    assert (root / "notes.txt").stat().st_mode & 0o777 == 0o644


def test_what_was_open_before_is_closed_when_it_is_opened(root):
    for name in ("records.db", "datasets"):
        (root / name).chmod(0o755)
    assert [path.name for path in Workspace.at(root).exposed()] == ["datasets", "records.db"]
    Workbench.open(root)
    assert Workspace.at(root).exposed() == []


def test_the_doctor_says_what_others_can_read(root):
    bench = Workbench.open(root)
    (root / "records.db").chmod(0o644)
    found = {check["name"]: check for check in bench.doctor()["checks"]}
    assert (found["modes"]["ok"], "records.db" in found["modes"]["message"]) == (False, True)


@pytest.mark.parametrize("content", [b"", b"12345", b"x" * 31])
def test_a_short_secret_is_refused(root, content):
    (root / "secret.key").write_bytes(content)
    with pytest.raises(ConfigError, match=f"has {len(content)} bytes"):
        _ = Workspace.at(root).key
