"""The one object that pages, scripts and the command line hold; its engine works in threads here, without Ray."""

from pathlib import Path

import polars as pl
import pytest

from engine import Pipeline, Workbench
from engine.errors import ConfigError, NotFoundError, PipelineError
from engine.records.engine_process import EngineProcess
from operators.registry import BUILTIN

SAMPLES = Path(__file__).parents[2] / "data_samples"


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """A workbench with the churn sample, and an engine without Ray."""
    bench = Workbench.open(tmp_path_factory.mktemp("bench") / "workspace")
    bench.engine._process = EngineProcess(bench.workspace, ("--executor", "inline"))
    bench.datasets.add("customers", SAMPLES / "churn.csv")
    yield bench
    bench.engine.stop()


@pytest.fixture
def pipeline():
    """Read, keep some columns, split, train, score."""
    return (
        Pipeline("churn")
        .add("read", BUILTIN.build("read_dataset", {"dataset": "customers"}))
        .add("keep", BUILTIN.build("select_columns", {"columns": ["age", "plan", "churned"]}), table="read")
        .add("split", BUILTIN.build("split_rows", {"test_share": 0.2, "seed": 7}), table="keep")
        .add(
            "fit", BUILTIN.build("train_classifier", {"target": "churned", "algorithm": "linear"}), train="split.train"
        )
        .add("score", BUILTIN.build("score_classifier", {"target": "churned"}), model="fit", table="split.test")
    )


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A workbench in which nothing was ever done, and no engine runs."""
    return Workbench.open(tmp_path_factory.mktemp("empty") / "workspace")


def test_a_run_ends_with_its_metrics_and_can_be_looked_into(bench, pipeline):
    run = bench.run(pipeline).wait(timeout=120)
    assert run.status == "succeeded", run.document()["error"]
    assert run.metrics["score"]["roc_auc"] > 0.5
    assert bench.runs.preview(run.id, "keep", rows=2)["total_rows"] == 3000
    assert bench.runs.list()[0]["id"] == run.id


def test_a_model_is_registered_from_a_run_listed_and_promoted(bench, pipeline):
    run = bench.run(pipeline).wait(timeout=120)
    version = bench.models.register(run, "fit", name="churn")
    assert version.document()["replay"]["max_abs_difference"] == 0
    assert bench.models.show("churn")[0]["version"] == version.version
    assert "champion" in bench.models.promote("churn", version.version)["aliases"]


def test_a_pipeline_with_problems_is_not_run(bench, pipeline):
    wrong = pipeline.set("fit", target="churnd")
    assert [problem["node"] for problem in bench.check(wrong)["problems"]] == ["fit", "score"]
    with pytest.raises(PipelineError, match="churnd"):
        bench.run(wrong)


def test_a_dataset_of_code_is_a_version_like_any_other(bench):
    assert bench.datasets.put("squares", pl.DataFrame({"n": [1, 4, 9]}))["version"] == 1
    assert bench.datasets.query("select sum(n) from squares")["rows"] == [[14]]
    assert bench.datasets.show("squares")["versions"][0]["rows"] == 3


def test_an_unknown_run_is_named(empty):
    with pytest.raises(NotFoundError, match="nope"):
        empty.runs.show("nope")


def test_an_empty_workspace_is_in_order(empty):
    document = empty.doctor()
    assert document["ok"], document["checks"]
    assert document["engine"]["running"] is False


def test_the_doctor_sees_a_secret_that_others_can_read(empty):
    secret = empty.workspace.root / "secret.key"
    assert empty.workspace.key
    secret.chmod(0o644)
    wrong = [check["name"] for check in empty.doctor()["checks"] if not check["ok"]]
    secret.chmod(0o600)
    assert wrong == ["secret"]


def test_everything_is_free_where_nothing_runs(empty):
    environments = empty.resources()["environments"]
    assert [one["name"] for one in environments] == ["train", "test", "inference"]
    assert all(one["free"] == one["quota"] for one in environments)
    assert all((one["running"], one["queued"]) == (0, 0) for one in environments)


def test_a_run_that_waits_is_in_the_queue(empty, pipeline, monkeypatch):
    empty.datasets.add("customers", SAMPLES / "churn_fresh.csv")
    monkeypatch.setattr(empty.engine, "ensure", lambda: None)
    run = empty.run(pipeline)
    assert [waiting["run"] for waiting in empty.resources()["queue"]] == [run.id]
    run.cancel()
    assert empty.resources()["queue"] == []


def test_a_setting_that_cannot_be_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("TANDEM_PORT", "many")
    with pytest.raises(ConfigError, match="TANDEM_PORT"):
        Workbench.open(tmp_path)


def test_an_open_door_without_authentication_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("TANDEM_HOST", "0.0.0.0")
    with pytest.raises(ConfigError, match="without authentication"):
        Workbench.open(tmp_path)


@pytest.fixture
def shadowed(tmp_path):
    """A pipeline file beside its data, which reads a file by its path."""
    (tmp_path / "data.csv").write_text("a\n1\n2\n")
    file = tmp_path / "small.yaml"
    file.write_text(f"name: small\nnodes:\n  read: {{operator: read_csv, with: {{path: {tmp_path}/data.csv}}}}\n")
    return file


def test_a_pipeline_reads_no_file_of_the_system(bench):
    for path in ("/etc/shadow", "/etc/passwd", str(bench.workspace.root / "records.db")):
        asked = Pipeline("theft").add("read", BUILTIN.build("read_csv", {"path": path}))
        problem = bench.check(asked)["problems"][0]
        assert (problem["node"], problem["field"]) == ("read", "path")
        assert "may not read" in problem["sentence"]
        with pytest.raises(PipelineError, match="may not read"):
            bench.run(asked)


def test_a_pipeline_of_a_file_reads_what_lies_beside_it(bench, shadowed):
    run = bench.run(Pipeline.from_file(shadowed)).wait(timeout=60)
    assert run.status == "succeeded", run.document()["error"]
    assert bench.runs.preview(run.id, "read", rows=1)["total_rows"] == 2
    assert "may not read" in bench.check(shadowed.read_text())["problems"][0]["sentence"]


def test_a_setting_names_more_folders(bench, shadowed, monkeypatch):
    monkeypatch.setenv("TANDEM_DATA_FOLDERS", str(shadowed.parent))
    assert Workbench.open(bench.workspace.root).check(shadowed.read_text())["problems"] == []
