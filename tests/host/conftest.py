"""Engines as processes of their own, ended with the test that started them."""

import os
import signal
import time

import polars as pl
import pytest

from engine.config import Workspace
from engine.records import Records, events
from engine.records.engine_process import EngineProcess
from engine.runs import report
from engine.runs.orders import SourceRef
from engine.runs.requests import RunRequest, submit
from engine.stores.outputs import OutputStore
from operators.contract.tables import lazy

PATIENCE = 120
"""Seconds after which a test gives up waiting."""


class Bench:
    """A workspace with one dataset, and the engine it may have.

    Args:
        root: Folder of the workspace.
        arguments: For the engine, such as `--executor inline`.
    """

    def __init__(self, root, *arguments):
        self.workspace = Workspace.at(root, records_url=f"sqlite:///{root / 'records.db'}")
        self.records = Records.open(self.workspace)
        self.engine = EngineProcess(self.workspace, arguments)
        table = lazy(pl.DataFrame({"age": [30, 40, 50], "name": ["Ann", "Bo", "Cy"]}))
        ref = OutputStore(self.workspace.outputs, self.workspace.key).put_table(table)
        self.sources = {"dataset:people": SourceRef(hash=ref.hash, table=ref).model_dump(mode="json")}

    def ask(self, pipeline, **asked):
        return submit(self.records, RunRequest(pipeline, sources=self.sources, **asked)).id

    def document(self, run):
        return report.document(self.records, run)

    def ended(self, run):
        """Wait for the end of a run, with an engine to drive it, and return its document."""
        return wait_for(lambda: self.engine.ensure() or _over(self.document(run)))

    def events(self, run, after=-1):
        with self.records.read() as connection:
            return events.of(connection, run, after=after)

    def kill(self):
        """Kill the engine as a power cut would."""
        os.kill(self.engine.status().pid, signal.SIGKILL)
        wait_for(lambda: not self.engine.status().running)


def _over(document):
    return document if document["status"] in ("succeeded", "failed", "cancelled") else None


def wait_for(look):
    """Return what `look` returns as soon as that is something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.005)
    return found


@pytest.fixture
def bench(tmp_path):
    """A workspace whose engine works in threads of its own process."""
    bench = Bench(tmp_path / "workspace", "--executor", "inline")
    yield bench
    bench.engine.stop()


@pytest.fixture
def on_ray(tmp_path, monkeypatch):
    """A workspace whose engine starts a Ray with two CPUs and one logical GPU."""
    monkeypatch.setenv("TANDEM_CPUS", "2")
    monkeypatch.setenv("TANDEM_GPUS", "1")
    bench = Bench(tmp_path / "workspace")
    yield bench
    bench.engine.stop()
