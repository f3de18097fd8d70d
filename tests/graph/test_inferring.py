"""Columns are inferred once for equal steps on equal columns: a long pipeline is checked at each edit."""

from collections import Counter

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.graph.inferring import inferred
from engine.graph.pipeline import Pipeline
from engine.graph.problems import check
from operators.contract.tables import Column, schema_of
from operators.registry import BUILTIN
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
    pipeline, before = Pipeline("chain").add("read", BUILTIN.build("read_dataset", {"dataset": "t"})), "read"
    for number, text in enumerate(expressions):
        step = BUILTIN.build("formula_column", {"name": f"once{number}", "expression": text})
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


def test_a_column_that_is_called_otherwise_asks_only_the_steps_that_name_it(asked):
    check(chain("a + 61", "a + 62", "once0 + 63"), COLUMNS)
    renamed = chain("a + 61", "a + 62", "other + 63").set("s0", name="other")
    assert check(renamed, COLUMNS).problems == []
    assert asked == {"once0": 1, "other": 1, "once1": 1, "once2": 2}


def test_a_chain_of_columns_asks_each_step_once_whatever_stands_before_it(asked):
    steps = [f"a + {number}" for number in range(500, 530)]
    check(chain(*steps), COLUMNS)
    for place in range(0, 30, 10):
        steps[place] = f"a * {place}.5"
        check(chain(*steps), COLUMNS)
    assert sum(asked.values()) == 33


def schema_of_rows(example):
    return schema_of(nw.from_native(next(iter(example.inputs.values()))))


NARROW = [
    example
    for kind in BUILTIN.operators.values()
    for example in kind.examples()
    if [type(value) for value in example.inputs.values()] == [pl.DataFrame]
    and example.operator.works_on(schema_of_rows(example)) is not None
]
KINDS = st.sampled_from(["int64", "float64", "string", "boolean", "date", "datetime", "unknown"])
NAMES = st.sampled_from(["zz", "Age", "yy zz", "largest"])


@pytest.mark.parametrize("example", NARROW, ids=lambda example: example.operator.card.name)
@settings(max_examples=15)
@given(others=st.dictionaries(NAMES, KINDS, max_size=3), place=st.integers(0, 3), data=st.data())
def test_what_is_said_of_the_columns_it_works_on_is_what_is_said_of_all(example, others, place, data):
    (port,) = example.inputs
    own = list(schema_of_rows(example))
    beside = [Column(name, kind) for name, kind in others.items() if name not in {column.name for column in own}]
    schema = tuple(data.draw(st.permutations([*own[:place], *beside, *own[place:]])))
    whole = example.operator.infer({port: schema}, {})
    assert inferred(example.operator, {port: schema}, {}) == whole
