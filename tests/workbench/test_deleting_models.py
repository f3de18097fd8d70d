"""Deleting versions of models: gone at once, back on wish, and their numbers never again."""

import time

import pytest

from engine.errors import DeletionError, NotFoundError
from engine.records import Records, services
from engine.records.services import ServiceRow

LATER = 3_600.0


@pytest.fixture
def bench(models_copy):
    """A workspace with two versions of a model: 1 is the champion."""
    return models_copy


def versions(bench):
    return [one["version"] for one in bench.models.show("churn")]


def serve(bench, version, wanted):
    with Records.open(bench.workspace).write() as connection:
        services.put_service(connection, ServiceRow("s", "churn", version, "inference", wanted=wanted, status=wanted))


def test_a_version_is_gone_and_comes_back(bench):
    told = bench.deletions.delete("model", "churn", ["2"])
    assert (versions(bench), [one["version"] for one in bench.models.list()]) == (["1"], ["1"])
    with pytest.raises(NotFoundError, match="No version of model churn '2'"):
        bench.services.deploy("churn", version="2")
    bench.deletions.undo(told["id"])
    assert (versions(bench), bench.models.show("churn")[0]["aliases"]) == (["2", "1"], ["challenger"])
    assert bench._models.load("churn", "2").is_dir()


def test_its_files_go_and_its_number_never_comes_again(bench):
    run = bench.models.show("churn")[0]["run"]
    folder = bench._models.folder("churn", "2")
    told = bench.deletions.delete("model", "churn", ["2"])
    assert bench.deletions.finish(time.time() + LATER) == {"model": told["bytes"]}
    assert (told["bytes"] > 0, folder.exists()) == (True, False)
    assert bench.models.register(run, "fit", name="churn").version == "3"


def test_a_whole_model_may_go_and_its_name_goes_on_counting(bench):
    run = bench.models.show("churn")[0]["run"]
    bench.deletions.delete("model", "churn")
    assert bench.models.list() == []
    with pytest.raises(NotFoundError, match="No model 'churn'"):
        bench.models.show("churn")
    bench.deletions.finish(time.time() + LATER)
    version = bench.models.register(run, "fit", name="churn")
    assert (version.version, version.aliases) == ("3", ("champion",))


def test_a_version_that_is_registered_before_the_files_are_gone_is_the_champion(bench):
    run = bench.models.show("churn")[0]["run"]
    told = bench.deletions.delete("model", "churn")
    assert bench.models.register(run, "fit", name="churn").aliases == ("champion",)
    bench.deletions.undo(told["id"])
    assert versions(bench) == ["3", "2", "1"]


def test_a_version_that_a_service_runs_is_not_deleted(bench):
    serve(bench, "2", "running")
    with pytest.raises(DeletionError, match="in use: service s"):
        bench.deletions.delete("model", "churn", ["2"], anyway=True)
    serve(bench, "2", "stopped")
    with pytest.raises(DeletionError, match="needed by service s"):
        bench.deletions.delete("model", "churn", ["2"])
    bench.deletions.delete("model", "churn", ["2"], anyway=True)


def test_a_version_that_came_into_service_just_then_keeps_its_files(bench):
    told = bench.deletions.delete("model", "churn", ["2"])
    serve(bench, "2", "running")
    assert bench.deletions.finish(time.time() + LATER) == {}
    bench.deletions.undo(told["id"])
    assert bench._models.load("churn", "2").is_dir()


def test_what_a_service_could_go_back_to_is_named(bench):
    serve(bench, "2", "running")
    with Records.open(bench.workspace).write() as connection:
        history = [{"model": "churn", "version": number} for number in ("2", "1")]
        services.change(connection, "s", options={"history": history})
    bench.models.promote("churn", "2")
    assert {"kind": "service", "name": "s", "how": "history"} in bench.deletions.look("model", "churn", ["1"])["users"]


def test_models_that_learnt_from_a_dataset_are_named(bench):
    users = bench.deletions.look("dataset", "churn")["users"]
    assert {"kind": "model", "name": "churn@1", "how": "history"} in users
    assert {"run"} < {user["kind"] for user in users}


def test_the_champion_of_others_is_not_deleted(bench):
    with pytest.raises(DeletionError, match="in use: alias champion"):
        bench.deletions.delete("model", "churn", ["1"])
    bench.models.promote("churn", "2")
    bench.deletions.delete("model", "churn", ["1"])


def test_a_model_needs_nothing_of_its_run_or_data(bench):
    run = bench.models.show("churn")[0]["run"]
    assert {"kind": "model", "name": "churn@2", "how": "history"} in bench.deletions.look("run", run)["users"]
    for one in bench.runs.list():
        bench.deletions.delete("run", one["id"])
    bench.deletions.delete("dataset", "churn")
    bench.deletions.finish(time.time() + LATER)
    assert bench._models.load("churn", "2").is_dir()
    assert bench.models.card("churn", "2")["steps"] == []
    with pytest.raises(NotFoundError):
        bench.models.register(run, "fit", name="churn")
