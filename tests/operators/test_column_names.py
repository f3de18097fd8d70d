"""What columns are called changes nothing: each example gives the same with its columns renamed to awkward names."""

import re

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from operators.contract.conversion import as_engine
from operators.contract.errors import ExpressionError, ParameterError
from operators.contract.operator import Example
from operators.contract.tables import collected, lazy
from operators.contract.values.model import Model
from operators.contract.values.state import State
from operators.evaluate.samples import people
from operators.learners.clusters import fit_clusters
from operators.learners.fitting import fit_model
from operators.prepare.select_features import SelectFeatures
from operators.prepare.target_encode import TargetEncode
from operators.registry import BUILTIN
from operators.testing.local import LocalContext
from operators.transform.sql_transform import SqlTransform
from tests.column_names import NAMES

STEP = 13  # offsets into the names, so that every name is tried in every example with up to so many columns
CHOICES = {"function", "method", "statistic", "how", "output", "division", "task", "algorithm", "metric", "kind"}
EXAMPLES = [
    pytest.param(example, id=f"{name}-{number}")
    for name, kind in BUILTIN.operators.items()
    for number, example in enumerate(kind.examples())
    if example.inputs and name not in {"python_script", "sql_transform"}  # whose text names columns
]


def swapped(value, names):
    """A JSON value with the names of columns replaced, in keys too, and the words of options left."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, dict):
        return {names.get(key, key): part if key in CHOICES else swapped(part, names) for key, part in value.items()}
    return [swapped(part, names) for part in value] if isinstance(value, list) else value


def said(text, names):
    """A SQL text with the names of columns replaced."""
    words = "|".join(map(re.escape, names))
    quoted = {old: '"' + new.replace('"', '""') + '"' for old, new in names.items()}
    return re.sub(rf"(?<![\"\w])({words})\b(?!\()", lambda found: quoted[found[1]], text)


def model_of(model, names):
    """A model as the example has it, of columns with other names."""
    called = {name: names.get(name, name) for name in people().columns}
    rows = people().rename(called)
    if model.task == "clustering":
        return fit_clusters(rows, "k_means", 2, features=(called["age"], called["plan"]), seed=1)
    return fit_model(rows, called[model.target], model.task, "linear")


def renamed(example, offset):
    """The example with its columns called by NAMES from `offset` on."""
    tables = [value for value in example.inputs.values() if isinstance(value, pl.DataFrame)]
    columns = list(dict.fromkeys(name for table in tables for name in table.columns))
    names = {name: NAMES[(offset + place) % len(NAMES)] for place, name in enumerate(columns)}
    given = example.operator.model_dump(mode="json", exclude_unset=True)
    fields = {
        field: said(value, names)
        if field in {"expression", "query"}
        else swapped({field: value}, {})[field]
        if field in CHOICES
        else swapped(value, names)
        for field, value in given.items()
    }
    inputs = {}
    for port, value in example.inputs.items():
        if isinstance(value, pl.DataFrame):
            inputs[port] = value.rename(names, strict=False)
        elif isinstance(value, Model):
            inputs[port] = model_of(value, names)
        else:
            inputs[port] = State.model_validate(swapped(value.model_dump(mode="json"), names))
    return Example(type(example.operator)(**fields), inputs)


def tables_of(example):
    """The tables that come out, by port, with their columns numbered."""
    inputs = {port: lazy(value) if isinstance(value, pl.DataFrame) else value for port, value in example.inputs.items()}
    with LocalContext() as context:
        outputs = example.operator.invoke(inputs, context)
        found = {port: collected(value) for port, value in outputs.items() if hasattr(value, "collect_schema")}
    return {
        port: table.rename(dict(zip(table.columns, map(str, range(table.width)), strict=True)))
        for port, table in found.items()
    }


@pytest.mark.parametrize("example", EXAMPLES)
def test_names_of_columns_change_nothing(example):
    own = tables_of(example)
    for offset in range(1, len(NAMES), STEP):  # at 0 the name `rows` would be given twice
        other = renamed(example, offset)
        for port, table in tables_of(other).items():
            assert_frame_equal(table, own[port])


@pytest.fixture(scope="module")
def rows():
    """A text, a number and a label that hang together."""
    texts = ["u", "v", "w"] * 40
    labels = ["yes" if (text == "u") != (place % 10 == 0) else "no" for place, text in enumerate(texts)]
    return pl.DataFrame({"text": texts, "n": [float(n % 7) for n in range(120)], "the label": labels})


@pytest.fixture(scope="module")
def answers(rows):
    """What the linear learner answers where the text is called `text`."""
    return fit_model(rows, "the label", "classification", "linear").answer(rows)


@pytest.mark.parametrize("name", NAMES)
def test_a_text_of_any_name_can_be_learnt_from_selected_and_encoded(rows, answers, name):
    table = rows.rename({"text": name})
    assert fit_model(table, "the label", "classification", "linear").answer(table).equals(answers)
    for method in ("association", "mutual_information"):
        assert name in SelectFeatures(target="the label", method=method).fit(lazy(table))["scores"]
    assert list(TargetEncode(target="the label").fit(lazy(table))["columns"]) == [name]


@pytest.mark.parametrize("algorithm", ["random_forest", "lightgbm", "hist_gradient_boosting", "baseline"])
def test_a_target_and_features_of_the_names_that_counts_have_can_be_learnt(rows, algorithm):
    table = rows.rename({"text": "count", "n": "rows", "the label": "value"})
    answers = fit_model(table, "value", "classification", algorithm).answer(table)
    assert answers["prediction"].is_in(["no", "yes"]).all()


def asked(query, table):
    """What sql_transform answers."""
    with LocalContext() as context:
        return collected(SqlTransform(query=query).invoke({"table": lazy(table)}, context)["table"])


def test_sql_gives_columns_of_any_name_as_they_are():
    apart = [name for name in NAMES if name not in {"Rows", "ROWS"}]
    table = pl.DataFrame({name: [place] for place, name in enumerate(apart)})
    assert_frame_equal(asked("SELECT * FROM table", table), table)


@pytest.mark.parametrize("query", ['SELECT "rows" FROM table', "SELECT * FROM table"])
def test_names_that_differ_in_case_only_are_refused_where_sql_would_take_one_for_the_other(query):
    with pytest.raises(ParameterError, match="'rows' and 'Rows' differ in case only"):
        asked(query, pl.DataFrame({"rows": [1], "Rows": [2]}))
    with pytest.raises(ParameterError, match="differ in case only"):
        as_engine(pl.DataFrame({"a": [1], "A": [2]}), "duckdb")


def test_sql_may_not_answer_names_that_differ_in_case_only():
    with pytest.raises(ExpressionError, match="would be called 'A'"):
        asked('SELECT 1 AS a, 2 AS "A"', pl.DataFrame({"b": [1]}))


def test_a_column_without_a_name_is_a_column():
    table = pl.DataFrame({"": ["u", "v"] * 20, "n": list(range(40)), "the label": ["yes", "no"] * 20})
    assert fit_model(table, "the label", "classification", "linear").answer(table)["prediction"][0] == "yes"
    figures = BUILTIN.build("group_aggregate", {"by": [""], "aggregations": [{"function": "rows"}]})
    assert collected(figures.transform(lazy(table)))["rows"].to_list() == [20, 20]
