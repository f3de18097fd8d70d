"""Chains of table operators become one stage; a stage ends where a value must exist."""

import pytest

from engine.errors import PipelineError
from engine.graph.binding import BoundPipeline
from engine.graph.pipeline import Pipeline
from engine.graph.plan import plan


def stages(pipeline):
    return {stage.name: stage.nodes for stage in plan(BoundPipeline.of(pipeline)).stages}


def column(pipeline, name, source, **options):
    pipeline = pipeline.add(name, "formula_column", table=source, **options)
    return pipeline.set(name, name=name, expression="1 + 1")


@pytest.fixture
def read():
    return Pipeline("p").add("read", "read_dataset").set("read", dataset="people")


@pytest.fixture
def chain(read):
    return column(column(column(read, "a", "read"), "b", "a"), "c", "b")


def test_a_chain_of_table_operators_is_one_stage(chain):
    assert stages(chain) == {"read": ("read",), "c": ("a", "b", "c")}


def test_a_fan_out_ends_a_stage(chain):
    assert stages(column(chain, "d", "b"))["b"] == ("a", "b")


def test_a_pin_ends_a_stage(read):
    assert stages(column(column(read, "a", "read", pin=True), "b", "a"))["a"] == ("a",)


def test_other_resources_end_a_stage(read):
    assert set(stages(column(column(read, "a", "read", resources={"cpu": 0.5}), "b", "a"))) == {"read", "a", "b"}


def test_a_fitted_operator_stands_alone(chain):
    fitted = chain.add("fill", "fill_missing", train="c").set("fill", columns=["c"])
    assert stages(column(fitted, "d", "fill")) == {
        "read": ("read",),
        "c": ("a", "b", "c"),
        "fill": ("fill",),
        "d": ("d",),
    }


def test_stages_come_after_what_they_need(chain):
    found = plan(BoundPipeline.of(chain.add("split", "split_rows", table="c")))
    assert [(stage.name, stage.after) for stage in found.stages] == [("read", ()), ("c", ("read",)), ("split", ("c",))]


def test_two_tables_that_meet_are_one_stage(read):
    both = column(column(read, "a", "read"), "b", "read")
    joined = both.add("join", "join_tables", left="a", right="b").set("join", on=["name"])
    assert stages(joined)["join"] == ("a", "b", "join")


def test_a_circle_has_no_plan(chain):
    with pytest.raises(PipelineError, match="cycle"):
        plan(BoundPipeline.of(chain.connect("a", "table", "c")))
