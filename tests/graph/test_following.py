"""What is said of steps that rows cannot follow, and of models that rows cannot judge, before anything runs."""

import pytest

from engine.graph.pipeline import Pipeline
from engine.graph.problems import check
from operators.contract.tables import Column

PEOPLE = {
    "dataset:people": (
        Column("age", "int64"),
        Column("plan", "string"),
        Column("left", "boolean"),
        Column("size", "float64"),
    ),
    "dataset:others": (Column("age", "int64"), Column("left", "string")),
}
SCORED = """
name: scored
nodes:
  read: {operator: read_dataset, with: {dataset: people}}
  others: {operator: read_dataset, with: {dataset: others}}
  split: {operator: split_rows, from: {table: read}}
  step: {operator: OPERATOR, with: PARAMETERS, from: {table: split.train}}
  fit: {operator: train_classifier, with: {target: left}, from: {train: step}}
  score: {operator: score_classifier, with: SCORE, from: {model: fit, table: ROWS}}
"""
SQL = "{query: SELECT * FROM table}"
SCRIPT = "{code: 'def run(table): return table', columns: {age: int64, plan: string, left: boolean, size: float64}}"


def found_in(operator="rename_columns", parameters="{names: {size: height}}", score="{}", rows="split.test"):
    text = SCORED.replace("OPERATOR", operator).replace("PARAMETERS", parameters).replace("SCORE", score)
    return check(Pipeline.from_text(text.replace("ROWS", rows)), PEOPLE).problems


def told(problems):
    return [(problem.node, problem.field, problem.severity) for problem in problems]


def test_a_pipeline_whose_rows_can_follow_has_no_problem():
    assert found_in() == []


def test_sql_before_a_score_is_an_error_on_its_node_that_names_what_follows():
    (problem,) = found_in("sql_transform", SQL)
    assert (problem.node, problem.severity) == ("step", "error")
    assert "'score'" in problem.sentence
    assert "formula_column" in problem.hint


def test_sql_before_the_split_runs_and_cannot_be_served():
    text = SCORED.replace("OPERATOR", "rename_columns").replace("PARAMETERS", "{names: {size: height}}")
    text = text.replace("ROWS", "split.test").replace("SCORE", "{}").replace("{table: read}", "{table: sql}")
    pipeline = Pipeline.from_text(f"{text}  sql: {{operator: sql_transform, with: {SQL}, from: {{table: read}}}}\n")
    (problem,) = check(pipeline, PEOPLE).problems
    assert (problem.node, problem.severity) == ("sql", "warning")
    assert "No service" in problem.sentence


@pytest.mark.parametrize(
    ("operator", "parameters"),
    [("python_script", SCRIPT), ("group_aggregate", "{by: [age, left], aggregations: [{function: rows, name: n}]}")],
)
def test_what_follows_as_a_whole_runs_and_cannot_be_served(operator, parameters):
    (problem,) = found_in(operator, parameters)
    assert (problem.node, problem.severity) == ("step", "warning")


@pytest.mark.parametrize(
    ("score", "field", "severity", "says"),
    [
        ("{target: lefft}", "target", "error", "No column 'lefft'"),
        ("{target: plan}", "target", "warning", "compares it with 'plan'"),
        ("{positive: yes please}", "positive", "error", "'yes please'"),
    ],
)
def test_a_wrong_target_is_told_on_the_score(score, field, severity, says):
    first = found_in(score=score)[0]
    assert (first.node, first.field, first.severity) == ("score", field, severity)
    assert says in first.sentence


def test_rows_of_another_table_are_told_what_they_lack_and_how_their_labels_differ():
    found = found_in("select_columns", "{columns: [age, left]}", rows="others")
    assert told(found) == [("score", "target", "warning")]
    assert "string" in found[0].sentence
    lacking = found_in("formula_column", "{name: bigger, expression: size * 2}", rows="others")
    assert told(lacking) == [("score", "table", "error")]
    assert "'size'" in lacking[0].sentence


def test_a_regressor_cannot_be_scored_as_a_classifier():
    pipeline = Pipeline.from_text(
        """
name: wrong
nodes:
  read: {operator: read_dataset, with: {dataset: people}}
  fit: {operator: train_regressor, with: {target: age}, from: {train: read}}
  score: {operator: score_classifier, from: {model: fit, table: read}}
"""
    )
    (problem,) = check(pipeline, PEOPLE).problems
    assert (problem.node, problem.field, problem.severity) == ("score", "model", "error")
    assert "score_regressor" in problem.hint


def test_an_algorithm_that_does_something_else_is_told_before_the_run():
    pipeline = Pipeline("wrong").add("read", "read_dataset").set("read", dataset="people")
    pipeline = pipeline.add("cv", "cross_validate", table="read").set("cv", target="agee", task="regression")
    assert told(check(pipeline, PEOPLE).problems) == [("cv", "target", "error")]


def test_a_state_applied_to_rows_without_its_column_is_told():
    pipeline = Pipeline("state").add("read", "read_dataset").set("read", dataset="people")
    pipeline = pipeline.add("others", "read_dataset").set("others", dataset="others")
    pipeline = pipeline.add("fill", "fill_missing", train="read").set("fill", columns=["size"])
    pipeline = pipeline.add("apply", "apply_state", table="others", state="fill.state")
    assert told(check(pipeline, PEOPLE).problems) == [("apply", "table", "error")]


def test_a_circle_above_a_model_is_told_once_and_nothing_else():
    pipeline = Pipeline.from_text(
        SCORED.replace("OPERATOR", "rename_columns")
        .replace("PARAMETERS", "{names: {size: h}}")
        .replace("SCORE", "{}")
        .replace("ROWS", "split.test")
    ).connect("split", "table", "step")
    assert [problem.field for problem in check(pipeline, PEOPLE).problems] == ["from"]
