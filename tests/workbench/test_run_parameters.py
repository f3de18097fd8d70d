"""A run is asked for with values for its pipeline's parameters, keeps them, and shows them."""

import shutil

import pytest

from engine import Workbench
from engine.workbench.pipelines import PipelineProblemsError
from tests.pages.conftest import drive

PIPELINE = """
name: oldest
parameters: {least: 40}
declarations:
  name: {description: What the column is called}
nodes:
  read: {operator: read_dataset, with: {dataset: people}}
  old: {operator: filter_rows, with: {expression: "age >= ${least}"}, from: {table: read}, pin: true}
  beside: {operator: formula_column, with: {name: "${name}", expression: age * 2}, from: {table: old}, pin: true}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workspace with one small dataset."""
    folder = tmp_path_factory.mktemp("given")
    (folder / "people.csv").write_text("age\n30\n40\n50\n")
    Workbench.open(folder / "w").datasets.add("people", folder / "people.csv")
    return folder / "w"


@pytest.fixture
def bench(made, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    shutil.copytree(made, tmp_path / "w", ignore=shutil.ignore_patterns("*.lock"))
    return Workbench.open(tmp_path / "w")


def ran(bench, pipeline=PIPELINE, **values):
    run = bench.run(pipeline, parameters=values)
    drive(bench.workspace.root)
    return run


def test_a_run_works_with_the_values_that_it_was_given(bench):
    run = ran(bench, least=50, name="twice")
    assert run.status == "succeeded"
    assert bench.runs.preview(run.id, "beside")["rows"] == [[50, 100]]
    assert run.document()["parameters"] == {"least": 50, "name": "twice"}


def test_the_value_of_the_file_stands_where_none_is_given(bench):
    run = ran(bench, name="twice")
    assert bench.runs.preview(run.id, "beside")["total_rows"] == 2
    assert run.document()["parameters"] == {"least": 40, "name": "twice"}


def test_only_what_uses_a_changed_value_runs_again(bench):
    ran(bench, name="twice")
    nodes = ran(bench, name="double").document()["nodes"]
    assert {name: node["status"] for name, node in nodes.items()} == {
        "read": "reused", "old": "reused", "beside": "done",
    }  # fmt: skip
    changed = {part["part"] for part in bench.runs.why(bench.runs.list()[0]["id"], "beside")["changed"]}
    assert changed == {"parameter.name"}


def test_a_run_that_is_asked_for_again_has_the_same_values(bench):
    run = ran(bench, least=50, name="twice")
    again = bench.run(bench.runs.pipeline(run.id))
    drive(bench.workspace.root)
    assert {node["status"] for node in again.document()["nodes"].values()} == {"reused"}


def test_a_run_that_is_resumed_has_the_same_values(bench):
    run = bench.run(PIPELINE, parameters={"least": 50, "name": "twice"})
    run.cancel()
    bench.runs.resume(run.id)
    drive(bench.workspace.root)
    assert bench.runs.preview(run.id, "beside")["rows"] == [[50, 100]]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "The parameter 'name' has no value; it takes text."),
        ({"name": "x", "leest": 3}, "The pipeline has no parameter 'leest'."),
        ({"name": 3}, "The parameter 'name' takes text, not 3."),
    ],
)
def test_nothing_is_run_with_a_value_missing_unknown_or_wrong(bench, values, sentence):
    with pytest.raises(PipelineProblemsError) as caught:
        bench.run(PIPELINE, parameters=values)
    assert sentence in str(caught.value)
    assert caught.value.hint
    assert bench.runs.list() == []


def test_a_check_says_what_has_to_be_given_and_finds_no_fault(bench):
    found = bench.check(PIPELINE)
    assert found["problems"] == []
    assert [(one["name"], one["required"], one["takes"]) for one in found["parameters"]] == [
        ("least", False, "a number or text or true or false"),
        ("name", True, "text"),
    ]
    assert found["parameters"][1]["uses"] == [{"node": "beside", "field": "name"}]


def test_a_draft_runs_with_values_and_its_steps_are_fresh_after_it(bench):
    bench.pipelines.create("oldest", PIPELINE)
    bench.pipelines.run("oldest", parameters={"least": 50, "name": "twice"})
    drive(bench.workspace.root)
    states = bench.pipelines.states("oldest")
    assert {node["state"] for node in states["nodes"].values()} == {"done"}


def test_a_part_of_a_draft_needs_only_its_own_values(bench):
    bench.pipelines.create("oldest", PIPELINE)
    bench.pipelines.run("oldest", node="old", parameters={"name": "twice", "least": 50})
    run = bench.pipelines.run("oldest", node="old")
    drive(bench.workspace.root)
    assert run.document()["parameters"] == {"least": 40}


def test_what_is_said_of_parameters_is_undone_and_done_again(bench):
    first = bench.pipelines.create("oldest", PIPELINE)
    bare = PIPELINE.replace("declarations:\n  name: {description: What the column is called}\n", "")
    bench.pipelines.edit("oldest", first["revision"], {"op": "replace", "document": bare})
    undone = bench.pipelines.undo("oldest", bench.pipelines.open("oldest")["revision"])
    assert undone["document"] == first["document"]


def test_runs_side_by_side_differ_by_their_values(bench):
    both = [ran(bench, name="a").id, ran(bench, name="b").id]
    assert {row["name"]: list(row["values"].values()) for row in bench.runs.compare(both)["parameters"]} == {
        "name": ["a", "b"]
    }
