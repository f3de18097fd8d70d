"""The engine as a process: one per workspace, found, ended, and followed by the next."""

import os
import signal
import subprocess
import sys

import pytest

from engine.errors import EngineBusyError, RecordsError
from engine.records import engine_lock, leases, processes
from engine.records.engine_process import BUSY, EngineProcess
from engine.runs.requests import cancel
from tests.host.conftest import wait_for
from tests.runs.scripted import chain


def host(bench, *arguments):
    """Run another engine in the foreground and return how it ended."""
    command = [sys.executable, "-m", "engine.host", "--workspace", str(bench.workspace.root), *arguments]
    environment = {**os.environ, "TANDEM_RECORDS_URL": bench.workspace.records_url}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_without_an_engine_the_status_says_so(bench):
    status = bench.engine.status()
    assert (status.running, status.ready, status.pid) == (False, False, None)


def test_an_engine_takes_work_and_names_its_pid(bench):
    started = bench.engine.start()
    assert started.ready
    assert bench.engine.status().pid == started.pid
    assert bench.ended(bench.ask(chain("age + 1")))["status"] == "succeeded"


def test_starting_twice_starts_once(bench):
    assert bench.engine.start().pid == EngineProcess(bench.workspace).start().pid


def test_a_second_engine_refuses(bench):
    """R14: never two drivers."""
    pid = bench.engine.start().pid
    second = host(bench, "--executor", "inline")
    assert second.returncode == BUSY
    assert f"has an engine already: the process {pid}." in second.stderr
    assert "Traceback" not in second.stderr
    assert bench.engine.status().pid == pid


def test_the_lock_is_free_as_soon_as_its_holder_is_killed(bench):
    bench.engine.start()
    with pytest.raises(EngineBusyError), engine_lock.held(bench.workspace):
        pass
    bench.kill()
    with engine_lock.held(bench.workspace):
        pass


def test_stopping_ends_the_engine_and_nothing_else(bench):
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    pid = bench.engine.start().pid
    assert bench.engine.stop() == {"stopped": [{"name": "engine", "pid": pid}]}
    assert not bench.engine.status().running
    assert stranger.poll() is None
    stranger.communicate(b"\n")


def test_stopping_ends_what_was_noted_if_it_is_still_that_process(bench):
    screens, stranger = (subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) for _ in range(2))
    bench.engine.note(screens.pid, "screens")
    row = processes.described(stranger.pid, "screens")
    with bench.records.write() as connection:  # a pid from an earlier day, which a stranger has now
        processes.note(connection, processes.ProcessRow(row.host, row.pid, "screens", row.started - 1000))
    assert bench.engine.stop()["stopped"] == [{"name": "screens", "pid": screens.pid}]
    assert screens.wait(timeout=10) == -signal.SIGTERM
    assert stranger.poll() is None
    stranger.communicate(b"\n")


def test_stopping_ends_an_engine_that_nobody_has_heard_of_yet(bench):
    """Whoever started it may be gone before it announces itself."""
    starter = EngineProcess(bench.workspace, ("--executor", "inline"))
    starter.ensure()
    [stopped] = EngineProcess(bench.workspace).stop()["stopped"]
    assert stopped["name"] == "engine"
    wait_for(lambda: starter.attempt() == (False, None))


def test_stopping_ends_screens_that_nobody_has_noted(bench):
    environment = {**os.environ, **bench.engine.mark("screens")}
    screens = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env=environment)
    assert bench.engine.stop()["stopped"] == [{"name": "screens", "pid": screens.pid}]
    assert screens.wait(timeout=10) == -signal.SIGTERM
    screens.stdin.close()


def test_stopping_what_does_not_run_is_fine(bench):
    assert bench.engine.stop() == {"stopped": []}


def test_an_engine_that_was_asked_to_end_leaves_its_runs_to_the_next(bench):
    bench.engine.start()
    run = bench.ask(chain(*(f"age + {number}" for number in range(40))))
    wait_for(lambda: len(bench.events(run)) > 5)
    bench.engine.stop()
    assert bench.document(run)["status"] in ("running", "succeeded")
    assert bench.ended(run)["status"] == "succeeded"


def test_an_engine_whose_lease_was_taken_ends_itself(bench):
    bench.engine.start()
    with bench.records.write() as connection:
        leases.take(connection, leases.Lease("engine", 1, "elsewhere", 0.0, 0.0))
    wait_for(lambda: _lock_is_free(bench))


def _lock_is_free(bench):
    try:
        with engine_lock.held(bench.workspace):
            return True
    except EngineBusyError:
        return False


def test_an_engine_that_cannot_start_says_why(bench, monkeypatch):
    monkeypatch.setenv("TANDEM_CPUS", "-1")
    with pytest.raises(RecordsError, match=r"did not start: TANDEM_CPUS='-1' cannot be used: .*greater than 0"):
        bench.engine.start()


BREAKS_OFF = """#!/bin/sh
echo begun >> {notes}
case $(wc -l < {notes} | tr -d ' ') in {breaking}) ;; *) exec {python} "$@" ;; esac
echo "core_worker_process.cc:247: Failed to register worker to Raylet" >&2
exit 1
"""


@pytest.fixture
def breaking_off(tmp_path, monkeypatch):
    """Let engines end as one does whose Ray was killed, by their numbers; give the file with a line for each."""

    def begin(breaking):
        program, notes = tmp_path / "python", tmp_path / "notes"
        program.write_text(BREAKS_OFF.format(notes=notes, breaking=breaking, python=sys.executable))
        program.chmod(0o700)
        monkeypatch.setattr(sys, "executable", str(program))
        return notes

    return begin


def test_an_engine_that_ray_takes_along_is_followed_by_another(bench, breaking_off):
    notes = breaking_off("1|2|4|5")
    assert bench.engine.start().ready
    bench.engine.ensure()
    bench.kill()
    assert bench.ended(bench.ask(chain("age + 1")))["status"] == "succeeded"
    assert len(notes.read_text().splitlines()) == 6


def test_engines_that_always_break_off_are_told_without_words_of_ray(bench, breaking_off):
    notes = breaking_off("*")
    with pytest.raises(RecordsError, match=r"^The engine has broken off 3 times\.$") as caught:
        bench.engine.start()
    assert str(bench.engine.log) in caught.value.hint
    assert len(notes.read_text().splitlines()) == 3


def test_a_run_is_cancelled_from_another_process(bench):
    bench.engine.start()
    run = bench.ask(chain(*(f"age + {number}" for number in range(100))))
    wait_for(lambda: bench.events(run))
    cancel(bench.records, run)
    assert bench.ended(run)["status"] in ("cancelled", "succeeded")
