"""What screens ask of datasets beyond their rows: files, versions against each other, who uses them."""

import polars as pl
import pytest

from engine import Workbench
from engine.config import Settings
from engine.errors import DataError, QueryError
from engine.host.jobs import JobLoop
from engine.records import runs
from engine.records.runs import RunRow


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A workbench with two versions of a dataset, whose jobs are done here."""
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    bench = Workbench.open(tmp_path / "workspace")
    bench.datasets.put("people", pl.DataFrame({"name": ["=Ann", "Bo"], "age": [30, 40], "old": [1, 2]}))
    bench.datasets.put("people", pl.DataFrame({"name": ["Cy"] * 60, "age": [30.5] * 60}))
    return bench


def done(bench, kind, **arguments):
    job = bench.jobs.begin(kind, arguments)
    JobLoop(bench.workspace, bench._records, Settings()).do_waiting()
    return bench.jobs.show(job), bench.jobs.folder(job)


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_a_dataset_is_written_to_a_file(bench, kind):
    job, folder = done(bench, "export", dataset="people@1", format=kind)
    assert job["result"] == {**job["result"], "job": job["id"], "file": f"export.{kind}", "format": kind}
    assert (folder / job["result"]["file"]).stat().st_size == job["result"]["bytes"] > 0


def test_the_answer_of_a_query_is_written_to_a_file(bench):
    asked, _ = done(bench, "query", sql='SELECT name FROM "people@1" ORDER BY name')
    _, folder = done(bench, "export", job=asked["id"], format="csv")
    assert (folder / "export.csv").read_text("utf-8-sig") == "name\n'=Ann\nBo\n"


def test_an_answer_is_kept_as_a_dataset_once(bench):
    job, _ = done(bench, "keep", name="grown ups", sql='SELECT * FROM "people@1" WHERE age > 35')
    assert (job["result"]["name"], job["result"]["rows"], job["result"]["version"]) == ("grown ups", 1, 1)
    assert bench.datasets.put("grown ups", pl.DataFrame({"a": [1]}), key=job["id"])["version"] == 1


@pytest.mark.parametrize(("name", "sql"), [("a/b", "SELECT 1"), ("a", "SELECT * FROM nope"), ("a", "DROP TABLE x")])
def test_what_cannot_be_kept_is_a_sentence(bench, name, sql):
    job, _ = done(bench, "keep", name=name, sql=sql)
    assert job["error"]["sentence"]
    assert [entry["name"] for entry in bench.datasets.list()] == ["people"]


def test_versions_differ_in_columns_and_in_values(bench):
    assert bench.datasets.difference("people@1", "people@2") == {
        "added": [],
        "removed": [{"name": "old", "type": "int64"}],
        "changed": [{"name": "age", "before": "int64", "after": "float64"}],
        "moved": False,
    }
    job, _ = done(bench, "contrast", before="people@1", after="people@2")
    assert {column["name"] for column in job["result"]["columns"]} == {"name", "age"}


def test_runs_that_read_a_dataset_are_told_with_its_version(bench):
    pin = {"hash": "h", "label": "people@1"}
    with bench._records.write() as connection:
        runs.add(connection, RunRow("r1", "churn", {}, sources={"dataset:people": pin}))
        runs.add(connection, RunRow("r2", "other", {}, sources={"dataset:x": {"hash": "h", "label": "people2@1"}}))
    assert [(one["run"], one["pipeline"], one["version"]) for one in bench.datasets.usage("people")] == [
        ("r1", "churn", 1)
    ]


def test_charts_are_drawn_by_name(bench):
    spec = bench.datasets.charts("people@1")[0]
    assert bench.datasets.chart("people@1", spec)["total_rows"] == 2
    with pytest.raises(QueryError):
        bench.datasets.chart("people", {"kind": "histogram", "x": "gone"})


def test_a_file_is_peeked_at_by_a_child(bench, tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert bench.datasets.peek(tmp_path / "a.csv")["rows"] == [[1, 2]]
    assert not list(bench.workspace.scratch.iterdir())


def test_a_sheet_that_is_too_large_is_a_sentence(bench, tmp_path):
    bench.datasets.put("long", pl.DataFrame({"a": range(1_048_576)}))
    with pytest.raises(DataError, match="sheet"):
        bench.datasets.export("long", tmp_path / "t.xlsx", "xlsx")
