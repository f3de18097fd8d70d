"""Deleting on the command line: one document each, and a sentence where it is refused."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from engine import Workbench

KILLED = """
import os, signal, sys, time
from engine import Workbench
from engine.workbench.deleting.datasets import Datasets
bench = Workbench.open(sys.argv[1])
Datasets.remove = lambda self, row: os.kill(os.getpid(), signal.SIGKILL)
bench.deletions.finish(time.time() + 3600)
"""


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A dataset of two versions, and a pipeline that reads it; the engine never starts."""
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    file = tmp_path / "people.csv"
    file.write_text("age\n1\n2\n")
    bench = Workbench.open(tmp_path / "w")
    bench.datasets.add("people", file)
    bench.datasets.add("people", file)
    read = {"operator": "read_dataset", "with": {"dataset": "people"}}
    bench.pipelines.create("older", {"name": "older", "nodes": {"read": read}})
    return bench


@pytest.fixture
def tandem(bench):
    """Call `tandem ... --json` on it: the status, the document, and what stands on stderr."""

    def call(*words):
        result = CliRunner().invoke(app, [*words, "--json"], env={"TANDEM_WORKSPACE": str(bench.workspace.root)})
        return result.exit_code, json.loads(result.stdout) if result.stdout else None, result.stderr

    return call


def test_a_version_is_deleted_and_taken_back(tandem):
    status, told, _ = tandem("data", "delete", "people@1")
    assert (status, told["kind"], told["name"], told["parts"]) == (0, "dataset", "people", ["1"])
    assert told["until"] - time.time() == pytest.approx(30, abs=5)
    assert [one["id"] for one in tandem("deleted")[1]] == [told["id"]]
    assert [one["version"] for one in tandem("data", "show", "people")[1]["versions"]] == [2]
    status, back, _ = tandem("undo", told["id"])
    assert (status, back["name"], tandem("deleted")[1]) == (0, "people", [])
    assert [one["version"] for one in tandem("data", "show", "people")[1]["versions"]] == [2, 1]


def test_what_a_pipeline_needs_is_named_and_refused(tandem):
    status, told, said = tandem("data", "delete", "people")
    assert (status, told) == (1, None)
    assert "The dataset 'people' is needed by pipeline older." in said
    assert tandem("data", "delete", "people", "--anyway")[1]["users"][0]["name"] == "older"
    assert tandem("data", "list")[1] == []


def test_every_command_that_deletes_names_what_is_not_there(tandem):
    groups = {"data": "dataset", "runs": "run", "models": "model", "services": "service", "pipelines": "pipeline"}
    for group, kind in groups.items():
        status, _, said = tandem(group, "delete", "nothing")
        assert (status, f"No {kind} 'nothing'" in said) == (2, True), group
    for group in ("reports", "captures"):
        assert tandem(group, "delete", "nothing")[0] == 2, group
    assert tandem("undo", "nothing")[0] == 2


def test_people_read_how_to_take_it_back(bench):
    env = {"TANDEM_WORKSPACE": str(bench.workspace.root)}
    shown = CliRunner().invoke(app, ["pipelines", "delete", "older"], env=env).stdout
    assert "Deleted pipeline older" in shown
    assert f"tandem undo {bench.deletions.list()[0]['id']}" in shown
    assert "older" in CliRunner().invoke(app, ["deleted"], env=env).stdout
    for words in (["pipelines", "list"], ["captures"], ["reports", "list", "none"]):
        assert CliRunner().invoke(app, words, env=env).exit_code == 0, words


def test_several_runs_are_deleted_with_one_command(bench, tandem):
    ids = [bench.pipelines.run("older").id for _ in range(3)]
    for run in ids:
        bench.runs.cancel(run)
    status, told, _ = tandem("runs", "delete", *ids[:2])
    assert (status, [one["name"] for one in told]) == (0, ids[:2])
    assert [one["id"] for one in tandem("runs", "list")[1]] == ids[2:]


def test_files_go_though_the_process_that_removed_them_was_killed(bench):
    bench.deletions.delete("dataset", "people", [2])
    killed = subprocess.run([sys.executable, "-c", KILLED, str(bench.workspace.root)], env=os.environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(bench.workspace.datasets.glob("*/table.parquet"))) == 2
    assert bench.deletions.finish()["dataset"] > 0
    assert len(list(bench.workspace.datasets.glob("*/table.parquet"))) == 1
    assert [one["version"] for one in bench.datasets.versions("people")] == [1]
