"""An engine that does not get ready is told, and one that does not end is ended."""

import subprocess
import sys

import pytest

from engine.config import Workspace
from engine.errors import RecordsError
from engine.records import engine_process, processes
from engine.records.engine_process import EngineProcess

DEAF = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', flush=True)\ntime.sleep(60)"


def test_an_engine_that_never_gets_ready_is_told(tmp_path, monkeypatch):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexec sleep 60\n")
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(engine_process, "START_WITHIN", 0.3)
    engine = EngineProcess(Workspace.at(tmp_path / "workspace"))
    with pytest.raises(RecordsError, match=r"The engine is not ready after 0\.3 s\."):
        engine.start()
    assert [one["name"] for one in engine.stop()["stopped"]] == ["engine"]


def test_a_process_that_ignores_being_asked_is_killed():
    deaf = subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE)
    assert deaf.stdout.readline() == b"deaf\n"
    engine_process.end(processes.described(deaf.pid, "engine"), 0.3)
    assert deaf.wait(timeout=10) == -9
    deaf.stdout.close()
