"""A check lists every problem of a pipeline, with node, field, sentence and hint, before anything runs."""

import pytest

from engine.graph.pipeline import Pipeline
from engine.graph.problems import check
from operators.contract.tables import Column

PEOPLE = {"dataset:people": (Column("name", "string"), Column("age", "int64"), Column("left", "boolean"))}
GOOD = """
name: good
parameters: {share: 0.25}
nodes:
  read: {operator: read_dataset, with: {dataset: people}}
  split: {operator: split_rows, with: {test_share: "${share}", seed: 7}, from: {table: read}}
  fill: {operator: fill_missing, with: {columns: [age], statistic: median}, from: {train: split.train}}
  older: {operator: formula_column, with: {name: older, expression: age + 1}, from: {table: fill}}
"""


def problems_of(text, sources=PEOPLE):
    return check(Pipeline.from_text(text), sources).problems


def with_node(line):
    return Pipeline.from_text(f"{GOOD}  extra: {line}\n").to_yaml()


def test_a_good_pipeline_has_no_problem_and_a_schema_everywhere():
    findings = check(Pipeline.from_text(GOOD), PEOPLE)
    assert findings.problems == []
    assert findings.schemas["split"]["test"] == PEOPLE["dataset:people"]
    assert [column.name for column in findings.schemas["older"]["table"]] == ["name", "age", "left", "older"]


@pytest.mark.parametrize(
    ("line", "field", "says"),
    [
        ("{operator: fill_mising}", "operator", "No operator 'fill_mising'"),
        ("{operator: fill_missing@99, from: {train: read}}", "operator", "no version 99"),
        ("{operator: fill_missing, with: {columns: [agee]}, from: {train: read}}", "columns", "No column 'agee'"),
        ("{operator: fill_missing, with: {columns: 3}, from: {train: read}}", "columns", "columns"),
        ("{operator: fill_missing, with: {colums: [age]}, from: {train: read}}", "colums", "not a parameter"),
        ("{operator: fill_missing, with: {columns: [age]}}", "train", "not connected"),
        ("{operator: fill_missing, with: {columns: [age]}, from: {train: red}}", "train", "no node 'red'"),
        ("{operator: fill_missing, with: {columns: [age]}, from: {train: split.tset}}", "train", "no output 'tset'"),
        ("{operator: fill_missing, with: {columns: [age]}, from: {train: fill.state}}", "train", "takes a Table"),
        ("{operator: fill_missing, with: {columns: [age]}, from: {train: read, x: read}}", "x", "no input 'x'"),
        ("{operator: read_dataset, with: {dataset: peeple}}", "dataset", "no dataset 'peeple'"),
        ("{operator: split_rows, with: {test_share: '${shar}'}, from: {table: read}}", "test_share", "no parameter"),
        ("{operator: split_rows, from: {table: read}, resources: {gpu: 1.5}}", "resources", "1.5"),
        ("{operator: split_rows, from: {table: read}, resources: {memory: much}}", "resources", "much"),
        ("{operator: formula_column, with: {name: x, expression: age +}, from: {table: read}}", "expression", ""),
        (
            "{operator: filter_rows, with: {expression: 'true'}, from: {table: read}}",
            "expression",
            "cannot be computed",
        ),
        ("{operator: scale_numeric, with: {columns: [name]}, from: {train: split.train}}", "columns", "name"),
    ],
)
def test_a_fault_is_named_with_its_node_and_field(line, field, says):
    found = problems_of(with_node(line))
    assert [(problem.node, problem.field) for problem in found] == [("extra", field)]
    assert says in found[0].sentence
    assert found[0].hint


def test_every_fault_is_listed_in_the_order_of_the_nodes():
    found = problems_of(with_node("{operator: fill_missing, with: {columns: 3, statistic: mood}, from: {train: fil}}"))
    assert [problem.field for problem in found] == ["columns", "statistic", "train"]


def test_a_circle_is_one_problem_that_names_its_nodes():
    pipeline = Pipeline.from_text(GOOD).connect("split", "table", "older")
    found = [problem for problem in check(pipeline, PEOPLE).problems if problem.field == "from"]
    assert "split, fill, older" in found[0].sentence


def test_fitting_before_the_split_is_a_warning():
    text = """
    name: leak
    nodes:
      read: {operator: read_dataset, with: {dataset: people}}
      fill: {operator: fill_missing, with: {columns: [age]}, from: {train: read}}
      split: {operator: split_rows, from: {table: fill}}
    """
    findings = check(Pipeline.from_text(text), PEOPLE)
    assert [(problem.node, problem.severity) for problem in findings.problems] == [("fill", "warning")]
    assert findings.errors == []


def test_unknown_columns_are_no_problem_downstream():
    findings = check(Pipeline.from_text(GOOD), {"dataset:people": None})
    assert findings.problems == []
    assert findings.schemas["older"]["table"] is None


def test_nothing_is_said_of_sources_nobody_looked_up():
    assert check(Pipeline.from_text(GOOD)).problems == []


def test_an_empty_pipeline_says_so():
    assert check(Pipeline("empty")).problems[0].sentence == "The pipeline has no nodes."
