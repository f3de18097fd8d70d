"""Edits of a pipeline: what each does, what is kept although it is wrong, and what is refused."""

import json

import pytest

from engine.errors import NotFoundError, PipelineError
from engine.graph.edits import edited, free_node
from engine.graph.parts import unchanged, upto
from engine.graph.pipeline import Pipeline
from operators import FillMissing, ReadDataset, SplitRows


@pytest.fixture
def pipeline():
    return (
        Pipeline("churn", layout={"read": (0.0, 0.0), "fill": (200.0, 0.0)})
        .add("read", ReadDataset(dataset="customers"))
        .add("split", SplitRows(test_share=0.2), table="read")
        .add("fill", FillMissing(columns=["age"]), train="split.train")
    )


def test_an_added_node_takes_a_free_name_and_its_place(pipeline):
    edit = {"op": "add", "operator": "fill_missing", "from": {"train": "fill"}, "at": [400, 20.04]}
    twice = edited(edited(pipeline, edit), edit)
    assert list(twice.nodes)[-2:] == ["fill_missing", "fill_missing_2"]
    assert str(twice.nodes["fill_missing_2"].inputs["train"]) == "fill"
    assert twice.layout["fill_missing"] == (400.0, 20.0)


def test_what_is_wrong_but_can_be_written_down_is_kept(pipeline):
    edit = {"op": "add", "node": "odd", "operator": "no_such_operator", "with": {"x": None, "y": [1, {"z": "ü"}]}}
    assert edited(pipeline, edit).nodes["odd"].parameters == {"x": None, "y": [1, {"z": "ü"}]}
    circle = edited(pipeline, {"op": "connect", "from": "fill", "to": "read", "port": "table"})
    assert str(circle.nodes["read"].inputs["table"]) == "fill"


def test_removing_a_node_takes_its_links_and_its_place(pipeline):
    left = edited(pipeline, {"op": "remove", "node": "read"})
    assert left.nodes["split"].inputs == {}
    assert set(left.layout) == {"fill"}


def test_a_link_can_be_made_and_taken_away(pipeline):
    made = edited(pipeline, {"op": "connect", "from": "split.test", "to": "fill", "port": "train"})
    assert str(made.nodes["fill"].inputs["train"]) == "split.test"
    assert edited(made, {"op": "disconnect", "to": "fill", "port": "train"}).nodes["fill"].inputs == {}
    moved = edited(made, {"op": "connect", "from": "split", "to": "fill", "port": "table", "instead": "train"})
    assert {port: str(link) for port, link in moved.nodes["fill"].inputs.items()} == {"table": "split"}


def test_set_changes_only_the_parameters_that_are_named(pipeline):
    edit = {"op": "set", "node": "fill", "with": {"statistic": "mean", "indicator": None}, "without": ["columns"]}
    assert edited(pipeline, edit).nodes["fill"].parameters == {"statistic": "mean", "indicator": None}


def test_set_changes_resources_and_pin(pipeline):
    node = edited(pipeline, {"op": "set", "node": "fill", "resources": {"cpu": 2}, "pin": True}).nodes["fill"]
    assert (node.resources, node.pin, node.parameters) == ({"cpu": 2}, True, {"columns": ["age"]})


def test_a_renamed_node_keeps_its_links_its_place_and_its_order(pipeline):
    renamed = edited(pipeline, {"op": "rename", "node": "split", "to": "halves"})
    assert list(renamed.nodes) == ["read", "halves", "fill"]
    assert str(renamed.nodes["fill"].inputs["train"]) == "halves.train"
    assert set(edited(pipeline, {"op": "rename", "node": "fill", "to": "f"}).layout) == {"read", "f"}


def test_replacing_keeps_the_name(pipeline):
    replaced = edited(pipeline, {"op": "replace", "document": "name: other\nnodes: {a: {operator: read_dataset}}"})
    assert (replaced.name, list(replaced.nodes)) == ("churn", ["a"])


@pytest.mark.parametrize(
    "edit",
    [
        {},
        {"op": "explode"},
        {"op": "add"},
        {"op": "add", "operator": "a b"},
        {"op": "add", "operator": "fill_missing", "node": "../x"},
        {"op": "add", "operator": "fill_missing", "node": "fill"},
        {"op": "add", "operator": "fill_missing", "with": {"x": float("nan")}},
        {"op": "add", "operator": "fill_missing", "with": {"x": "\ud800"}},
        {"op": "add", "operator": "fill_missing", "with": {"x": "a" * 11_000_000}},
        {"op": "add", "operator": "fill_missing", "at": [1e9, 0]},
        {"op": "add", "operator": "fill_missing", "from": ["read"]},
        {"op": "connect", "from": "read.a b", "to": "fill", "port": "train"},
        {"op": "set", "node": "fill", "with": ["age"]},
        {"op": "set", "node": "fill", "resources": {"cpu": -1}},
        {"op": "rename", "node": "fill", "to": "read"},
        {"op": "rename", "node": "fill", "to": "a.b"},
        {"op": "move", "positions": {"fill": [1]}},
        {"op": "move", "positions": {"fill": [-1e7, 0]}},
        {"op": "move", "positions": {"fill": [0, 1e7]}},
        {"op": "move", "positions": {"fill": ["x", float("inf")]}},
        {"op": "replace", "document": "name: ["},
        {"op": "replace", "document": {"name": "x"}},
    ],
    ids=lambda edit: json.dumps(edit)[:50],
)
def test_what_could_not_be_written_down_is_refused(pipeline, edit):
    with pytest.raises(PipelineError) as caught:
        edited(pipeline, edit)
    assert caught.value.hint


@pytest.mark.parametrize("op", ["remove", "set", "disconnect", "rename", "connect"])
def test_a_node_that_is_not_there_is_said(pipeline, op):
    edit = {"op": op, "node": "fil", "to": "fil", "port": "train", "from": "read"}
    with pytest.raises(NotFoundError, match="fil") as caught:
        edited(pipeline, edit)
    assert "fill" in caught.value.hint


def test_a_free_name_stays_short_enough(pipeline):
    long = pipeline.add("a" * 60, "x")
    assert free_node("a" * 60, long) == "a" * 58 + "_2"


def test_upto_a_node_is_what_feeds_it(pipeline):
    assert list(upto(pipeline, "split").nodes) == ["read", "split"]


def test_a_change_makes_everything_after_it_differ(pipeline):
    changed = edited(pipeline, {"op": "set", "node": "split", "with": {"test_share": 0.3}})
    assert unchanged(changed, pipeline) == {"read"}
    assert unchanged(edited(pipeline, {"op": "move", "positions": {"read": [9, 9]}}), pipeline) == set(pipeline.nodes)
