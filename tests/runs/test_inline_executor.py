"""Stages done inline, with the real worker: answers, stops, and a disk that fails at every step."""

import os
from pathlib import Path

import polars as pl
import pytest

from engine.runs import executor, report
from engine.runs.driver import Driver
from engine.runs.inline_executor import InlineExecutor
from engine.runs.requests import resume
from tests.runs.scripted import chain

PIPELINE = chain("age + 1", "age * 2")
STEPS = 4
"""Flushes and renames of a run of it: two tables, each flushed and renamed."""


@pytest.fixture
def inline():
    inline = InlineExecutor()
    yield inline
    inline.close()


@pytest.fixture
def driver(workspace, records, inline):
    driver = Driver(workspace, records, inline)
    yield driver
    driver.close()


def finish(driver, records, run):
    """Drive until the run is over and return its document."""
    for _ in range(2_000):
        driver.turn(0.01)
        if not driver.busy and (document := report.document(records, run))["status"] not in ("queued", "running"):
            return document
    raise AssertionError("The run does not end.")


def test_a_run_computes_what_its_pipeline_says(driver, records, store, ask):
    document = finish(driver, records, ask(PIPELINE))
    assert document["status"] == "succeeded"
    assert {name: node["rows"] for name, node in document["nodes"].items()} == {"read": 3, "step1": 3, "step2": 3}
    path = store.root / document["nodes"]["step2"]["outputs"]["table"]["path"]

    assert pl.read_parquet(path)["column2"].to_list() == [60, 80, 100]


def test_a_fused_stage_is_one_attempt_and_all_its_nodes_are_told(driver, records, ask):
    pipeline = chain().add("a", "formula_column", table="read").set("a", name="x", expression="age + 1")
    pipeline = pipeline.add("b", "formula_column", table="a").set("b", name="y", expression="x + 1")
    document = finish(driver, records, ask(pipeline))
    assert (document["nodes"]["a"]["stage"], document["nodes"]["b"]["stage"]) == ("b", "b")
    assert (document["nodes"]["a"]["status"], document["nodes"]["a"]["rows"]) == ("done", None)
    assert document["nodes"]["b"]["rows"] == 3


def test_what_the_user_did_wrong_is_one_sentence(driver, records, ask):
    document = finish(driver, records, ask(chain("agee + 1")))
    assert document["status"] == "failed"
    assert "agee" in document["error"]["sentence"]
    assert document["error"]["node"] == "step1"
    assert document["nodes"]["step1"]["attempts"] == 1


def test_a_stopped_attempt_is_answered_once_as_lost_before_anything_else(inline):
    inline.stop("token")
    assert inline.answers(1.0) == [executor.Lost("token", "It was stopped.")]
    assert inline.answers(0.0) == []


def steps_of(monkeypatch, fails_at):
    """Let the k-th flush or rename of the session fail; return how many there were."""
    count = [0]

    def counted(real):
        def step(*arguments, **options):
            count[0] += 1
            if count[0] == fails_at:
                raise OSError(5, "Input/output error")
            return real(*arguments, **options)

        return step

    monkeypatch.setattr(os, "fsync", counted(os.fsync))
    monkeypatch.setattr(Path, "replace", counted(Path.replace))
    return count


def left_over(store):
    return list((store.root / "partial").iterdir())


@pytest.mark.parametrize("patience", [1, 3])
@pytest.mark.parametrize("fails_at", range(1, STEPS + 1))
def test_a_disk_that_fails_once_leaves_the_state_before_or_after(
    driver, records, store, ask, monkeypatch, fails_at, patience
):
    """R5: every step of a session fails once; nothing is half there, and going on gives the right result."""
    run = ask(PIPELINE, options={"max_attempts": patience})
    with monkeypatch.context() as patch:
        count = steps_of(patch, fails_at)
        document = finish(driver, records, run)
    assert count[0] >= fails_at
    assert left_over(store) == []
    assert document["status"] == ("failed" if patience == 1 else "succeeded")
    if patience == 1:
        assert "Input/output error" in document["error"]["sentence"]
        resume(records, run)
        document = finish(driver, records, run)
    assert document["status"] == "succeeded"
    for node in document["nodes"].values():
        for ref in node["outputs"].values():
            assert (store.root / ref["path"]).stat().st_size == ref["size"]


def test_a_session_without_faults_flushes_and_renames_what_it_keeps(driver, records, ask, monkeypatch):
    """The faults above are all there are."""
    with monkeypatch.context() as patch:
        count = steps_of(patch, -1)
        finish(driver, records, ask(PIPELINE))
    assert count[0] == STEPS
