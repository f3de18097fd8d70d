"""A GPU is taken out of service with a reason, and put back; one that is not there is said."""

import pytest

from engine import Workbench
from engine.errors import NotFoundError


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setenv("TANDEM_GPUS", "2")
    return Workbench.open(tmp_path / "workspace").devices


def test_logical_devices_are_in_service(desk):
    assert [(one["name"], one["logical"], one["state"]) for one in desk.list()] == [
        ("gpu0", True, "healthy"), ("gpu1", True, "healthy")
    ]  # fmt: skip


def test_one_is_taken_out_and_put_back(desk):
    assert desk.drain("gpu1", "A fan is being changed.")["state"] == "drained"
    assert desk.drain("gpu1", "Still.")["why"]["sentence"] == "Still."
    assert [one["state"] for one in desk.list()] == ["healthy", "drained"]
    assert desk.put_back("gpu1")["state"] == "healthy"
    assert desk.put_back("gpu1")["state"] == "healthy"


def test_an_unknown_one_is_said(desk):
    with pytest.raises(NotFoundError, match="no device 'gpu7'") as caught:
        desk.drain("gpu7")
    assert caught.value.hint == "There are gpu0, gpu1."
