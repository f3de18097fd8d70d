"""Projects are told what they used, and held to what they may hold."""

import time

import pytest

from engine.records import Records, attempts, runs
from engine.records.attempts import AttemptRow
from engine.records.runs import RunRow
from engine.runs.shares import current_environments
from resources.errors import ShareError
from resources.scheduling.setups import setups_of


@pytest.fixture
def bench(machine_of_four):
    return machine_of_four


@pytest.fixture
def worked(bench):
    """Write that a project's run has worked for some seconds with some shares."""

    def write(run, project, status="succeeded", ago=60.0, **seconds):
        nodes = {name: {"operator": "x", "resources": {"gpu": 0.5, "cpu": 1}} for name in seconds}
        now = time.time()
        with Records.open(bench.workspace).write() as connection:
            runs.add(connection, RunRow(run, "p", {"name": "p", "nodes": nodes}, project=project))
            for name, took in seconds.items():
                row = AttemptRow(run, name, 1, run + name, status, now - ago - took, ended=now - ago, seconds=took)
                attempts.add(connection, row)

    return write


def test_hours_are_told_by_project(bench, worked):
    worked("r1", "ann", fit=3600.0, score=1800.0)
    worked("r2", "bo", fit=360.0, status="failed")
    worked("r3", "bo", fit=7200.0, ago=40 * 86_400)
    ann, bo = bench.accounts()
    assert (ann["project"], ann["runs"], ann["attempts"]) == ("ann", 1, 2)
    assert (ann["cpu_hours"], ann["gpu_hours"]) == (pytest.approx(1.5), pytest.approx(0.75))
    assert (bo["runs"], bo["gpu_hours"]) == (1, pytest.approx(0.05))
    assert bench.accounts(days=60)[0]["project"] == "bo"


def test_nobody_has_used_anything_at_first(bench):
    assert bench.accounts() == []


def test_a_project_has_a_limit_until_it_has_none(bench):
    desk = bench.environments
    assert desk.change("train", projects={"ann": {"gpu": "0.25"}})["projects"]["ann"]["gpu"] == 2_500
    specs = current_environments(Records.open(bench.workspace))
    quota = setups_of(desk._inventory(), specs)["train"].quotas["ann"]
    assert (quota.gpu, quota.cpu) == (2_500, desk.show("train")["quota"]["cpu"])
    assert desk.change("train", projects={"ann": None})["projects"] == {}
    assert len(desk.history("train")) == 2


def test_a_limit_that_cannot_be_is_refused(bench):
    with pytest.raises(ShareError, match="negative"):
        bench.environments.change("train", projects={"ann": {"gpu": -1}})
