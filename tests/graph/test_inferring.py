"""Columns are inferred once for equal steps on equal columns: a long pipeline is checked at each edit."""

from collections import Counter

import pytest

from engine.graph.pipeline import Pipeline
from engine.graph.problems import check
from operators.contract.tables import Column
from operators.registry import build
from operators.transform.formula_column import FormulaColumn

COLUMNS = {"dataset:t": (Column("a", "int64"), Column("b", "string"))}


@pytest.fixture
def asked(monkeypatch):
    """How often each column was asked for."""
    counts, infer = Counter(), FormulaColumn.infer

    def counting(self, inputs, sources):
        counts[self.name] += 1
        return infer(self, inputs, sources)

    monkeypatch.setattr(FormulaColumn, "infer", counting)
    return counts


def chain(*expressions):
    pipeline, before = Pipeline("chain").add("read", build("read_dataset", {"dataset": "t"})), "read"
    for number, text in enumerate(expressions):
        step = build("formula_column", {"name": f"once{number}", "expression": text})
        pipeline, before = pipeline.add(f"s{number}", step, table=before), f"s{number}"
    return pipeline


def test_a_pipeline_that_did_not_change_is_not_inferred_again(asked):
    first = check(chain("a + 71", "a + 72"), COLUMNS)
    assert check(chain("a + 71", "a + 72"), COLUMNS) == first
    assert asked == {"once0": 1, "once1": 1}


def test_an_edit_asks_only_the_step_and_what_comes_after(asked):
    check(chain("a + 81", "a + 82", "a + 83"), COLUMNS)
    check(chain("a + 81", "length(b)", "a + 83"), COLUMNS)
    assert asked == {"once0": 1, "once1": 2, "once2": 1}  # the last sees the same columns as before


def test_a_fault_is_told_each_time_and_goes_with_its_cause():
    wrong = chain("gone + 91")
    assert [check(wrong, COLUMNS).problems[0].field for _ in range(2)] == ["expression", "expression"]
    assert check(wrong, {"dataset:t": (Column("gone", "int64"),)}).problems == []
    assert check(wrong, COLUMNS).problems != []


def test_other_types_of_the_same_columns_are_asked_anew():
    found = [
        check(chain("a"), {"dataset:t": (Column("a", kind),)}).schemas["s0"]["table"] for kind in ("int64", "date")
    ]
    assert [schema[-1].type for schema in found] == ["int64", "date"]
