"""Environments are listed, changed with a trace of who did it, and refused where the machine has not as much."""

import pytest

from engine import Workbench
from engine.errors import NotFoundError
from engine.records import Records, services
from engine.records.services import ServiceRow
from resources.errors import PlacementError, QuotaError, ShareError


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    return Workbench.open(tmp_path / "workspace").environments


def test_the_three_of_a_new_workspace_are_there(desk):
    assert {one["name"]: one["policy"] for one in desk.list()} == {
        "train": "elastic", "test": "mixed", "inference": "fixed"
    }  # fmt: skip
    assert {one["scheduling"] for one in desk.list()} == {"best_fit"}
    assert "fgd" in desk.show("train")["policies"]
    assert desk.show("train")["inventory"]["cpus"] >= 1


def test_a_change_is_kept_with_who_made_it(desk):
    before = desk.show("train")
    changed = desk.change("train", scheduling="fgd", quota={"cpu": "0.2"})
    assert (changed["scheduling"], changed["quota"]) == ("fgd", {**before["quota"], "cpu": 2_000})
    [entry] = desk.history("train")
    assert (entry["before"]["scheduling"], entry["after"]["scheduling"]) == ("best_fit", "fgd")
    assert entry["before"]["quota"]["cpu"] == before["quota"]["cpu"]
    assert entry["actor"] == "local"
    assert desk.history("test") == []


def test_a_change_that_changes_nothing_leaves_no_trace(desk):
    before = desk.show("train")
    desk.change("train", policy=before["policy"], level=before["level"], quota={"cpu": before["quota"]["cpu"] / 10_000})
    assert desk.history() == []


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"quota": {"cpu": 4096}}, QuotaError, "have quotas of"),
        ({"quota": {"cpu": 0}}, QuotaError, "An environment without CPU can run nothing"),
        ({"quota": {"cpu": "0.00001"}}, ShareError, "finer than"),
        ({"quota": {"cpu": -1}}, ShareError, "negative"),
        ({"quota": {"tpu": 1}}, ShareError, "tpu"),
        ({"policy": "rubber"}, ShareError, "rubber"),
        ({"scheduling": "luck"}, PlacementError, "There is no scheduling policy 'luck'"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(desk, change, error, sentence):
    before = desk.list()
    with pytest.raises(error, match=sentence):
        desk.change("train", **change)
    assert desk.list() == before
    assert desk.history() == []


def test_an_unknown_one_is_said_with_those_there_are(desk):
    with pytest.raises(NotFoundError, match="no environment 'trian'") as caught:
        desk.change("trian", policy="fixed")
    assert "train" in caught.value.hint


def test_services_keep_what_they_have(tmp_path):
    bench = Workbench.open(tmp_path / "workspace")
    share = {"cpu": 1500, "gpu": 0, "memory": 0}
    with Records.open(bench.workspace).write() as connection:
        row = ServiceRow("churn", "churn", "1", "inference", share, status="healthy", url="http://127.0.0.1:9/churn")
        services.put_service(connection, row)
    with pytest.raises(QuotaError, match=r"The services of 'inference' have CPU 0\.15"):
        bench.environments.change("inference", quota={"cpu": 0.1})
    assert bench.environments.change("inference", quota={"cpu": 0.15})["quota"]["cpu"] == 1500


def test_a_pool_is_chosen_by_labels_that_there_are(desk, monkeypatch, tmp_path):
    monkeypatch.setenv("TANDEM_DEVICES", "2xA100,T4,4xAscend910B")
    desk = Workbench.open(tmp_path / "labelled").environments
    assert {"model": "T4"} in desk.show("train")["pools"]
    assert {"kind": "NPU"} in desk.show("train")["pools"]
    changed = desk.change("train", pool={"model": "A100"}, quota={"gpu": 1})
    assert (changed["pool"], desk.list()[0]["pool"]) == ({"model": "A100"}, {"model": "A100"})
    assert desk.history("train")[0]["after"]["pool"] == {"model": "A100"}
    assert desk.change("test", pool={"model": "Ascend910B"}, quota={"gpu": 4})["pool"] == {
        "kind": "NPU", "model": "Ascend910B"
    }  # fmt: skip
    assert desk.change("test", pool={}, quota={"gpu": 0})["pool"] == {}


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"pool": {"model": "H100"}}, ShareError, "No device here has model=H100"),
        ({"pool": {"colour": "red"}}, ShareError, "There is no label 'colour'"),
        ({"pool": {"model": "T4"}, "quota": {"gpu": 2}}, QuotaError, "quota of 2 GPU from T4 GPU, and 1 can be given"),
    ],
)
def test_a_pool_that_cannot_give_it_is_refused(desk, monkeypatch, tmp_path, change, error, sentence):
    monkeypatch.setenv("TANDEM_DEVICES", "2xA100,T4")
    desk = Workbench.open(tmp_path / "labelled").environments
    desk.change("inference", quota={"gpu": 0})
    desk.change("test", quota={"gpu": 0})
    before = desk.list()
    with pytest.raises(error, match=sentence) as caught:
        desk.change("train", **change)
    assert caught.value.hint
    assert desk.list() == before


def test_a_partition_takes_whole_cores(desk, monkeypatch):
    monkeypatch.setattr("engine.workbench.environments.here", lambda: (0, 1))
    desk.change("inference", quota={"cpu": 0.5}, level="capped")
    desk.change("test", quota={"cpu": 0.4})
    desk.change("train", quota={"cpu": 0.6})
    assert desk.change("inference", level="partitioned")["level"] == "partitioned"
    with pytest.raises(QuotaError, match="take 1 whole cores of 2, and the others have quotas of CPU 1"):
        desk.change("train", quota={"cpu": 0.7})
    assert desk.show("train")["quota"]["cpu"] == 6_000
