"""Fixtures and settings that every test shares."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

# Tests do not assert times. CI tries the same examples each time; everybody else looks for new ones.
settings.register_profile("tandem", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("tandem")

# Most of what Spark does for tests of a few rows is to compile: a plainer compiler and collector halve its work.
PLAIN_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData"
os.environ.setdefault("PYSPARK_SUBMIT_ARGS", f"--driver-java-options '{PLAIN_JAVA}' pyspark-shell")

GUARD = """
import sys, time
from pathlib import Path
from resources.cluster import stop_cluster
from resources.processes import ProcessId
tests = ProcessId.of(int(sys.argv[1]))
while tests is not None and tests.alive:
    time.sleep(1)
stop_cluster(Path(sys.argv[2]))
"""
"""Ends the tests' Ray when the tests are killed: nothing else would."""


def pytest_collection_modifyitems(items):
    """Put files with long tests first, so that at the end no worker is left alone with one."""
    long = Counter(item.path for item in items if any(item.get_closest_marker(name) for name in ("ray", "browser")))
    items.sort(key=lambda item: -long[item.path])


@pytest.fixture(scope="session")
def spark():
    """The process's Spark session, as the engine starts it."""
    from engine.data.spark import spark_session

    return spark_session()


@pytest.fixture(scope="session", autouse=True)
def made_once(tmp_path_factory):
    """Records and model registries are made once and copied: seconds for each workspace that holds a model."""
    from engine.records import schema
    from engine.stores import models
    from tests.templates import registered_once, upgraded_once

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "_upgrade", upgraded_once(schema._upgrade))
        patch.setattr(models, "_client", registered_once(models._client, tmp_path_factory.mktemp("made") / "mlflow.db"))
        yield


@pytest.fixture(scope="session")
def ray_cluster(tmp_path_factory):
    """One local Ray for all tests: two CPUs, two logical GPUs; its processes, and no others, end with the session.

    It is started as a workspace starts its own: on loopback, behind a token. `ray_driver` connects to it.
    """
    from resources.cluster import start_cluster, stop_cluster
    from resources.connection import disconnect
    from resources.devices import Inventory

    home = tmp_path_factory.mktemp("ray")
    cluster = start_cluster(home, Inventory.logical(cpus=2, gpus=2))
    guard = subprocess.Popen([sys.executable, "-c", GUARD, str(os.getpid()), str(home)], start_new_session=True)
    yield cluster
    disconnect()
    stop_cluster(home)
    guard.kill()
    guard.wait()


@pytest.fixture
def ray_driver(ray_cluster):
    """The session's Ray with this process as its driver, also after a test that used another one."""
    from ray import is_initialized

    from resources.connection import connect, disconnect
    from resources.errors import ClusterError

    try:
        connect(ray_cluster)
    except ClusterError:
        disconnect()
        connect(ray_cluster)
    assert is_initialized()
    return ray_cluster


@pytest.fixture
def ray_ground(ray_driver):
    """`train`, `test` and `inference` on the session's Ray."""
    from resources.devices import Inventory
    from resources.ground import Ground

    ground = Ground(Path(ray_driver.token_file).parent, Inventory.logical(cpus=2, gpus=2))
    ground.open()
    yield ground
    ground.placement.close()


@pytest.fixture
def ray_placement(ray_ground):
    """Their shares."""
    return ray_ground.placement
