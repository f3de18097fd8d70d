"""What a worker that was killed leaves is removed by the engine, and nothing else is."""

import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import pytest

from engine.config import Workspace
from engine.runs.leftovers import remove_leftovers
from operators.children import folders

ROOT = Path(__file__).parents[2]
KILLED = "import os, sys, tempfile; tempfile.tempdir = sys.argv[1]; from operators.children import folders; "
KILLED += "(folders.made() / 'in.arrow').write_text('x'); os._exit(1)"


@pytest.fixture
def workspace(tmp_path):
    return Workspace.at(tmp_path / "workspace")


def test_the_scratch_folder_of_an_attempt_goes_with_its_answer(workspace):
    for name in ("0123abcd-left", "4567abcd-other"):
        (workspace.scratch / name).mkdir()
        (workspace.scratch / name / "rows.arrow").write_text("x")
    remove_leftovers(workspace, "0123abcd99", killed=False)
    assert [folder.name for folder in workspace.scratch.iterdir()] == ["4567abcd-other"]


def test_a_file_that_was_not_whole_goes_and_those_of_others_stay(workspace):
    places = [workspace.outputs / "partial" / "{}beef.parquet", workspace.exports / ".{}xyz-beef.partial"]
    for place, mark in product(places, ("0123abcd-", "4567abcd-")):
        path = Path(str(place).format(mark))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (workspace.exports / "0123abcd-people.csv").write_text("an export of a user")
    remove_leftovers(workspace, "0123abcd99", killed=True)
    left = [path.name for path in [*workspace.outputs.rglob("*.*"), *workspace.exports.iterdir()]]
    assert sorted(left) == [".4567abcd-xyz-beef.partial", "0123abcd-people.csv", "4567abcd-beef.parquet"]


def test_folders_of_a_process_that_is_gone_are_removed_and_those_of_others_kept(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, check=False)
    elsewhere = tmp_path / "tandem-child-1-1-1-made_in_another_container"
    elsewhere.mkdir()
    assert len(list(tmp_path.glob("tandem-child-*/in.arrow"))) == 1
    kept = folders.made()
    remove_leftovers(workspace, "0123abcd99", killed=True)
    assert set(tmp_path.glob("tandem-child-*")) == {elsewhere, kept}


def test_one_that_is_being_killed_is_gone_at_the_second_look(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("engine.runs.leftovers.AGAIN_S", 0.3)
    dying = KILLED.replace("os._exit(1)", "print('made', flush=True); input()")
    process = subprocess.Popen(
        [sys.executable, "-c", dying, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "made\n"
    remove_leftovers(workspace, "0123abcd99", killed=True)
    assert len(list(tmp_path.glob("tandem-child-*"))) == 1
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    while list(tmp_path.glob("tandem-child-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(tmp_path.glob("tandem-child-*")) == []
