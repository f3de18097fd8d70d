"""What may feed what, and what a new node most likely wants."""

import pytest

from engine.graph.edits import edited
from engine.graph.pipeline import Pipeline
from engine.graph.wiring import in_order, links_between, offers
from operators import ReadDataset, SplitRows, TrainClassifier


@pytest.fixture
def pipeline():
    return (
        Pipeline("churn")
        .add("read", ReadDataset(dataset="customers"))
        .add("split", SplitRows(test_share=0.2), table="read")
        .add("fit", TrainClassifier(target="churned"), train="split.train")
    )


def test_an_input_is_offered_outputs_of_its_type_that_close_no_circle(pipeline):
    assert offers(pipeline, "fit") == {
        "train": ["read.table", "split.train", "split.test"],
        "validation": ["read.table", "split.train", "split.test"],
    }
    assert offers(pipeline, "split") == {"table": ["read.table"]}
    assert offers(pipeline.add("odd", "no_such"), "odd") == {}


def test_no_node_is_offered_what_comes_of_itself(pipeline):
    longer = pipeline.add("other", "select_columns", table="split.train").add("last", "select_columns", table="other")
    assert offers(longer, "last")["table"] == ["read.table", "split.train", "split.test", "other.table"]
    assert offers(longer, "other")["table"] == ["read.table", "split.train", "split.test"]
    assert offers(longer, "split")["table"] == ["read.table"]


def test_links_into_free_ports_come_first(pipeline):
    found = links_between(pipeline, "split", "fit")
    assert found[:2] == [("split.train", "validation"), ("split.test", "validation")]
    assert links_between(pipeline, "fit", "split") == []


def test_a_node_that_follows_another_is_wired_to_it(pipeline):
    added = edited(pipeline, {"op": "add", "operator": "fill_missing", "after": "split"})
    assert str(added.nodes["fill_missing"].inputs["train"]) == "split.train"


def test_a_score_takes_the_model_the_rows_held_out_and_the_target(pipeline):
    node = edited(pipeline, {"op": "add", "operator": "score_classifier", "after": "fit"}).nodes["score_classifier"]
    assert {port: str(link) for port, link in node.inputs.items()} == {"model": "fit.model", "table": "split.test"}
    assert node.parameters == {"target": "churned"}


def test_what_is_given_goes_before_what_is_guessed(pipeline):
    edit = {"op": "add", "node": "f", "operator": "fill_missing", "after": "split", "from": {"train": "split.test"}}
    assert str(edited(pipeline, edit).nodes["f"].inputs["train"]) == "split.test"
    assert edited(pipeline, {"op": "add", "node": "g", "operator": "what", "after": "split"}).nodes["g"].inputs == {}


def test_parameters_stand_in_the_order_of_the_fields():
    assert list(in_order("split_rows", {"odd": 1, "seed": 7, "test_share": 0.2})) == ["test_share", "seed", "odd"]
