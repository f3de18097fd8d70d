"""A chain of steps over one dataset: built, reordered, and made a whole pipeline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import PipelineError
from engine.graph import chain
from engine.graph.pipeline import Pipeline
from engine.graph.problems import check
from operators.contract.tables import Column

STEPS = ("sort_rows", "fill_missing", "drop_duplicates", "scale_numeric")
PEOPLE = {"dataset:people": (Column("age", "int64"), Column("plan", "string"), Column("left", "string"))}


def built(*operators):
    pipeline = chain.begun("features", "people")
    for operator in operators:
        pipeline = chain.with_step(pipeline, operator, {})
    return pipeline


def test_steps_come_in_the_order_they_were_added_and_read_the_dataset():
    pipeline = built("fill_missing", "scale_numeric")
    assert chain.steps_of(pipeline) == ("fill_missing", "scale_numeric")
    assert chain.dataset_of(pipeline) == "people"
    assert str(pipeline.nodes["scale_numeric"].inputs["train"]) == "fill_missing"


def test_a_second_step_of_an_operator_gets_a_name_of_its_own():
    assert chain.steps_of(built("fill_missing", "fill_missing")) == ("fill_missing", "fill_missing_2")


@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=6), st.data())
def test_moving_and_removing_keep_a_chain(operators, data):
    pipeline = built(*operators)
    steps = list(chain.steps_of(pipeline))
    step, by = data.draw(st.sampled_from(steps)), data.draw(st.integers(-3, 3))
    place = min(len(steps) - 1, max(0, steps.index(step) + by))
    moved = chain.steps_of(chain.moved_step(pipeline, step, by))
    assert moved.index(step) == place
    assert [name for name in moved if name != step] == [name for name in steps if name != step]
    assert list(chain.steps_of(chain.without_step(pipeline, step))) == [name for name in steps if name != step]


def test_a_pipeline_that_branches_is_no_chain():
    forked = built("sort_rows").add("other", "drop_duplicates", table="read")
    with pytest.raises(PipelineError, match="not one chain"):
        chain.steps_of(forked)


def test_an_operator_with_two_tables_is_no_step():
    with pytest.raises(PipelineError, match="no step of a chain"):
        chain.with_step(built(), "join_tables", {})


@pytest.mark.parametrize("operator", ["python_script", "write_table"])
def test_code_of_users_and_what_leaves_files_are_no_steps(operator):
    with pytest.raises(PipelineError, match="no step of a chain"):
        chain.with_step(built(), operator, {})


def test_the_whole_pipeline_splits_before_anything_is_learnt():
    whole = chain.trained(
        built("fill_missing", "scale_numeric"),
        "churn",
        target="left",
        trainer="train_classifier",
        score="score_classifier",
    )
    findings = check(whole, PEOPLE)
    assert [problem.sentence for problem in findings.problems] == []
    assert str(whole.nodes["fill_missing"].inputs["train"]) == "split.train"
    assert str(whole.nodes["score"].inputs["table"]) == "split.test"


def test_a_whole_pipeline_reads_back_from_its_file():
    whole = chain.trained(built("sort_rows"), "p", target="left", trainer="train_classifier", score="score_classifier")
    assert Pipeline.from_text(whole.to_yaml()) == whole
