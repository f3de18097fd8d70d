"""Which columns a script gives is learnt from an empty table in its sandbox, where a user asks for that."""

import time

import pytest

from engine import Workbench
from engine.config import Settings
from engine.errors import NotFoundError
from engine.host.jobs import JobLoop
from engine.records import Records
from operators.script.python_script import PythonScript
from tests.pages.conftest import drive, work

OLDER = "def run(table):\n    return table.with_columns(older=pl.col('age') + 1)\n"
NEEDS_ROWS = "def run(table):\n    return table.with_columns(first=table['age'][0])\n"


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A workspace with a dataset `people` of one column `age`, whose engine never starts."""
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    (tmp_path / "people.csv").write_text("age\n1\n2\n")
    bench = Workbench.open(tmp_path / "workspace")
    bench.datasets.add("people", tmp_path / "people.csv")
    return bench


def script(code, table="read", **fields):
    return {"operator": "python_script", "with": {"code": code, **fields}, "from": {"table": table}}


def pipeline(by="oldr", **scripts):
    read = {"operator": "read_dataset", "with": {"dataset": "people"}}
    sort = {"operator": "sort_rows", "with": {"by": [by]}, "from": {"table": list(scripts)[-1]}}
    return {"name": "p", "nodes": {"read": read, **scripts, "sort": sort}}


def told(bench, asked):
    return [(one["node"], one["severity"], one["sentence"]) for one in bench.check(asked)["problems"]]


def test_a_wrong_column_behind_a_script_is_told_after_it_was_tried(bench):
    asked = pipeline(clean=script(OLDER))
    assert told(bench, asked) == [("clean", "warning", "The columns that 'clean' gives are not known yet.")]
    assert bench.learn_columns(asked) == {"learnt": ["clean"], "problems": []}
    assert told(bench, asked) == [("sort", "warning", "No column 'oldr'.")]  # rows may bring it
    names = [column["name"] for column in bench.check(asked)["schemas"]["clean"]["table"]]
    assert names == ["age", "older"]


def test_scripts_in_a_row_are_tried_in_turn_and_known_ones_are_not(bench, monkeypatch):
    asked = pipeline("older", clean=script(OLDER), again=script("def run(table): return table.reverse()", "clean"))
    assert bench.learn_columns(asked)["learnt"] == ["clean", "again"]
    assert told(bench, asked) == []
    monkeypatch.setattr(PythonScript, "try_empty", None)
    assert bench.learn_columns(asked) == {"learnt": [], "problems": []}


def test_only_the_node_that_is_asked_about_and_what_leads_to_it_is_tried(bench):
    asked = pipeline(clean=script(OLDER), other=script("def run(table): return table"))
    assert bench.learn_columns(asked, node="clean")["learnt"] == ["clean"]
    with pytest.raises(NotFoundError, match="'claen'"):
        bench.learn_columns(asked, node="claen")


@pytest.mark.parametrize(
    ("code", "fields", "says"),
    [
        (NEEDS_ROWS, {}, "Line 2: "),
        ("def run(table):\n    while True: pass", {"timeout_s": 1}, "The script took longer than 1 s."),
        ("def run(table):\n    return table, bytearray(2**33)", {"memory_mb": 512}, "MemoryError"),
        ("def run(table): return table.select(z=pl.Series([]))", {}, "Without rows the type of 'z' does not show."),
        ("def run(table): return pl.DataFrame(table.to_dicts())", {}, "run(table) returned no columns."),
    ],
)
def test_code_that_needs_rows_or_more_than_it_may_is_a_sentence_and_blocks_nothing(bench, code, fields, says):
    asked = pipeline(clean=script(code, **fields))
    told_of = bench.learn_columns(asked)
    (problem,) = told_of["problems"]
    assert (told_of["learnt"], problem["node"], problem["severity"]) == ([], "clean", "warning")
    assert problem["sentence"].startswith("'clean' cannot be tried on an empty table: ")
    assert says in problem["sentence"]
    assert problem["hint"] == "If it needs rows, a run will find out its columns; or declare them."
    assert bench.run(asked).id


def test_no_check_save_or_request_for_a_run_runs_the_code(bench, monkeypatch):
    monkeypatch.setattr("operators.script.python_script.run_script", None)
    asked = pipeline(clean=script(OLDER))
    bench.check(asked)
    bench.pipelines.create("p", asked)
    bench.forecast(asked)
    assert bench.run(asked).id


def test_a_run_overwrites_what_an_empty_table_told_and_is_not_overwritten(bench):
    code = "def run(table):\n    return table.select(many='age') if len(table) else table.select(none='age')\n"
    asked = pipeline("many", clean=script(code))
    assert bench.learn_columns(asked)["learnt"] == ["clean"]
    assert told(bench, asked) == [("sort", "warning", "No column 'many'.")]  # so that no run is refused for it
    bench.run(asked)
    drive(bench.workspace.root)
    assert [column["name"] for column in bench.check(asked)["schemas"]["clean"]["table"]] == ["many"]
    assert bench.learn_columns(asked)["learnt"] == []
    assert told(bench, asked) == []
    assert told(bench, pipeline("none", clean=script(code))) == [("sort", "error", "No column 'none'.")]


def test_as_a_job_it_is_done_by_the_engine(bench):
    asked = pipeline("older", clean=script(OLDER))
    job = bench.jobs.begin("columns", {"pipeline": asked, "node": "clean"})
    assert told(bench, asked)[0][0] == "clean"
    work(bench.workspace.root)
    assert bench.jobs.show(job)["result"] == {"learnt": ["clean"], "problems": []}
    assert told(bench, asked) == []


def test_a_job_that_is_cancelled_ends_its_script(bench):
    asked = pipeline(clean=script("def run(table):\n    while True: pass"))
    loop = JobLoop(bench.workspace, Records.open(bench.workspace), Settings())
    loop.start()
    job = bench.jobs.begin("columns", {"pipeline": asked, "node": "clean"})
    while bench.jobs.show(job)["status"] == "queued":
        time.sleep(0.02)
    bench.jobs.cancel(job)
    assert bench.jobs.wait(job, 30)["status"] == "cancelled"
    loop.stop()
    assert told(bench, asked)[0][0] == "clean"


def test_behind_a_script_that_cannot_be_tried_the_next_says_what_it_lacks(bench):
    asked = pipeline("older", clean=script(NEEDS_ROWS), again=script("def run(table): return table", "clean"))
    first, second = bench.learn_columns(asked)["problems"]
    assert first["node"] == "clean"
    assert second["sentence"].endswith("The columns that reach it are not known.")
    assert second["hint"] == "Find out those first, or declare its own."
