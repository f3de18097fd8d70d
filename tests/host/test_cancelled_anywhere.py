"""R12: a run may be cancelled at any moment; it ends within seconds, and nothing of it goes on or is left."""

import random
import time
from contextlib import suppress

import polars as pl
import psutil
import pytest

from engine.records import attempts
from engine.runs.orders import SourceRef
from engine.runs.requests import cancel
from engine.stores.outputs import OutputStore
from operators.contract.tables import lazy
from resources.cluster import find_cluster
from resources.processes import marked
from tests.host.conftest import wait_for
from tests.runs.scripted import chain

pytestmark = [pytest.mark.ray, pytest.mark.slow]

WITHIN = 5.0
POINTS = 20
ROWS = 800_000
WHOLE = {"cpu": 1.0}
"""All of the share of `train`: a part of it that was not given back would hold up every run that follows."""
SQL = "SELECT age, amount, sum(amount) OVER (ORDER BY amount) AS total FROM table"
SCRIPT = """
import subprocess, time
def run(table):
    subprocess.Popen(["sleep", "600"])
    open("left.bin", "wb").write(b"x" * 2**22)
    time.sleep(0.7)
    return table.head(2000)
"""
STAGES = ("read", "step1", "ask", "script", "folds")
WORKERS = {"sleep", "ray::map", *(f"ray::{stage}" for stage in STAGES)}


def everything():
    """Return a pipeline that writes much, asks SQL, runs a script that starts others, and spreads work over workers."""
    pipeline = chain("age + 1").add("ask", "sql_transform", table="step1", resources=WHOLE).set("ask", query=SQL)
    pipeline = pipeline.add("script", "python_script", table="ask", resources=WHOLE).set("script", code=SCRIPT)
    pipeline = pipeline.add("folds", "cross_validate", table="script", resources=WHOLE)
    return pipeline.set("folds", target="amount", task="regression", algorithm="linear")


@pytest.fixture
def large(on_ray, tmp_path, monkeypatch):
    """An engine on Ray whose temporary folder is its own, with a table that takes a while to write."""
    on_ray.temporary = tmp_path / "temporary"
    on_ray.temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(on_ray.temporary))
    table = pl.select(age=pl.int_range(ROWS) % 90, amount=pl.int_range(ROWS).hash(7) % 1_000_000 / 7)
    ref = OutputStore(on_ray.workspace.outputs, on_ray.workspace.key).put_table(lazy(table))
    on_ray.sources = {"dataset:people": SourceRef(hash=ref.hash, table=ref).model_dump(mode="json")}
    on_ray.engine.start()
    return on_ray


def begun(bench):
    """Ask for a run that does everything anew; return it as soon as it runs."""
    with bench.records.write() as connection:
        connection.exec_driver_sql("DELETE FROM receipts")
    run = bench.ask(everything())
    wait_for(lambda: bench.document(run)["status"] != "queued")
    return run


def at_work(bench):
    """Return the processes of the workspace that work for a run."""
    found = []
    for one in marked(find_cluster(bench.workspace.root / "ray").mark):
        with suppress(psutil.Error):
            found += [one.pid] if psutil.Process(one.pid).name() in WORKERS else []
    return found


def not_whole(bench):
    """Return the outputs that are being written."""
    return list((bench.workspace.outputs / "partial").glob("*"))


def left(bench):
    """Return the files that a run has left where nothing shall stay."""
    root = bench.workspace.root
    places = (bench.workspace.scratch, root / "ray" / "held", bench.workspace.exports)
    found = [path for place in places if place.is_dir() for path in place.iterdir()]
    return found + not_whole(bench) + list(bench.temporary.glob("tandem-child-*/*"))


def check_a_cancellation(bench, run):
    """Cancel a run now; look at how soon it ends, and at what is left of it. Return how it ended."""
    asked = time.monotonic()
    cancel(bench.records, run)
    document = bench.ended(run)
    assert time.monotonic() - asked < WITHIN
    with bench.records.read() as connection:
        assert [row for row in attempts.of(connection, run) if row.status == "running"] == []
    for look in (at_work, left):
        deadline = time.monotonic() + WITHIN
        while look(bench) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert look(bench) == []
    return document["status"]


def test_a_run_may_be_cancelled_at_twenty_points(large):
    """Each asks for the whole share, so one that is not given back would hold up the next; the last ends by itself."""
    large.ended(begun(large))
    since = time.monotonic()
    assert large.ended(begun(large))["status"] == "succeeded"
    whole, dice, ends = time.monotonic() - since, random.Random(12), []
    for point in range(POINTS):
        run = begun(large)
        time.sleep(whole * (point + dice.random()) / POINTS)
        ends.append(check_a_cancellation(large, run))
    assert ends.count("cancelled") >= POINTS - 2
    assert large.ended(begun(large))["status"] == "succeeded"


def test_what_is_being_written_when_a_run_is_cancelled_is_removed(large):
    large.ended(begun(large))
    for _ in range(3):
        run = begun(large)
        wait_for(lambda: not_whole(large))
        assert check_a_cancellation(large, run) == "cancelled"
