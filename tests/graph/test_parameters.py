"""A run may give values to the parameters of its pipeline, typed by what uses them."""

import math

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from engine.graph.accepting import in_words, kind_of, kinds_of, read_as
from engine.graph.parameters import attributed, contradictory, for_part, given, missing, parameters_of
from engine.graph.parts import upto
from engine.graph.pipeline import Pipeline
from engine.graph.problems import check

TEXT = """
name: scoring
parameters: {share: 0.25}
declarations:
  month: {description: "The month, as 2026-11"}
nodes:
  read: {operator: read_dataset, with: {dataset: "sales_${month}"}}
  split: {operator: split_rows, with: {test_share: "${share}", seed: "${seed}"}, from: {table: read}}
  fill: {operator: fill_missing, with: {columns: ["${column}"], statistic: "${how}"}, from: {train: split.train}}
"""
PIPELINE = Pipeline.from_text(TEXT)


def faults(values, pipeline=PIPELINE):
    """What is said of a pipeline with these values, as a check says it."""
    asked, wrong = given(pipeline, values)
    return [*wrong, *contradictory(asked), *attributed(asked, check(asked).problems), *missing(asked)]


def sentences(values, pipeline=PIPELINE):
    return [problem.sentence for problem in faults(values, pipeline) if problem.severity == "error"]


ALL = {"month": "2026_11", "seed": 3, "column": "age", "how": "mean"}


def test_a_pipeline_knows_what_it_declares_has_and_uses():
    assert [*parameters_of(PIPELINE)] == ["share", "month", "seed", "column", "how"]
    assert [name for name, one in parameters_of(PIPELINE).items() if one.required] == ["month", "seed", "column", "how"]


def test_a_parameter_has_the_type_of_what_uses_it():
    takes = {name: one.takes for name, one in parameters_of(PIPELINE).items()}
    assert takes["share"] == "a number"
    assert takes["seed"] == "a whole number"
    assert takes["column"] == "text"


def test_with_every_value_given_nothing_is_wrong():
    assert faults(ALL) == []


def test_values_that_are_given_come_before_those_of_the_file():
    asked, _ = given(PIPELINE, {**ALL, "share": 0.5})
    assert asked.resolved().nodes["split"].parameters == {"test_share": 0.5, "seed": 3}
    assert asked.resolved().nodes["read"].parameters == {"dataset": "sales_2026_11"}


def test_a_value_that_is_missing_is_named_with_what_it_takes():
    found = faults({key: ALL[key] for key in ("month", "column", "how")})
    assert "The parameter 'seed' has no value; it takes a whole number." in [problem.sentence for problem in found]
    assert all(problem.hint for problem in found)


def test_a_declared_parameter_without_a_value_is_no_fault_of_the_file():
    without = {key: value for key, value in ALL.items() if key != "month"}
    asked, wrong = given(PIPELINE, without)
    assert [*wrong, *contradictory(asked), *check(asked).problems] == []
    assert [problem.field for problem in missing(asked)] == ["month"]


@pytest.mark.parametrize(
    ("values", "says", "hint"),
    [
        ({"shar": 0.5}, "The pipeline has no parameter 'shar'.", "'share'"),
        ({"share": "much"}, "The parameter 'share' takes a number, not 'much'.", "split.test_share"),
        ({"share": [0.5]}, "The parameter 'share' takes a number, not [0.5].", "split.test_share"),
        ({"share": None}, "The parameter 'share' takes a number, not None.", "split.test_share"),
        ({"share": 5}, "The parameter 'share' does not take 5: Input should be less than 1.", "split.test_share"),
        ({"seed": 1.5}, "The parameter 'seed' takes a whole number, not 1.5.", "split.seed"),
        ({"column": 3}, "The parameter 'column' takes text, not 3.", "fill.columns.0"),
        ({"how": "mood"}, "The parameter 'how' does not take 'mood': Input should be 'mean'", "fill.statistic"),
        ({"column": "${how}"}, "The value of the parameter 'column' names another one, 'how'.", "refer"),
        ({"share": math.nan}, "The value of the parameter 'share' is not JSON, or longer than is kept.", "numbers"),
        ({"share": object}, "The value of the parameter 'share' is not JSON, or longer than is kept.", "numbers"),
    ],
)
def test_a_wrong_value_is_one_sentence_with_name_type_and_hint(values, says, hint):
    first = next(problem for problem in faults({**ALL, **values}) if problem.severity == "error")
    assert first.sentence.startswith(says)
    assert hint in first.hint


def test_a_default_that_does_not_fit_is_named_too():
    wrong = PIPELINE.with_parameters(share="much")
    assert sentences(ALL, wrong) == ["The parameter 'share' takes a number, not 'much'."]


def test_two_uses_that_want_different_things_are_one_problem():
    both = PIPELINE.set("fill", columns=["${seed}"])
    told = ["The parameter 'seed' is a whole number for split.seed, and text for fill.columns.0."]
    without = {key: value for key, value in ALL.items() if key != "seed"}
    assert sentences({key: ALL[key] for key in ALL if key != "column"}, both) == told
    assert told[0] in sentences(without, both)


def test_what_a_file_could_always_say_is_still_right():
    loose = Pipeline.from_text(TEXT.replace("share: 0.25", "share: '0.25', seed: '7'"))
    assert sentences({key: ALL[key] for key in ALL if key != "seed"}, loose) == []


def test_a_declared_type_holds_for_the_value_too():
    typed = Pipeline.from_text(TEXT.replace('{description: "The month, as 2026-11"}', "{type: integer}"))
    assert sentences({**ALL, "month": "November"}, typed) == [
        "The parameter 'month' takes a whole number, not 'November'."
    ]


def test_a_part_of_a_pipeline_takes_the_values_that_it_uses():
    part = upto(PIPELINE, "read")
    assert for_part(part, PIPELINE, ALL) == {"month": "2026_11"}
    assert for_part(part, PIPELINE, {"mnth": 1}) == {"mnth": 1}
    assert [problem.field for problem in missing(part)] == ["month"]


@pytest.mark.parametrize(
    ("text", "kinds", "value"),
    [
        ("0.5", {"number", "integer"}, 0.5), ("2026", {"string"}, "2026"), ("007", {"string"}, "007"),
        ("007", {"integer"}, 7), ("true", {"boolean"}, True), ("true", {"string"}, "true"),
        ("[a, b]", {"array"}, ["a", "b"]), ("[a", {"string"}, "[a"), ("'7'", {"string"}, "7"),
        ("null", {"string", "null"}, None),
        ("abc", {"number"}, "abc"),
        ("7", {"string", "integer"}, 7),
    ],
)  # fmt: skip
def test_text_is_read_as_what_is_taken(text, kinds, value):
    found = read_as(text, frozenset(kinds))
    assert (found, type(found)) == (value, type(value))


def test_kinds_of_unions_and_options_are_those_of_their_parts():
    assert kinds_of({"anyOf": [{"type": "number"}, {"enum": ["a", None]}]}) == {"number", "integer", "string", "null"}
    assert in_words(kinds_of({})) == "any value"
    assert [kind_of(value) for value in (True, 1, 1.5, 2.0, "", [], {}, None)] == [
        "boolean", "integer", "number", "integer", "string", "array", "object", "null",
    ]  # fmt: skip


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}", fullmatch=True)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@drawn(values=st.dictionaries(NAMES, JSON, max_size=3), said=st.dictionaries(NAMES, st.text(max_size=9), max_size=2))
def test_parameters_and_what_is_said_of_them_come_back_from_every_text(values, said):
    declared = {name: {"description": text} for name, text in said.items()}
    pipeline = Pipeline("p", parameters=values, declarations=declared).add("a", "drop_missing")
    assert Pipeline.from_text(pipeline.to_yaml()).to_yaml() == pipeline.to_yaml()
    assert Pipeline.from_text(pipeline.to_json()).to_json() == pipeline.to_json()
    assert Pipeline.from_text(pipeline.to_yaml()).to_json() == pipeline.to_json()


@settings(max_examples=25)
@drawn(value=JSON)
def test_whatever_is_given_is_told_and_never_raises(value):
    for name in ("share", "month", "column", "nothing"):
        assert all(isinstance(sentence, str) for sentence in sentences({**ALL, name: value}))
