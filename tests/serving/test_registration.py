"""A model is registered with all a service needs, and only when batch and online agree."""

import narwhals as nw
import polars as pl
import pytest

from engine.config import Workspace
from engine.errors import PipelineError, ReplayError, ServingError, StoreError
from engine.graph.pipeline import Pipeline
from engine.serving import folder
from engine.serving.columns import names_of
from engine.serving.registration import register
from engine.serving.sampling import sample
from engine.stores.models import ModelStore
from operators.contract.tables import LazyTable
from operators.evaluate.score_classifier import ScoreClassifier
from operators.evaluate.score_regressor import ScoreRegressor
from operators.prepare.encode_categories import EncodeCategories
from operators.prepare.fill_missing import FillMissing
from operators.prepare.scale_numeric import ScaleNumeric
from operators.sample.split_rows import SplitRows
from operators.sources.read_dataset import ReadDataset
from operators.train.hyperparameter_search import HyperparameterSearch
from operators.train.train_classifier import TrainClassifier
from operators.train.train_regressor import TrainRegressor
from operators.transform.formula_column import FormulaColumn
from operators.transform.group_aggregate import GroupAggregate
from operators.transform.join_tables import JoinTables
from operators.transform.rename_columns import RenameColumns
from operators.transform.select_columns import SelectColumns

LEARNERS = ("baseline", "linear", "random_forest", "hist_gradient_boosting", "lightgbm")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return Workspace.at(tmp_path_factory.mktemp("workspace"))


def prepared():
    """Every kind of step: renaming, formulas, joins and fitted states, behind a split."""
    return (
        Pipeline("customers")
        .add("read", ReadDataset(dataset="many"))
        .add("regions", ReadDataset(dataset="regions"))
        .add("split", SplitRows(test_share=0.25, seed=7), table="read")
        .add("rename", RenameColumns(names={"amount": "spent"}), table="split.train")
        .add("join", JoinTables(on=("region",), how="left", right_unique=True), left="rename", right="regions")
        .add("fill", FillMissing(columns=("spent",), statistic="median"), train="join")
        .add("scale", ScaleNumeric(columns=("visits",)), train="fill")
        .add("encode", EncodeCategories(columns=("plan",)), train="scale")
        .add("rate", FormulaColumn(name="rate", expression="spent / (visits + 10)"), table="encode")
    )


def churn(algorithm="linear"):
    fit = TrainClassifier(target="left", algorithm=algorithm, seed=1)
    return (
        prepared()
        .add("keep", SelectColumns(columns=("id", "value"), mode="drop"), table="rate")
        .add("fit", fit, train="keep")
        .add("score", ScoreClassifier(target="left"), model="fit", table="split.test")
    )


def spending(algorithm="linear"):
    fit = TrainRegressor(target="value", algorithm=algorithm, seed=1)
    return (
        prepared()
        .add("keep", SelectColumns(columns=("id", "left"), mode="drop"), table="rate")
        .add("fit", fit, train="keep")
        .add("score", ScoreRegressor(target="value"), model="fit", table="split.test")
    )


REGIONS = pl.DataFrame({"region": ["s", "n"], "tax": [0.1, 0.2]})


@pytest.fixture(scope="module")
def registered(workspace, run_of, many):
    material = run_of(workspace, churn(), many=many, regions=REGIONS)
    return material, register(workspace, material, "fit", "churn", run="r1", actor="ann")


@pytest.mark.parametrize("algorithm", LEARNERS)
@pytest.mark.parametrize("pipeline", [churn, spending])
def test_batch_and_online_agree_for_every_learner(workspace, run_of, many, pipeline, algorithm):
    material = run_of(workspace, pipeline(algorithm), many=many, regions=REGIONS)
    version = register(workspace, material, "fit", f"{pipeline.__name__}-{algorithm}", run="r1")
    assert version.replay["rows"] == 200
    assert version.replay["max_abs_difference"] <= 1e-6


def test_a_version_says_where_it_comes_from(registered):
    _, version = registered
    assert (version.name, version.version, version.aliases) == ("churn", "1", ("champion",))
    assert (version.run, version.node, version.pipeline, version.actor) == ("r1", "fit", "customers", "ann")
    assert (version.task, version.target, version.algorithm) == ("classification", "left", "linear")
    assert 0.5 < version.metrics["score"]["roc_auc"] <= 1.0


def test_the_signature_leaves_out_the_target_and_what_was_dropped(registered):
    _, version = registered
    names = [field["name"] for field in version.signature["inputs"]]
    assert names == ["amount", "visits", "plan", "active", "since", "seen", "region"]
    assert {field["name"] for field in version.signature["outputs"]} == {
        "prediction",
        "probability_no",
        "probability_yes",
    }


def test_the_signature_says_which_columns_had_gaps_in_any_training_row(registered):
    material, version = registered
    training = material.store.table(material.outputs["split"]["train"]).collect().to_native()
    asked = [field["name"] for field in version.signature["inputs"]]
    gaps = {name for name in asked if training[name].null_count()}
    assert {field["name"] for field in version.signature["inputs"] if field["optional"]} == gaps
    assert 0 < len(gaps) < len(asked)


def test_the_stored_slice_answers_rows_of_the_source(registered, workspace, many):
    piece = folder.load(ModelStore(workspace).load("churn"), workspace.key)
    answers = piece.answer(
        [
            {
                "amount": None,
                "visits": 3,
                "plan": "新",
                "active": None,
                "since": "2024-05-01",
                "seen": "2025-01-01T10:00:00",
                "region": "n",
                "id": "ignored",
            }
        ]
    )
    assert answers[0]["prediction"] in {"yes", "no"}
    assert piece.skipped == ("split",)


def test_the_reference_is_a_sample_of_the_training_rows_with_their_answers(registered, workspace, many):
    material, version = registered
    reference = pl.read_parquet(ModelStore(workspace).reference("churn"))
    names = names_of(reference.columns)
    for side, found in (("inputs", names.asked), ("outputs", names.answered)):
        assert list(found) == [field["name"] for field in version.signature[side]]
    assert 0 < len(reference) < len(many)
    assert reference.schema["since"] == many.schema["since"]
    trained_on = material.store.table(material.outputs["split"]["train"]).collect().to_native()
    assert reference["amount"].to_list() == trained_on["amount"].to_list()


def test_the_reference_is_profiled(registered, workspace):
    _, version = registered
    profile = ModelStore(workspace).get("churn").profile
    reference = pl.read_parquet(ModelStore(workspace).reference("churn"))
    described = {column["name"]: column for column in profile["columns"]}
    assert profile["rows"] == len(reference)
    assert described["amount"]["missing"] == reference["amount"].null_count()
    assert described["amount"]["mean"] == pytest.approx(reference["amount"].mean())
    assert "profile" not in version.document()


def test_the_node_that_scores_a_model_leads_to_it(registered, workspace):
    material, _ = registered
    assert register(workspace, material, "score", "by-score", run="r1").node == "fit"


def test_a_node_without_a_model_is_refused(registered, workspace):
    material, _ = registered
    with pytest.raises(PipelineError, match="'fill' has no model"):
        register(workspace, material, "fill", "nothing", run="r1")


def test_a_run_that_has_not_come_that_far_is_a_sentence(registered, workspace):
    material, _ = registered
    early = {name: ports for name, ports in material.outputs.items() if name != "fit"}
    with pytest.raises(StoreError, match="'fit' has no output"):
        register(workspace, type(material)(material.bound, material.store, early), "fit", "early", run="r1")


def test_an_operator_that_needs_the_whole_table_is_named(workspace, run_of, many):
    pipeline = (
        Pipeline("groups")
        .add("read", ReadDataset(dataset="many"))
        .add(
            "group", GroupAggregate(by=("plan",), aggregations=[{"function": "mean", "column": "value"}]), table="read"
        )
        .add("fit", TrainRegressor(target="value_mean", algorithm="baseline"), train="group")
    )
    with pytest.raises(ServingError, match=r"'group' \(group_aggregate\) needs the whole table"):
        register(workspace, run_of(workspace, pipeline, many=many), "fit", "groups", run="r1")
    assert "groups" not in {one.name for one in ModelStore(workspace).list()}


def test_a_step_that_looks_beyond_its_row_is_caught_before_anything_is_stored(workspace, run_of, many, monkeypatch):
    material = run_of(workspace, churn("linear"), many=many, regions=REGIONS)
    honest = FormulaColumn.transform

    def beyond(self, table: LazyTable) -> LazyTable:
        return honest(self, table).with_columns(nw.col("rate") - nw.col("rate").mean())

    monkeypatch.setattr(FormulaColumn, "transform", beyond)
    with pytest.raises(ReplayError, match="node 'rate', column 'rate'"):
        register(workspace, material, "fit", "beyond", run="r1")
    assert "beyond" not in {one.name for one in ModelStore(workspace).list()}
    assert list(workspace.scratch.iterdir()) == []


def test_the_best_of_a_search_is_registered_like_any_model(workspace, run_of, many):
    search = HyperparameterSearch(target="left", algorithm="linear", trials=2, seed=1)
    pipeline = prepared().add("search", search, train="rate")
    version = register(workspace, run_of(workspace, pipeline, many=many, regions=REGIONS), "search", "best", run="r1")
    assert (version.node, version.algorithm) == ("search", "linear")


def test_a_sample_is_seeded_and_keeps_the_order():
    table = pl.DataFrame({"i": range(1000)}).lazy()
    one = sample(table, 10, seed=3)
    assert one["i"].is_sorted()
    assert one.equals(sample(table, 10, seed=3))
    assert not one.equals(sample(table, 10, seed=4))
    assert sample(table, 5000).height == 1000
