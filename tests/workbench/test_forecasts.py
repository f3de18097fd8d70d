"""What a run will take is told by what earlier ones took, along the longest way, and nothing where nothing is known."""

import pytest

from engine import Workbench
from engine.errors import NotFoundError
from engine.records import Records, attempts, runs
from engine.records.attempts import AttemptRow
from engine.runs.expectations import Expectations, StageKind
from tests.pages.conftest import SAMPLES

PIPELINE = """
name: two ways
nodes:
  read: {operator: read_dataset, with: {dataset: churn}}
  short: {operator: sample_rows, with: {count: 5}, from: {table: read.table}, pin: true}
  long: {operator: drop_missing, from: {table: read.table}, pin: true}
"""


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    bench = Workbench.open(tmp_path / "workspace")
    bench.datasets.add("churn", SAMPLES / "churn.csv")
    return bench


@pytest.fixture
def ran(bench):
    """Write that a run of the pipeline has been, with the seconds of each stage."""

    def write(**seconds):
        run = bench.run(PIPELINE).id
        with Records.open(bench.workspace).write() as connection:
            for node, took in seconds.items():
                attempts.add(connection, AttemptRow(run, node, 1, f"{run}-{node}", "succeeded", 1.0, seconds=took))
        return run

    return write


def test_nothing_is_told_before_anything_was(bench):
    told = bench.forecast(PIPELINE)
    assert told["seconds"] is None
    assert told["unknown"] == len(told["stages"]) == 3


def test_the_longest_way_counts(bench, ran):
    ran(read=1.0, short=2.0, long=10.0)
    told = bench.forecast(PIPELINE)
    assert told["seconds"] == pytest.approx(11.0)
    share = bench.environments.show("train")["quota"]["cpu"] / 10_000
    assert 0 < told["cpu_hours"] <= 13 * max(1, share) / 3600
    assert told["gpu_hours"] == 0
    assert told["unknown"] == 0


def test_a_stage_of_which_nothing_is_known_is_counted(bench, ran):
    ran(read=1.0)
    told = bench.forecast(PIPELINE)
    assert (told["seconds"], told["unknown"]) == (pytest.approx(1.0), 2)


def test_an_unknown_environment_is_said(bench):
    with pytest.raises(NotFoundError, match="trian"):
        bench.forecast(PIPELINE, environment="trian")


def test_more_rows_are_another_kind_and_what_ends_is_learned(bench, ran):
    run = ran(read=1.0)
    with Records.open(bench.workspace).read() as connection:
        row = runs.get(connection, run)
    expectations = Expectations(Records.open(bench.workspace))
    kind = StageKind.of(row.document, "read", row.sources, "polars")
    assert kind.rows > 0
    larger = StageKind(kind.operator, kind.parameters, kind.engine, kind.rows * 64)
    for _ in range(3):
        expectations.ended(larger, 64.0)
    assert expectations.expected(larger) == pytest.approx(64.0)
    assert expectations.expected(kind) < 64
    assert StageKind.of(row.document, "gone", {}, "polars") is None


def test_memory_is_forecast_for_stages_that_work_at_once(bench):
    run = bench.run(PIPELINE).id
    with Records.open(bench.workspace).write() as connection:
        for node, memory in (("read", 100), ("short", 40), ("long", 70)):
            row = AttemptRow(run, node, 1, f"{run}-{node}", "succeeded", 1.0, seconds=1.0, memory=memory * 2**20)
            attempts.add(connection, row)
    told = bench.forecast(PIPELINE)
    assert told["memory"] == pytest.approx(110 * 2**20, rel=0.01)
    assert {one["stage"]: round(one["memory"] / 2**20) for one in told["stages"]} == {
        "read": 100, "short": 40, "long": 70
    }  # fmt: skip
    assert told["tight"] == []
    narrow = PIPELINE.replace("from: {table: read.table}, pin: true}\n  long", "resources: {memory: 20MiB}, "
                              "from: {table: read.table}, pin: true}\n  long")  # fmt: skip
    assert bench.forecast(narrow)["tight"] == ["short"]


def test_memory_is_not_told_where_nobody_measured_it(bench, ran):
    ran(read=1.0)
    assert bench.forecast(PIPELINE)["memory"] is None
