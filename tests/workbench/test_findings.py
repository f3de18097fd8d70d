"""A pipeline is checked once for an edit and for who looks at it after, until something that it depends on changes."""

import pytest

from engine import Pipeline, Workbench
from engine.graph.bind import bind
from engine.graph.learnt import schema_key
from engine.records.database import Records
from engine.records.settings import put_setting
from operators.contract.tables import Column
from operators.registry import BUILTIN
from operators.transform.formula_column import FormulaColumn

SUM = {"name": "c", "expression": "a + 1"}


@pytest.fixture
def bench(tmp_path):
    """A workspace with a dataset `t` of one column `a`, and a draft `sums` that adds a column to it."""
    bench = Workbench.open(tmp_path / "workspace")
    put(bench, tmp_path, "a\n1\n")
    read = Pipeline("sums").add("read", BUILTIN.build("read_dataset", {"dataset": "t"}))
    bench.pipelines.create("sums", read.add("sum", BUILTIN.build("formula_column", SUM), table="read"))
    return bench


@pytest.fixture
def walks(monkeypatch):
    """The pipelines that were walked over."""
    walked = []

    def counting(pipeline, outside):
        walked.append(pipeline)
        return bind(pipeline, outside)

    monkeypatch.setattr("engine.workbench.findings.bind", counting)
    return walked


def put(bench, folder, text):
    (folder / "t.csv").write_text(text)
    bench.datasets.add("t", folder / "t.csv")


def test_an_edit_and_the_page_that_shows_it_check_once(bench, walks):
    draft = bench.pipelines.edit("sums", 1, {"op": "set", "node": "sum", "with": {**SUM, "expression": "a * 2"}})
    for _ in range(3):
        assert bench.check(draft["document"])["problems"] == []
    assert bench.pipelines.check("sums")["problems"] == []
    assert len(walks) == 1


def test_a_run_that_is_asked_for_is_not_checked_again(bench, walks, monkeypatch):
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    asked = Pipeline.from_document(bench.pipelines.open("sums")["document"]).set("sum", expression="a * 3")
    for ask in (bench.check, bench.forecast, bench.run):
        ask(asked)
    assert len(walks) == 1


def test_a_dataset_that_changed_is_checked_against(bench, walks, tmp_path):
    assert bench.pipelines.check("sums")["problems"] == []
    put(bench, tmp_path, "b\n1\n")
    assert [problem["sentence"] for problem in bench.pipelines.check("sums")["problems"]] == ["No column 'a'."]
    put(bench, tmp_path, "a\n2\n")
    assert bench.pipelines.check("sums")["problems"] == []


def test_what_code_was_seen_to_give_is_known_at_the_next_check(bench):
    code = BUILTIN.build("python_script", {"code": "def run(table):\n    return table"})
    script = (
        Pipeline("scripted")
        .add("read", BUILTIN.build("read_dataset", {"dataset": "t"}))
        .add("code", code, table="read")
    )
    assert bench.check(script)["schemas"]["code"]["table"] is None
    key = schema_key(code, {"table": (Column("a", "int64"),)})
    with Records.open(bench.workspace).write() as connection:
        put_setting(connection, key, {"table": [["z", "int64"]]})
    assert bench.check(script)["schemas"]["code"]["table"] == [{"name": "z", "type": "int64"}]


def test_an_operator_whose_code_was_loaded_anew_is_asked_anew(bench, monkeypatch):
    class Anew(FormulaColumn):
        def infer(self, inputs, sources):
            return {"table": None}

    assert bench.pipelines.check("sums")["schemas"]["sum"]["table"] is not None
    monkeypatch.setitem(BUILTIN.operators, "formula_column", Anew)
    assert bench.pipelines.check("sums")["schemas"]["sum"]["table"] is None
