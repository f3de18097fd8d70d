"""C3: what a stale tab or an impatient hand does again changes nothing more, without any key."""

import pytest

from app.session import workbench
from engine.config import Workspace
from engine.records import Records, services


@pytest.fixture
def bench(full):
    """The full workspace, which is left as it was."""
    yield workbench()
    with Records.open(Workspace.at(full)).write() as connection:
        services.remove(connection, "twice")


def champions(bench):
    return [version["version"] for version in bench.models.show("churn") if "champion" in version["aliases"]]


def deployed(bench):
    return [
        {key: value for key, value in service.items() if key not in ("updated", "seen_at")}
        for service in bench.services.list()
        if service["name"] == "twice"
    ]


def test_a_run_is_cancelled_and_resumed_once(bench):
    run = bench.run(bench.runs.pipeline(bench.runs.list()[-1]["id"])).id
    assert [bench.runs.cancel(run) for _ in range(2)] == [{"id": run, "status": "cancelled"}] * 2
    assert [bench.runs.resume(run).status for _ in range(2)] == ["queued"] * 2
    assert bench.runs.cancel(run)["status"] == "cancelled"


def test_a_version_is_promoted_once(bench):
    before = champions(bench)
    for _ in range(2):
        bench.models.promote("churn", before[0])
    assert champions(bench) == before


def test_a_service_is_deployed_and_stopped_once(bench):
    asks = [lambda: bench.services.deploy("churn", name="twice")] * 2 + [lambda: bench.services.stop("twice")] * 2
    found = [ask() and deployed(bench) for ask in asks]
    assert found[0] == found[1]
    assert found[2] == found[3]
    assert [service["wanted"] for service in found[0] + found[2]] == ["running", "stopped"]
