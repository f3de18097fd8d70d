"""A workspace, its records, and an executor that does what a test tells it."""

import polars as pl
import pytest

from engine.config import Workspace
from engine.records import Records
from engine.records.environments import EnvironmentRow, put_environment
from engine.runs.driver import Driver
from engine.runs.orders import SourceRef
from engine.runs.requests import RunRequest, submit
from engine.stores.outputs import OutputStore
from operators.contract.tables import lazy
from tests.runs.scripted import ScriptedExecutor

QUOTA = {"cpu": 20_000, "gpu": 5_000, "memory": 2**30}


@pytest.fixture
def workspace(tmp_path):
    return Workspace.at(tmp_path / "workspace", records_url=f"sqlite:///{tmp_path / 'workspace' / 'records.db'}")


@pytest.fixture
def records(workspace):
    """Records with one environment, `train`: two CPUs, half a GPU."""
    records = Records.open(workspace)
    with records.write() as connection:
        put_environment(connection, EnvironmentRow("train", "elastic", QUOTA))
    return records


@pytest.fixture
def store(workspace):
    return OutputStore(workspace.outputs, workspace.key)


@pytest.fixture
def people(workspace, store):
    """The stored table that `read_dataset(dataset=people)` reads, as a run's sources."""
    table = lazy(pl.DataFrame({"age": [30, 40, 50], "name": ["Ann", "Bo", "Cy"]}))
    ref = store.put_table(table)
    return {"dataset:people": SourceRef(hash=ref.hash, table=ref, label="people@1").model_dump(mode="json")}


@pytest.fixture
def scripted(store):
    return ScriptedExecutor(store)


@pytest.fixture
def driver(workspace, records, scripted):
    driver = Driver(workspace, records, scripted)
    yield driver
    driver.close()


@pytest.fixture
def ask(records, people):
    """Ask for a run of a pipeline and return its id."""
    return lambda pipeline, **asked: submit(records, RunRequest(pipeline, sources=people, **asked)).id
