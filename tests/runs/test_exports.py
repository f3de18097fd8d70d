"""Files that runs leave: whole, in their folder, written by every run, and never run by a spreadsheet."""

import polars as pl
import pytest

from engine import Workbench
from engine.config import Workspace
from engine.errors import DataError, InvalidNameError, NotFoundError
from engine.records.database import Records
from engine.runs.context import WorkerContext
from engine.runs.driver import Driver
from engine.runs.exports import export_to, exports_in
from engine.runs.inline_executor import InlineExecutor
from operators.contract.conversion import as_engine
from operators.contract.tables import lazy

PEOPLE = pl.DataFrame({"name": ["Ann", "=1+1", None], "age": [30, None, 50]})
PIPELINE = {
    "name": "people",
    "nodes": {
        "read": {"operator": "read_dataset", "with": {"dataset": "people"}},
        "write": {"operator": "write_table", "with": {"name": "people"}, "from": {"table": "read"}},
        "sort": {"operator": "sort_rows", "with": {"by": ["age"]}, "from": {"table": "write"}},
    },
}


def written(folder, table=PEOPLE, kind="csv", **more):
    scratch = folder.parent / "scratch"
    for place in (folder, scratch):
        place.mkdir(exist_ok=True)
    return export_to(folder, table, "people", kind, scratch, **more)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_a_file_holds_the_rows_and_nothing_is_left_beside_it(tmp_path, engine, kind):
    folder = tmp_path / "exports"
    assert written(folder, as_engine(PEOPLE, engine), kind) == 3
    assert [file["name"] for file in exports_in(folder)] == [f"people.{kind}"]
    assert [path.name for path in folder.iterdir()] == [f"people.{kind}"]
    assert list((tmp_path / "scratch").iterdir()) == []


def test_an_export_that_fails_leaves_the_earlier_file(tmp_path):
    folder = tmp_path / "exports"
    written(folder, lazy(PEOPLE), "xlsx")
    before = (folder / "people.xlsx").read_bytes()
    with pytest.raises(DataError, match="does not fit into a sheet"):
        written(folder, lazy(pl.DataFrame({"a": range(1_048_576)})), "xlsx")
    assert (folder / "people.xlsx").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["people.xlsx"]


@pytest.mark.parametrize("name", ["../people", "/etc/people", "a/b", "..", ".hidden", "", "CON"])
def test_a_name_never_leads_out_of_the_folder(tmp_path, name):
    context = WorkerContext.__new__(WorkerContext)
    context._workspace, context._scratch = Workspace.at(tmp_path), tmp_path
    with pytest.raises(InvalidNameError):
        context.export(lazy(PEOPLE), name, "csv")
    assert list(tmp_path.rglob("*.csv")) == []


def test_every_run_writes_the_file_and_the_rest_is_reused(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    bench = Workbench.open(tmp_path)
    bench.datasets.put("people", PEOPLE)
    texts = []
    for _ in range(2):
        run = bench.run(PIPELINE)
        driven(bench.workspace)
        nodes = run.document()["nodes"]
        assert [one["name"] for one in bench.exports.list()] == ["people.csv"]
        texts.append(bench.exports.path("people.csv").read_text("utf-8-sig"))
        bench.exports.remove("people.csv")
    assert texts == ["name,age\nAnn,30\n'=1+1,\n,50\n"] * 2
    assert [nodes[name]["status"] for name in ("read", "write", "sort")] == ["reused", "done", "reused"]


def test_only_what_was_exported_is_handed_out(tmp_path):
    bench = Workbench.open(tmp_path)
    for name in ("records.db", "../records.db", "people.csv"):
        with pytest.raises(NotFoundError):
            bench.exports.path(name)


def driven(workspace):
    """Do what was asked for, here."""
    executor = InlineExecutor()
    driver = Driver(workspace, Records.open(workspace), executor)
    driver.turn(0.1)
    while driver.busy:
        driver.turn(0.1)
    driver.close()
    executor.close()
