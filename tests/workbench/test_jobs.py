"""Jobs: asked for once, done by the engine's own loop, repeated without a second effect."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from engine import Workbench
from engine.config import Settings
from engine.errors import NotFoundError, QueryError, StoreError
from engine.host import jobs as host
from engine.records import Records, jobs
from engine.workbench import tasks
from engine.workbench.progress import Progress, StoppedError

CSV = "age,name\n1,Ann\n2,Bo\n"
PIPELINE = {"name": "people", "nodes": {"read": {"operator": "read_dataset", "with": {"dataset": "people"}}}}


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A workspace whose engine never starts."""
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    return Workbench.open(tmp_path / "workspace")


@pytest.fixture
def loop(bench):
    """The engine's loop over its jobs, not started."""
    return host.JobLoop(bench.workspace, Records.open(bench.workspace), Settings())


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(CSV)
    return str(path)


def row_of(bench, job):
    with Records.open(bench.workspace).read() as connection:
        return jobs.get(connection, job)


def test_a_job_waits_until_it_is_done_and_then_has_a_result(bench, loop, file):
    job = bench.jobs.begin("import", {"name": "people", "file": file, "label": "people.csv"}, subject="people")
    assert bench.jobs.show(job)["status"] == "queued"
    loop.do_waiting()
    shown = bench.jobs.show(job)
    assert (shown["status"], shown["result"]["rows"], shown["subject"]) == ("done", 2, "people")
    assert shown["seconds"] >= 0


def test_the_same_key_asks_for_one_job_from_eight_threads(bench):
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: bench.jobs.begin("sample", {"name": "x"}, key="gesture"), range(8)))
    assert len(set(asked)) == 1
    assert len(bench.jobs.list()) == 1


def test_the_same_key_asks_for_one_run_from_eight_threads(bench, file):
    bench.datasets.add("people", file)
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: bench.run(PIPELINE, key="gesture").id, range(8)))
    assert len(set(asked)) == 1
    assert len(bench.runs.list()) == 1
    assert bench.run(PIPELINE, key="another").id != asked[0]


def test_a_repeated_import_finds_the_version_it_made(bench, loop, file):
    job = bench.jobs.begin("import", {"name": "people", "file": file})
    bench.datasets.add("people", file, key=job)  # as an engine that died before it could say so
    loop.do_waiting()
    assert bench.jobs.show(job)["result"]["version"] == 1
    assert len(bench.datasets.versions("people")) == 1


def test_what_a_dead_engine_left_is_done_by_the_next(bench, loop, file):
    job = bench.jobs.begin("import", {"name": "people", "file": file})
    with Records.open(bench.workspace).write() as connection:
        jobs.claim(connection, job)
    loop.recover()
    loop.do_waiting()
    assert (row_of(bench, job).status, row_of(bench, job).attempts) == ("done", 2)


def test_a_job_over_which_three_engines_died_is_given_up_with_a_sentence(bench, loop):
    job = bench.jobs.begin("sample", {"name": "x"})
    for _ in range(jobs.ATTEMPTS):
        with Records.open(bench.workspace).write() as connection:
            jobs.claim(connection, job)
        loop.recover()
    shown = bench.jobs.show(job)
    assert shown["status"] == "failed"
    assert "ended 3 times" in shown["error"]["sentence"]


def test_a_job_that_is_cancelled_while_no_engine_lives_ends_with_the_next(bench, loop):
    job = bench.jobs.begin("sample", {"name": "x"})
    with Records.open(bench.workspace).write() as connection:
        jobs.claim(connection, job)
    assert bench.jobs.cancel(job)["status"] == "running"
    loop.recover()
    assert bench.jobs.show(job)["status"] == "cancelled"


def test_an_error_of_the_engine_is_its_sentence_and_any_other_is_general(bench, loop, monkeypatch, caplog):
    monkeypatch.setattr(tasks, "TASKS", {**tasks.TASKS, "odd": lambda *_: {}["secret"]})
    known, odd = bench.jobs.begin("profile", {"dataset": "nothing"}), bench.jobs.begin("odd", {})
    loop.do_waiting()
    assert bench.jobs.show(known)["error"]["sentence"] == "No dataset 'nothing'."
    assert bench.jobs.show(odd)["error"]["sentence"] == "Something unexpected happened (KeyError)."
    assert "secret" in caplog.text


def test_a_kind_that_does_not_exist_is_refused(bench):
    with pytest.raises(NotFoundError, match="No kind of job 'imprt'") as caught:
        bench.jobs.begin("imprt", {})
    assert "import" in caught.value.hint


def test_a_job_that_nobody_has_begun_is_cancelled_at_once(bench, loop):
    job = bench.jobs.begin("sample", {"name": "x"})
    assert bench.jobs.cancel(job) == {"id": job, "status": "cancelled"}
    loop.do_waiting()
    assert bench.jobs.cancel(job)["status"] == "cancelled"


def test_the_rows_of_a_query_are_paged(bench, loop):
    bench.datasets.put("numbers", pl.DataFrame({"n": range(50)}))
    job = bench.jobs.begin("query", {"sql": "SELECT n, n AS n FROM numbers ORDER BY n", "limit": 30})
    loop.do_waiting()
    told = bench.jobs.show(job)["result"]
    assert (told["columns"], told["rows"], told["truncated"]) == (["n", "n_2"], 30, True)
    page = bench.jobs.rows(job, offset=10, limit=2)
    assert (page["rows"], page["total_rows"]) == ([[10, 10], [11, 11]], 30)


def test_files_of_jobs_are_removed_after_a_day_unless_a_job_still_needs_them(bench, loop, tmp_path):
    uploads = bench.workspace.jobs / "uploads"
    uploads.mkdir()
    for name in ("old.csv", "wanted.csv", "new.csv"):
        (uploads / name).write_text(CSV)
    past = time.time() - 86_400.0 - 1
    for name in ("old.csv", "wanted.csv"):
        os.utime(uploads / name, (past, past))
    bench.jobs.begin("import", {"name": "people", "file": str(uploads / "wanted.csv")})
    bench.clean()
    assert {path.name for path in uploads.iterdir()} == {"wanted.csv", "new.csv"}
    with pytest.raises(StoreError, match="no longer kept"):
        bench.jobs.rows("j0")


def test_a_query_that_is_stopped_ends_while_it_is_answered(bench, tmp_path):
    progress = Progress("j1", tmp_path / "j1")
    sql = {"sql": "SELECT count(*) FROM range(100000000000) a, range(1000) b", "timeout": 60}
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(tasks.query, bench, sql, progress)
        while not answer.done():
            progress.stop()
            time.sleep(0.01)
    with pytest.raises((QueryError, StoppedError)):
        answer.result()
