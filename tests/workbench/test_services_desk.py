"""Services that remember what they ran: restart, and back to the version before; rows are what is wanted."""

import pytest

from engine.errors import ServingError


@pytest.fixture
def desk(models_bench, monkeypatch):
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    models_bench.services.deploy("churn", name="one", version=1, cpu=0.1)
    return models_bench.services


def test_a_service_that_ran_one_version_has_none_to_go_back_to(desk):
    assert desk.show("one")["former"] is None
    with pytest.raises(ServingError, match="never ran another"):
        desk.roll_back("one")


def test_a_service_goes_back_to_the_version_before_with_its_share(desk):
    desk.deploy("churn", name="two", version=1, cpu=0.2)
    desk.deploy("churn", name="two", version=2, cpu=0.1)
    assert desk.show("two")["former"] == {"model": "churn", "version": "1"}
    back = desk.roll_back("two").document()
    assert (back["version"], back["share"]["cpu"], back["status"]) == ("1", 1000, "waiting")
    assert [entry["version"] for entry in back["history"]] == ["1", "2", "1"]


def test_a_way_back_that_was_told_of_an_older_state_is_refused(desk):
    for version in (1, 2, 1):
        desk.deploy("churn", name="three", version=version, cpu=0.1)
    with pytest.raises(ServingError, match="did not run version 1 of 'churn' before"):
        desk.roll_back("three", {"model": "churn", "version": "1"})
    assert desk.roll_back("three", {"model": "churn", "version": "2"}).document()["version"] == "2"


def test_a_stopped_service_is_wanted_again_after_a_restart(desk):
    desk.stop("one")
    again = desk.restart("one").document()
    assert (again["wanted"], again["status"], again["version"]) == ("running", "waiting", "1")
