"""Rows pass what lies between the nearest common ancestor and the model: once, and with the state of training rows."""

import pytest

from engine.errors import PipelineError
from engine.graph.binding import BoundPipeline
from engine.graph.paths import path_to_model, trainer_of
from engine.graph.pipeline import Pipeline
from engine.graph.plan import dependencies, steps_before

BASE = """
name: p
nodes:
  read: {operator: read_dataset, with: {dataset: people}}
  tidy: {operator: formula_column, with: {name: z, expression: age + 1}, from: {table: read}}
  split: {operator: split_rows, from: {table: tidy}}
  keep: {operator: filter_rows, with: {expression: age > 0}, from: {table: split.train}}
  plus: {operator: formula_column, with: {name: x, expression: age + 1}, from: {table: keep}}
  fill: {operator: fill_missing, with: {columns: [age]}, from: {train: plus}}
  scale: {operator: scale_numeric, with: {columns: [age]}, from: {train: fill}}
  fit: {operator: train_classifier, with: {target: left}, from: {train: scale}}
"""


def bound(*lines):
    return BoundPipeline.of(Pipeline.from_text(BASE + "".join(f"  {line}\n" for line in lines)))


def score(table):
    return f"score: {{operator: score_classifier, with: {{target: left}}, from: {{model: fit, table: {table}}}}}"


def test_the_path_begins_at_the_source_and_ends_before_the_trainer():
    assert path_to_model(bound(), "fit") == ("read", "tidy", "split", "keep", "plus", "fill", "scale")


@pytest.mark.parametrize(
    ("table", "pending"),
    [
        ("split.test", ("plus", "fill", "scale")),
        ("split.train", ("plus", "fill", "scale")),
        ("keep", ("plus", "fill", "scale")),
        ("fill", ("scale",)),
        ("scale", ()),
        ("tidy", ("plus", "fill", "scale")),
        ("read", ("tidy", "plus", "fill", "scale")),
    ],
)
def test_rows_pass_what_they_have_not_passed_yet(table, pending):
    assert steps_before(bound(score(table)), "score") == pending


def test_rows_of_another_source_pass_everything_but_the_source_and_what_is_skipped():
    other = "other: {operator: read_dataset, with: {dataset: others}}"
    assert steps_before(bound(other, score("other")), "score") == ("tidy", "plus", "fill", "scale")


def test_apply_state_counts_as_the_node_whose_state_it_uses():
    applied = "applied: {operator: apply_state, from: {state: fill.state, table: split.test}}"
    assert steps_before(bound(applied, score("applied")), "score") == ("scale",)


def test_validation_rows_pass_the_path_too():
    fit = "check: {operator: train_classifier, with: {target: left}, from: {train: scale, validation: split.test}}"
    assert steps_before(bound(fit), "check") == ("plus", "fill", "scale")


def test_a_prediction_of_a_prediction_finds_the_same_trainer():
    found = bound("out: {operator: predict, from: {model: fit, table: split.test}}")
    assert trainer_of(found, "out") == "fit"


def test_a_node_without_a_model_says_so():
    with pytest.raises(PipelineError, match="'fill' has no model"):
        path_to_model(bound(), "fill")


def test_a_score_waits_for_the_states_on_its_path():
    assert set(dependencies(bound(score("split.test")), "score")) == {"fit", "split", "fill", "scale"}
