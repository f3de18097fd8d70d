"""R4: the screens are killed while a run goes on; the run does not notice, and its link shows it live again."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.host.conftest import Bench, wait_for
from tests.pages.chromium import IN_CHROMIUM, PATIENCE, free_port
from tests.runs.scripted import chain

pytestmark = [*IN_CHROMIUM, pytest.mark.slow]
TANDEM = Path(sys.executable).parent / "tandem"
SECONDS = 45
LONG = (
    chain("age + 1")
    .add("sleep", "python_script", table="step1")
    .set("sleep", code=f"import time\ndef run(table):\n    time.sleep({SECONDS})\n    return table")
)


@pytest.fixture
def bench(tmp_path):
    """A workspace whose engine works already, in threads of its own process."""
    bench = Bench(tmp_path / "workspace", "--executor", "inline")
    bench.engine.start()
    yield bench
    bench.engine.stop()


@contextlib.contextmanager
def up(bench, port):
    """`tandem up` in a workspace; gives its process once the screens answer."""
    command = [TANDEM, "up", "--no-browser", "--json", "--port", str(port)]
    environment = {**os.environ, "TANDEM_WORKSPACE": str(bench.workspace.root)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as one:
        try:
            assert json.loads(one.stdout.readline())["url"].endswith(str(port))
            yield one
        finally:
            one.send_signal(signal.SIGINT)
            one.communicate(timeout=60)


def shows(tab, status, but):
    """Wait until the page shows a status, and another one no more."""
    main = tab.get_by_test_id("stMain")
    main.get_by_text(status).first.wait_for(timeout=PATIENCE)
    main.get_by_text(but).first.wait_for(state="detached", timeout=PATIENCE)


def test_a_run_goes_on_without_screens_and_is_live_on_new_ones(bench, tab):
    port, run, engine = free_port(), bench.ask(LONG), bench.engine.status().pid
    link = f"http://127.0.0.1:{port}/runs?run={run}"
    wait_for(lambda: [event for event in bench.events(run) if event.node == "sleep"])
    with up(bench, port) as first:
        tab.goto(link, timeout=PATIENCE)
        shows(tab, "running", but="succeeded")
        [screens] = [one for one in psutil.Process(first.pid).children() if "streamlit" in one.cmdline()]
        screens.send_signal(signal.SIGKILL)
        wait_for(lambda: not screens.is_running() or screens.status() == psutil.STATUS_ZOMBIE)
        assert bench.document(run)["status"] == "running"
    with up(bench, port):
        tab.goto(link, timeout=PATIENCE)
        shows(tab, "running", but="succeeded")
        assert bench.document(run)["status"] == "running"
        shows(tab, "succeeded", but="running")
    document = bench.document(run)
    assert (document["status"], bench.engine.status().pid) == ("succeeded", engine)
    assert {name: node["attempts"] for name, node in document["nodes"].items()} == dict.fromkeys(LONG.nodes, 1)
