"""Jobs in an engine process: done, cancelled, killed, handed on."""

import pytest

from engine.config import Settings
from engine.host.jobs import AT_ONCE
from engine.records import jobs
from engine.workbench.jobs import JobDesk
from tests.host.conftest import wait_for

ENDLESS = {"sql": "SELECT count(*) FROM range(100000000000) a, range(1000) b", "timeout": 600}


@pytest.fixture
def desk(bench):
    """Asks for jobs of a workspace whose engine is started when it is needed."""
    return JobDesk(bench.workspace, bench.records, bench.engine.ensure, Settings(), lambda job: None)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("n\n" + "\n".join(map(str, range(1000))))
    return str(path)


def running(desk, job):
    wait_for(lambda: desk.show(job)["status"] == "running" and desk.show(job)["progress"])


def attempts(bench, job):
    with bench.records.read() as connection:
        return jobs.get(connection, job).attempts


def test_a_killed_engine_is_followed_by_one_that_does_the_job_once(bench, desk, file):
    job = desk.begin("import", {"name": "numbers", "file": file})
    running(desk, job)
    bench.kill()
    ended = desk.wait(job)
    assert (ended["status"], ended["result"]["rows"], ended["result"]["version"]) == ("done", 1000, 1)
    assert attempts(bench, job) == 2


def test_a_cancelled_query_ends_and_an_engine_that_is_asked_to_end_hands_its_jobs_on(bench, desk):
    """One engine for both, because each start takes seconds."""
    first = desk.begin("query", ENDLESS)
    running(desk, first)
    desk.cancel(first)
    assert desk.wait(first)["status"] == "cancelled"
    second = desk.begin("query", ENDLESS)
    running(desk, second)
    bench.engine.stop()
    assert desk.show(second)["status"] == "queued"
    assert attempts(bench, second) == 0


def test_as_many_endless_queries_as_there_are_places_hold_up_no_screen(bench, desk, file):
    desk.wait(desk.begin("import", {"name": "numbers", "file": file}))
    for query in [desk.begin("query", ENDLESS) for _ in range(AT_ONCE["query"])]:
        running(desk, query)
    assert desk.wait(desk.begin("profile", {"dataset": "numbers"}))["status"] == "done"
    bench.engine.stop()
