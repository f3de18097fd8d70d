"""Steps that learn, stack and leave out rows answer one row as they answer a table, also on real tables."""

from pathlib import Path

import polars as pl
import pytest

from engine.config import Workspace
from engine.graph.pipeline import Pipeline
from engine.serving import folder
from engine.serving.registration import register
from engine.stores.models import ModelStore
from operators import (
    BinNumeric,
    DropMissing,
    OneHot,
    Pca,
    ReadDataset,
    SampleRows,
    SelectFeatures,
    SplitRows,
    TargetEncode,
    TrainClassifier,
    TrainClusters,
    TrainRegressor,
    UnionRows,
)

TABLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "tables"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return Workspace.at(tmp_path_factory.mktemp("workspace"))


def prepared(target, one_hot, encoded, numbers):
    """Every kind of step: rows stacked, sampled, dropped and split, columns encoded, binned, chosen and projected."""
    return (
        Pipeline("steps")
        .add("read", ReadDataset(dataset="rows"))
        .add("more", ReadDataset(dataset="more"))
        .add("union", UnionRows(columns="all", origin="source"), first="read", second="more")
        .add("sample", SampleRows(share=0.8), table="union")
        .add("known", DropMissing(columns=(target,)), table="sample")
        .add("split", SplitRows(seed=2), table="known")
        .add("hot", OneHot(columns=one_hot, max_categories=5, nulls="column", drop="first"), train="split.train")
        .add("mean", TargetEncode(target=target, columns=encoded), train="hot")
        .add("bin", BinNumeric(columns=numbers[:1], output="range", keep=True), train="mean")
        .add("pca", Pca(columns=numbers, share=1.0), train="bin")
        .add("choose", SelectFeatures(target=target, keep=9), train="pca")
    )


def proof(workspace, material, name):
    """Register the model, and return the differences that the replay found and a loaded slice."""
    version = register(workspace, material, "fit", name, run="run")
    return version.replay, folder.load(ModelStore(workspace).load(name), workspace.key)


def test_a_classifier_behind_every_kind_of_step(workspace, run_of, many):
    pipeline = prepared("left", ("plan",), ("region",), ("amount", "visits"))
    fit = TrainClassifier(target="left", algorithm="linear", features=None)
    material = run_of(workspace, pipeline.add("fit", fit, train="choose"), rows=many, more=many.select("plan", "left"))
    replay, piece = proof(workspace, material, "left")
    assert replay["rows"] == 200
    assert replay["max_abs_difference"] < 1e-9
    unseen = dict.fromkeys(piece.required) | {"plan": "never seen"}
    assert 0 <= piece.answer([unseen])[0]["probabilities"]["yes"] <= 1


@pytest.mark.parametrize(
    ("table", "target", "one_hot", "encoded", "numbers", "trainer"),
    [
        ("titanic", "survived", ("embarked", "pclass"), ("who", "deck"), ("age", "fare"), TrainClassifier),
        ("taxis", "fare", ("color", "payment"), ("pickup_zone",), ("distance", "tip"), TrainRegressor),
    ],
)
def test_real_tables(workspace, run_of, table, target, one_hot, encoded, numbers, trainer):
    path = TABLES / f"{table}.csv"
    if not path.is_file():
        pytest.skip(f"The table {table} is not beside the repository (../shared/data/tables).")
    rows = pl.read_csv(path, try_parse_dates=True)[:1500]
    pipeline = prepared(target, one_hot, encoded, numbers)
    material = run_of(
        workspace,
        pipeline.add("fit", trainer(target=target, algorithm="hist_gradient_boosting"), train="choose"),
        rows=rows,
        more=rows.select(target),
    )
    replay, _ = proof(workspace, material, table)
    assert replay["rows"] == 200
    assert replay["max_abs_difference"] < 1e-6


def test_clusters_answer_their_number_and_the_distance(workspace, run_of, many):
    pipeline = (
        Pipeline("clusters")
        .add("read", ReadDataset(dataset="many"))
        .add("fit", TrainClusters(clusters=3, features=("amount", "visits", "plan")), train="read")
    )
    replay, piece = proof(workspace, run_of(workspace, pipeline, many=many), "clusters")
    assert replay == {"rows": 200, "max_abs_difference": pytest.approx(0, abs=1e-9)}
    assert list(piece.required) == ["amount", "visits", "plan"]
    (answer,) = piece.answer([{"amount": 40.0, "visits": None, "plan": "pro"}])
    assert answer["prediction"] in {0, 1, 2}
    assert answer["distance"] >= 0
