"""A fingerprint is named parts: it changes with everything a result depends on, and with nothing else."""

import pytest

from engine.graph.binding import BoundPipeline
from engine.graph.fingerprint import changed, digest, stage_parts
from engine.graph.pipeline import Pipeline
from engine.graph.plan import plan

KEPT = {"read": {"table": "c0ffee"}}


def parts(pipeline, node="b", contents=KEPT, **options):
    bound = BoundPipeline.of(pipeline)
    given = {"sources": {"dataset:people": "abc"}, "engine": "polars", "seed": 0} | options
    return stage_parts(bound, plan(bound).stage_of(node), contents, **given)[node]


@pytest.fixture
def pipeline():
    return (
        Pipeline("p")
        .add("read", "read_dataset")
        .set("read", dataset="people")
        .add("a", "formula_column", table="read")
        .set("a", name="x", expression="age + 1")
        .add("b", "formula_column", table="a")
        .set("b", name="y", expression="x + 1")
    )


def test_the_parts_say_what_they_are(pipeline):
    assert {"operator", "code", "engine", "parameter.name", "parameter.expression", "input.table"} == set(
        parts(pipeline)
    )


def test_equal_work_has_equal_parts(pipeline):
    assert parts(pipeline) == parts(Pipeline.from_text(pipeline.to_yaml()))


def test_a_changed_parameter_is_the_only_difference_at_its_node(pipeline):
    after = pipeline.set("b", expression="x + 2")
    assert changed(parts(pipeline), parts(after)) == [
        {"part": "parameter.expression", "before": '"x + 1"', "after": '"x + 2"'}
    ]


def test_a_change_upstream_changes_the_input(pipeline):
    after = pipeline.set("a", expression="age + 2")
    assert [change["part"] for change in changed(parts(pipeline), parts(after))] == ["input.table"]


def test_other_content_changes_the_input(pipeline):
    other = {"read": {"table": "decaf"}}
    assert parts(pipeline, "a")["input.table"] == "c0ffee"
    assert digest(parts(pipeline)) != digest(parts(pipeline, contents=other))


def test_a_source_is_known_by_its_content(pipeline):
    assert parts(pipeline, "read")["source.dataset:people"] == "abc"


def test_the_engine_is_a_part(pipeline):
    assert digest(parts(pipeline)) != digest(parts(pipeline, engine="duckdb"))


def test_the_seed_counts_only_where_an_operator_asks_for_one(pipeline):
    assert parts(pipeline) == parts(pipeline, seed=1)
    assert parts(pipeline, "read") != parts(pipeline, "read", seed=1)


def test_places_and_names_of_nodes_do_not_count(pipeline):
    moved = Pipeline.from_document(pipeline.document() | {"layout": {"a": [1, 2]}})
    renamed = Pipeline.from_text(pipeline.to_yaml().replace("  b:", "  other:"))
    assert parts(moved) == parts(pipeline) == parts(renamed, "other")
