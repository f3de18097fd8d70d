"""A fault at one node hides no other: told is what is wrong however that is mended, and nothing that goes with it."""

import pickle

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.graph.bind import bind
from engine.graph.mistyped import meant
from engine.graph.pipeline import Pipeline
from engine.graph.problems import check
from operators.contract.errors import MissingColumnError
from operators.contract.tables import Column
from operators.registry import BUILTIN

KINDS = {"name": "string", "city": "string", "age": "int64", "income": "float64", "spare": "date", "left": "boolean"}
PEOPLE = {"dataset:people": tuple(Column(name, kind) for name, kind in KINDS.items())}
READ = BUILTIN.build("read_dataset", {"dataset": "people"})

# For each step: its operator and port, parameters that are right, and some that are not.
STEPS = {
    "fill": ("fill_missing", "train", {"columns": ["age"]}, {"columns": ["agee"]}),
    "guess": ("fill_missing", "train", {"columns": ["city"], "statistic": "most_frequent"}, {"statistic": "mood"}),
    "scale": ("scale_numeric", "train", {"columns": ["income"]}, {"columns": ["income", "incom"]}),
    "clip": ("clip_outliers", "train", {"columns": ["age"]}, {"colums": ["age"], "columns": 3}),
    "older": ("formula_column", "table", {"name": "older", "expression": "age + 1"}, {"expression": "agee + 1"}),
    "twice": ("formula_column", "table", {"name": "twice", "expression": "income * 2"}, {"expression": "income *"}),
    "adults": ("filter_rows", "table", {"expression": "age > 17"}, {"expression": "agee > 17"}),
    "cast": ("cast_types", "table", {"types": {"city": "string"}}, {"types": {"cty": "string"}}),
    "sort": ("sort_rows", "table", {"by": ["name"]}, {"by": ["nme"]}),
    "whole": ("drop_missing", "table", {"columns": ["name"]}, {"columns": ["nme", "naem"]}),
    "once": ("drop_duplicates", "table", {"columns": ["name"]}, {"columns": ["nme"]}),
    "drop": ("select_columns", "table", {"columns": ["spare"], "mode": "drop"}, {"columns": ["spar"]}),
}
# Steps that lean on what others made, so that a fault above them may take away what they need.
LEANING = {
    "old": ("formula_column", "table", {"name": "old", "expression": "older > 60"}, {"expression": "oldr > 60"}),
    "label": ("formula_column", "table", {"name": "label", "expression": "name || city"}, {"expression": "name + 1"}),
    "short": ("cast_types", "table", {"types": {"older": "float64", "age": "string"}}, {"types": {"oldr": "string"}}),
    "town": ("rename_columns", "table", {"names": {"city": "town"}}, {"names": {"cty": "town"}}),
    "upper": ("formula_column", "table", {"name": "up", "expression": "upper(town)"}, {"expression": "upper(left)"}),
    "few": ("select_columns", "table", {"columns": ["older", "town", "left"]}, {"columns": ["oldr", "left"]}),
    "group": (
        "group_aggregate",
        "table",
        {"by": ["left"], "aggregations": [{"function": "mean", "column": "older"}]},
        {"by": ["lft"]},
    ),
    "mean": ("formula_column", "table", {"name": "m", "expression": "older_mean * 2"}, {"expression": "older_men"}),
}
ORDER = ["older", "fill", "label", "old", "short", "town", "upper", "few", "group", "mean"]


def chain(steps, wrong=(), target="left"):
    """A chain of steps and a trainer; those of `wrong` have wrong parameters, the trainer is called `fit`."""
    pipeline, before = Pipeline("chain").add("read", READ), "read"
    for name in steps:
        operator, port, right, faulty = {**STEPS, **LEANING}[name]
        pipeline = pipeline.add(name, operator, **{port: before})
        pipeline = pipeline.set(name, **{**right, **(faulty if name in wrong else {})})
        before = name
    fit = BUILTIN.build("train_classifier", {"target": "lft" if "fit" in wrong else target})
    return pipeline.add("fit", fit, train=before)


def told(pipeline):
    return {problem.node for problem in check(pipeline, PEOPLE).errors}


def test_a_wrong_column_does_not_hide_a_wrong_target():
    assert told(chain(["fill"], wrong=["fill", "fit"])) == {"fill", "fit"}


def test_the_hint_names_only_columns_that_are_there_however_the_fault_is_mended():
    found = check(chain(["older"], wrong=["older", "fit"]), PEOPLE).problems
    assert [problem.hint for problem in found] == ["Did you mean one of 'age'?", "Did you mean one of 'left'?"]


def test_every_wrong_column_of_one_node_is_told():
    sentences = [problem.sentence for problem in check(chain(["whole"], wrong=["whole"]), PEOPLE).problems]
    assert sentences == ["No column 'nme'.", "No column 'naem'."]


def test_columns_below_a_fault_stay_unknown():
    assert check(chain(["fill"], wrong=["fill"]), PEOPLE).schemas["fill"]["table"] is None


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from(sorted(STEPS)), unique=True, min_size=1, max_size=6).flatmap(
        lambda steps: st.tuples(st.just(steps), st.sets(st.sampled_from([*steps, "fit"])))
    )
)
def test_all_of_several_independent_faults_are_told_and_no_other(case):
    steps, wrong = case
    assert told(chain(steps, wrong)) == wrong


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.sets(st.sampled_from(ORDER)), st.data())
def test_nothing_is_told_that_goes_when_the_faults_are_mended(chosen, data):
    steps = [name for name in ORDER if name in chosen]
    target = "left" if not {"group", "mean"} <= chosen else "m"
    assume(not told(chain(steps, target=target)))
    wrong = data.draw(st.sets(st.sampled_from([*steps, "fit"])))
    assert told(chain(steps, wrong, target)) <= wrong


@pytest.mark.parametrize(
    ("faulty", "target"),
    [
        (("formula_column", {"name": "older", "expression": "agee + 1"}), "older"),
        (("formula_column", {"name": "", "expression": "age"}), "lft"),
        (("rename_columns", {"names": {"agee": "years"}}), "years"),
        (("select_columns", {"columns": ["agee", "name"]}), "left"),
        (("select_columns", {"columns": ["agee", "name"], "mode": "both"}), "left"),
        (("group_aggregate", {"by": ["agee"], "aggregations": [{"function": "max", "column": "left"}]}), "left"),
        (("group_aggregate", {"by": ["city"], "aggregations": [{"function": "max", "column": "agee"}]}), "income_max"),
        (("sql_transform", {"query": "SELECT agee FROM table"}), "lft"),
    ],
)
def test_a_target_that_the_mended_node_may_give_is_not_told(faulty, target):
    name, parameters = faulty
    pipeline = Pipeline("one").add("read", READ).add("wrong", name, table="read").set("wrong", **parameters)
    found = check(pipeline.add("fit", BUILTIN.build("train_classifier", {"target": target}), train="wrong"), PEOPLE)
    assert {problem.node for problem in found.errors} == {"wrong"}


@pytest.mark.parametrize(
    ("right", "mistyped", "node"),
    [
        ("fill_missing", "fill_mising", "fill"),
        ("fill_missing", "fill_missing@99", "fill"),
        ("columns", "colums", "fill"),
        ("train: read", "trian: read", "fill"),
        ("train: read", "train: reed", "fill"),
        ("train: fill", "train: fill.tabel", "fit"),
        ("train: fill", "train: fil", "fit"),
    ],
)
def test_a_mistyped_name_is_taken_for_the_one_that_is_meant(right, mistyped, node):
    text = chain(["fill"]).to_yaml()
    assert right in text
    wrong = Pipeline.from_text(text.replace(right, mistyped))
    assert told(wrong) == {node}
    assert told(wrong.set("fit", target="lft")) == {node, "fit"}


@pytest.mark.parametrize(("name", "names"), [("ab", ["abc", "abd"]), ("read", ["write"]), ("x", [])])
def test_a_name_is_not_taken_for_one_of_two_that_are_as_near_nor_for_a_far_one(name, names):
    assert meant(name, names) == ""


def test_a_score_is_not_told_of_rows_that_cannot_pass_a_step_at_fault():
    wrong = chain(["fill"], wrong=["fill"])
    split = wrong.add("split", "split_rows", table="read").connect("fill", "train", "split.train")
    scored = split.add("score", "score_classifier", model="fit", table="split.test")
    assert told(scored) == {"fill"}
    assert told(scored.set("score", target="lft")) == {"fill", "score"}


def test_a_pipeline_without_errors_is_bound_once_and_one_with_errors_is_not():
    assert set(bind(chain(["fill"])).bound.operators) == {"read", "fill", "fit"}
    assert check(chain(["fill"], wrong=["fill"]), PEOPLE).bound is None


def test_an_error_keeps_the_missing_column_in_another_process():
    error = pickle.loads(pickle.dumps(MissingColumnError.among("agee", ["age"], field="columns")))
    assert (error.missing, str(error), error.field) == ("agee", "No column 'agee'.", "columns")
