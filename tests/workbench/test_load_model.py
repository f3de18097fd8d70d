"""Batch scoring is a pipeline: a registered model as a node, which answers as its service does."""

import polars as pl
import pytest

from engine.errors import ServingError
from engine.graph.node import Link
from engine.serving import folder
from engine.serving.values import rows_to_json
from engine.workbench.pipelines import PipelineProblemsError
from tests.pages.conftest import SAMPLES, drive

SCORING = """
name: scoring
nodes:
  read: {operator: read_dataset, with: {dataset: churn}}
  load: {operator: load_model, with: {model: churn}}
  ask: {operator: predict, from: {model: load, table: read}}
  score: {operator: score_classifier, from: {model: load, table: read}}
"""


@pytest.fixture
def bench(models_copy, monkeypatch):
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    return models_copy


def ran(bench, pipeline=SCORING):
    run = bench.run(pipeline)
    drive(bench.workspace.root)
    assert run.status == "succeeded", run.document()["error"]
    return run


def rows_of(bench, run):
    return bench.runs.material(run.id).value(Link("ask", "table")).to_native().collect()


def served(bench, rows, version=None):
    """What a service of the version answers to the rows, without the columns that the pipeline adds beside them."""
    piece = folder.load(bench._models.load("churn", version), bench.workspace.key)
    return piece.predict(piece.table_of(rows_to_json(rows.select([*piece.required]))))


def test_a_batch_is_answered_bit_for_bit_as_by_the_service(bench):
    found = rows_of(bench, ran(bench))
    answers = served(bench, pl.read_parquet(bench._store.get("churn").path))
    assert found.select(answers.columns).equals(answers)


def test_the_receipt_says_which_version_the_alias_meant(bench):
    run = ran(bench).document()
    assert run["sources"]["model:churn@champion"] == "churn@1"


def test_a_promotion_makes_it_load_again_and_nothing_else(bench):
    ran(bench)
    assert {node["status"] for node in ran(bench).document()["nodes"].values()} == {"reused"}
    bench.models.promote("churn", 2)
    run = ran(bench)
    assert run.document()["sources"]["model:churn@champion"] == "churn@2"
    states = {name: node["status"] for name, node in run.document()["nodes"].items()}
    assert states == {"read": "reused", "load": "done", "ask": "done", "score": "done"}
    assert "source.model:churn@champion" in {part["part"] for part in bench.runs.why(run.id, "load")["changed"]}
    rows = pl.read_parquet(bench._store.get("churn").path)
    assert rows_of(bench, run)["probability_yes"].equals(served(bench, rows, 2)["probability_yes"])


def test_the_columns_of_the_answers_are_known_before_the_run(bench):
    schemas = bench.check(SCORING)["schemas"]
    assert [column["name"] for column in schemas["ask"]["table"]][-3:] == [
        "prediction", "probability_no", "probability_yes",
    ]  # fmt: skip
    ref = bench.runs.material(ran(bench).id).outputs["ask"]["table"]
    assert [(one["name"], one["type"]) for one in schemas["ask"]["table"]] == [*ref.columns]


@pytest.mark.parametrize(
    ("change", "node", "sentence", "hint"),
    [
        (("{model: churn}", "{model: chrun}"), "load", "No model 'chrun'.", "churn"),
        (("{model: churn}", "{model: churn, version: 9}"), "load", "No version of model churn '9'.", "2"),
        (("{model: churn}", "{model: churn, version: 1, alias: champion}"), "load", "an alias or a version", ""),
        (("{model: churn}", "{model: churn, version: last}"), "load", "valid integer", ""),
        (("operator: score_classifier", "operator: score_regressor"), "score", "does classification", "regression"),
    ],
)
def test_what_cannot_be_loaded_is_known_before_the_run(bench, change, node, sentence, hint):
    found = bench.check(SCORING.replace(*change))["problems"]
    assert [problem["node"] for problem in found] == [node]
    assert sentence in found[0]["sentence"]
    assert hint in found[0]["hint"]
    with pytest.raises(PipelineProblemsError):
        bench.run(SCORING.replace(*change))


LESS = SCORING.replace("load, table: read", "load, table: less").replace(
    "  load:", "  less: {operator: select_columns, with: {columns: COLUMNS}, from: {table: read}}\n  load:"
)


def columns_of(bench):
    return [column.name for column in bench._store.get("churn").schema]


def test_a_column_that_the_path_needs_is_missed_before_the_run(bench):
    needed = bench.models.show("churn")[0]["signature"]["inputs"]
    one = next(field["name"] for field in needed if not field["optional"])
    left = [name for name in columns_of(bench) if name != one]
    found = bench.check(LESS.replace("COLUMNS", str(left)))["problems"]
    assert {problem["node"] for problem in found} == {"ask", "score"}
    assert found[0]["sentence"] == f"The rows have no column {one!r}, which the model 'churn@1' needs."
    assert found[0]["hint"]


def test_a_column_of_another_type_is_told_before_the_run(bench):
    text = LESS.replace("select_columns, with: {columns: COLUMNS}", "cast_types, with: {types: {age: string}}")
    found = bench.check(text)["problems"]
    assert found[0]["sentence"] == "Column 'age' is string, and the model 'churn@1' was trained on int64."


def test_columns_may_come_in_another_order(bench):
    text = LESS.replace("COLUMNS", str(columns_of(bench)[::-1]))
    found, rows = rows_of(bench, ran(bench, text)), pl.read_parquet(bench._store.get("churn").path)
    assert found["probability_yes"].equals(served(bench, rows)["probability_yes"])


@pytest.mark.parametrize("file", ["slice.json", "model.signed", "../version.json"])
def test_a_damaged_version_is_one_sentence_at_the_check_and_at_the_run(bench, file):
    (bench._models.load("churn", 1) / file).write_text("{}")
    [problem] = [one for one in bench.check(SCORING)["problems"] if one["node"] == "load"]
    assert "is not what was stored" in problem["sentence"]
    assert problem["hint"]
    with pytest.raises(PipelineProblemsError, match="is not what was stored"):
        bench.run(SCORING)


def test_a_version_that_is_damaged_after_it_was_asked_for_fails_the_node_with_a_sentence(bench):
    run = bench.run(SCORING)
    (bench._models.load("churn", 1) / "slice.json").write_text("{}")
    drive(bench.workspace.root)
    error = run.document()["error"]
    assert error["node"] == "load"
    assert error["sentence"].startswith("The model churn@1 cannot be loaded: ")
    assert error["hint"]


def test_a_deleted_version_is_one_sentence_and_its_pipelines_are_named(bench):
    bench.pipelines.create("scoring", SCORING.replace("{model: churn}", "{model: churn, version: 2}"))
    users = bench.deletions.look("model", "churn", ["2"])["users"]
    assert ("pipeline", "scoring") in {(user["kind"], user["name"]) for user in users}
    bench.deletions.delete("model", "churn", ["2"], anyway=True)
    assert bench.pipelines.check("scoring")["problems"][0]["sentence"] == "No version of model churn '2'."


def test_a_loaded_model_is_not_registered_again(bench):
    with pytest.raises(ServingError, match="registered already"):
        bench.models.register(ran(bench), "ask", name="again")


def test_a_model_trained_beside_keeps_its_own_path(bench):
    """The nearest common ancestor says what a model of this pipeline needs, and says nothing about a loaded one."""
    text = (SAMPLES.parent / "app" / "templates" / "churn.yaml").read_text("utf-8")
    both = text + (
        "  load: {operator: load_model, with: {model: churn, version: 1}}\n"
        "  old: {operator: score_classifier, with: {target: churned}, from: {model: load, table: split.test}}\n"
    )
    metrics = ran(bench, both).document()["metrics"]
    assert metrics["old"]["roc_auc"] == metrics["score"]["roc_auc"]
