"""What the check says of rows that follow a model is what a run does: for every operator, before every consumer."""

import polars as pl
import pytest

from engine.graph.pipeline import Pipeline
from engine.graph.problems import check
from engine.runs import report
from engine.runs.driver import Driver
from engine.runs.inline_executor import InlineExecutor
from engine.runs.orders import SourceRef
from engine.runs.requests import RunRequest, submit
from operators.contract.tables import lazy
from operators.registry import BUILTIN

BETWEEN = {
    "apply_state": {},
    "bin_numeric": {"columns": ["age"]},
    "cast_types": {"types": {"age": "float64"}},
    "clip_outliers": {"columns": ["age"]},
    "drop_duplicates": {},
    "drop_missing": {},
    "encode_categories": {"columns": ["plan"]},
    "fill_missing": {"columns": ["age"]},
    "filter_rows": {"expression": "age > 0"},
    "formula_column": {"name": "older", "expression": "age + 1"},
    "group_aggregate": {
        "by": ["age", "plan", "stayed", "left"],
        "aggregations": [{"function": "rows", "name": "number"}],
    },
    "join_tables": {"how": "inner", "on": ["plan"], "suffix": "_r"},
    "one_hot": {"columns": ["plan"]},
    "pca": {"columns": ["age", "size"]},
    "predict": {},
    "python_script": {"code": "def run(table):\n    return table"},
    "rename_columns": {"names": {"size": "weight"}},
    "sample_rows": {"share": 0.9, "seed": 1},
    "scale_numeric": {"columns": ["age"]},
    "select_columns": {"columns": ["age", "plan", "left", "stayed"]},
    "select_features": {"target": "left", "columns": ["age", "size"], "keep": 1},
    "sort_rows": {"by": [{"column": "age"}]},
    "split_rows": {"test_share": 0.2, "seed": 3},
    "sql_transform": {"query": "SELECT * FROM table"},
    "target_encode": {"columns": ["plan"], "target": "left"},
    "union_rows": {},
    "write_table": {"name": "kept"},
}
"""Parameters for each operator that takes rows and gives rows: what is between the split and the learner."""
ASKED = {
    "score_classifier": {"model": "fit", "table": "split.test"},
    "predict": {"model": "fit", "table": "split.test"},
    "hyperparameter_search": {"train": "between", "validation": "split.test"},
}
OTHERS = ("formula_column", "group_aggregate", "predict", "scale_numeric", "sql_transform")
SEARCH = {"target": "left", "algorithm": "linear", "trials": 1, "folds": 2}


@pytest.fixture
def rows(store):
    count = 60
    table = pl.DataFrame(
        {
            "age": [20 + (n * 7) % 41 for n in range(count)],
            "size": [float((n * 13) % 29) for n in range(count)],
            "plan": ["abc"[n % 3] for n in range(count)],
            "left": [(n * 7) % 41 > 20 for n in range(count)],
            "stayed": [(n * 5) % 7 > 2 for n in range(count)],
        }
    )
    ref = store.put_table(lazy(table))
    return {"dataset:people": SourceRef(hash=ref.hash, table=ref, label="people@1").model_dump(mode="json")}, ref


@pytest.fixture
def fate(workspace, records, rows):
    """Run a pipeline inline and return its document."""
    driver = Driver(workspace, records, inline := InlineExecutor())

    def run(pipeline):
        asked = submit(records, RunRequest(pipeline, sources=rows[0])).id
        for _ in range(5_000):
            driver.turn(0.01)
            if not driver.busy and (told := report.document(records, asked))["status"] not in ("queued", "running"):
                return told
        raise AssertionError("The run does not end.")

    yield run
    driver.close()
    inline.close()


def pipeline_of(between, consumer):
    pipeline = Pipeline("following").add("read", "read_dataset").set("read", dataset="people")
    pipeline = pipeline.add("split", "split_rows", table="read").set("split", test_share=0.4, seed=7)
    wired = {BUILTIN.find(between).input_ports()[0].name: "split.train"}
    if between == "apply_state":
        pipeline = pipeline.add("learnt", "scale_numeric", train="split.train").set("learnt", columns=["age"])
        wired["state"] = "learnt.state"
    if between == "predict":
        pipeline = pipeline.add("first", "train_classifier", train="split.train")
        pipeline = pipeline.set("first", target="left", algorithm="linear")
        wired = {"model": "first", "table": "split.train"}
    if between == "join_tables":
        sql = "SELECT plan, count(*) AS number FROM table GROUP BY plan"
        pipeline = pipeline.add("plans", "sql_transform", table="read").set("plans", query=sql)
        wired["right"] = "plans"
    if between == "union_rows":
        wired["second"] = "split.train"
    pipeline = pipeline.add("between", between, **wired).set("between", **BETWEEN[between])
    pipeline = pipeline.add("fit", "train_classifier", train="between").set("fit", target="left", algorithm="linear")
    asks = pipeline.add("asks", consumer, **ASKED[consumer])
    return asks.set("asks", **SEARCH) if consumer == "hyperparameter_search" else asks


def test_every_operator_between_rows_and_a_model_is_tried():
    through = {
        name
        for name, kind in BUILTIN.operators.items()
        if any(port.type == "Table" for port in kind.input_ports())
        and any(port.type == "Table" for port in kind.output_ports())
    }
    assert through == set(BETWEEN)


@pytest.mark.parametrize(
    ("between", "consumer"),
    [(name, asks) for name in BETWEEN for asks in ASKED if asks == "score_classifier" or name in OTHERS],
)
def test_a_run_succeeds_exactly_where_the_check_finds_no_error(between, consumer, fate, rows):
    pipeline = pipeline_of(between, consumer)
    found = check(pipeline, {"dataset:people": rows[1].table_schema})
    told = fate(pipeline)
    assert (told["status"] == "succeeded") == (found.errors == []), (found.errors, told["error"])


JUDGED = {
    "the model's target": ("train_classifier", "left", "score_classifier", {}),
    "another boolean": ("train_classifier", "left", "score_classifier", {"target": "stayed"}),
    "no such column": ("train_classifier", "left", "score_classifier", {"target": "lefft"}),
    "a regressor": ("train_regressor", "age", "score_classifier", {}),
    "a classifier": ("train_classifier", "left", "score_regressor", {}),
    "clusters": ("train_clusters", "", "roc_curve", {}),
    "a text for a number": ("train_regressor", "age", "score_regressor", {"target": "plan"}),
    "another number": ("train_regressor", "age", "score_regressor", {"target": "size"}),
    "a positive class of another type": ("train_classifier", "left", "roc_curve", {"positive": "yes"}),
    "a positive class in words": ("train_classifier", "left", "score_classifier", {"positive": "True"}),
    "a matrix without its column": ("train_classifier", "plan", "confusion_matrix", {"target": "plans"}),
    "a calibration of numbers": ("train_regressor", "age", "calibration_plot", {}),
    "a score of no clusters": ("train_classifier", "left", "score_clusters", {}),
}


@pytest.mark.parametrize(("trainer", "target", "judge", "parameters"), JUDGED.values(), ids=list(JUDGED))
def test_a_judge_fails_exactly_where_the_check_finds_an_error(trainer, target, judge, parameters, fate, rows):
    pipeline = Pipeline("judged").add("read", "read_dataset").set("read", dataset="people")
    pipeline = pipeline.add("split", "split_rows", table="read").set("split", test_share=0.4, seed=7)
    learns = {"target": target, "algorithm": "linear"} if target else {"clusters": 2, "features": ["age", "size"]}
    pipeline = pipeline.add("fit", trainer, train="split.train").set("fit", **learns)
    pipeline = pipeline.add("judge", judge, model="fit", table="split.test").set("judge", **parameters)
    found = check(pipeline, {"dataset:people": rows[1].table_schema})
    told = fate(pipeline)
    assert (told["status"] == "succeeded") == (found.errors == []), (found.errors, told["error"])
    assert {problem.node for problem in found.errors} <= {"judge"}
