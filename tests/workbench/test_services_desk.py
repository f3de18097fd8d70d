"""Services that remember what they ran: restart, and back to the version before; rows are what is wanted."""

import time

import pytest

from engine.config import Settings
from engine.errors import ServingError
from engine.host.jobs import JobLoop
from engine.records import Records, jobs, services


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


@pytest.fixture
def jobs_of(desk, models_bench):
    """A service that ran version 1 until somebody asked for version 2; the workbench, and the job that does it."""
    records = Records.open(models_bench.workspace)

    def asked(name):
        desk.deploy("churn", name=name, version=1, cpu=0.1)
        with records.write() as connection:
            services.change(connection, name, status="healthy")
        return models_bench.jobs.begin(
            "deploy", {"model": "churn", "name": name, "version": 2, "cpu": 0.1}, subject=name
        )

    return asked


@pytest.fixture
def loop(models_bench):
    """An engine's loop over the jobs, not started; it is stopped when the test ends."""
    loop = JobLoop(models_bench.workspace, Records.open(models_bench.workspace), Settings())
    yield loop
    loop.stop()


def wished(bench, name):
    with Records.open(bench.workspace).read() as connection:
        row = services.find(connection, name)
    return row.version, row.wanted, row.status


def begun(loop, bench, job):
    """Let a loop begin a job, and return once the service is wished for."""
    loop.start()
    until(lambda: bench.jobs.show(job)["progress"].get("step") == "placing")


def until(holds):
    while not holds():
        time.sleep(0.01)


def test_a_cancelled_update_leaves_the_version_that_served(jobs_of, loop, models_bench):
    job = jobs_of("cancelled")
    begun(loop, models_bench, job)
    assert wished(models_bench, "cancelled") == ("2", "running", "waiting")
    models_bench.jobs.cancel(job)
    until(lambda: models_bench.jobs.show(job)["status"] == "cancelled")
    assert wished(models_bench, "cancelled") == ("1", "running", "healthy")
    assert [one["version"] for one in models_bench.services.show("cancelled")["history"]] == ["1"]


def test_an_update_whose_engine_ends_goes_on_with_the_next(jobs_of, loop, models_bench):
    job = jobs_of("handed-on")
    begun(loop, models_bench, job)
    loop.stop()
    assert (models_bench.jobs.show(job)["status"], wished(models_bench, "handed-on")[0]) == ("queued", "2")
    models_bench.jobs.cancel(job)
    assert wished(models_bench, "handed-on") == ("1", "running", "healthy")


def test_an_update_that_is_cancelled_after_its_engine_died_is_taken_back_by_the_next(jobs_of, loop, models_bench):
    job = jobs_of("died")
    models_bench.services.deploy("churn", name="died", version=2, cpu=0.1, key=job)
    with Records.open(models_bench.workspace).write() as connection:
        jobs.claim(connection, job)
    models_bench.jobs.cancel(job)
    loop.recover()
    assert models_bench.jobs.show(job)["status"] == "cancelled"
    assert wished(models_bench, "died") == ("1", "running", "healthy")


def test_a_first_deployment_that_is_cancelled_is_stopped_and_one_whose_engine_ends_is_not(desk, loop, models_bench):
    job = models_bench.jobs.begin("deploy", {"model": "churn", "name": "first", "cpu": 0.1})
    begun(loop, models_bench, job)
    loop.stop()
    assert wished(models_bench, "first")[1] == "running"
    models_bench.jobs.cancel(job)
    assert wished(models_bench, "first")[1] == "stopped"
