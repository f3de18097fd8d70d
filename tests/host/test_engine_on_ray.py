"""The engine on a Ray of its own: killed, orphaned, stopped; runs end, and nothing is left behind."""

import os
import signal
from collections import Counter

import psutil
import pytest

from engine.runs.requests import cancel
from resources.cluster import find_cluster
from resources.processes import marked
from tests.host.conftest import wait_for
from tests.runs.scripted import chain

pytestmark = pytest.mark.ray
LONG = chain(*(f"age + {number}" for number in range(30)))


def ray_of(bench):
    return find_cluster(bench.workspace.root / "ray")


def done_once(bench, run):
    """Every node of a run succeeded, and none of them twice."""
    succeeded = Counter(event.node for event in bench.events(run) if event.kind == "succeeded")
    return bench.document(run)["status"] == "succeeded" and succeeded == dict.fromkeys(LONG.nodes, 1)


def test_runs_end_whoever_is_killed_and_stopping_leaves_nothing(on_ray):
    """R1 and R3 in one session, because each start of Ray takes seconds."""
    on_ray.engine.start()
    first = on_ray.ask(LONG)
    wait_for(lambda: len(on_ray.events(first)) > 8)
    on_ray.kill()
    assert ray_of(on_ray) is not None, "Ray outlives its engine"
    on_ray.ended(first)
    assert done_once(on_ray, first)

    with on_ray.records.write() as connection:
        connection.exec_driver_sql("DELETE FROM receipts")
    second = on_ray.ask(LONG)
    wait_for(lambda: len(on_ray.events(second)) > 8)
    for process in ray_of(on_ray).vital:
        os.kill(process.pid, signal.SIGKILL)
    on_ray.ended(second)
    assert done_once(on_ray, second)

    mark = ray_of(on_ray).mark
    stopped = on_ray.engine.stop()["stopped"]
    assert stopped[0]["name"] == "engine"
    assert marked(mark) == []
    assert ray_of(on_ray) is None


def test_a_cancelled_run_leaves_no_worker_busy(on_ray):
    """R12: what a script started is dead when the run is cancelled."""
    code = "import time\n\n\ndef run(table):\n    time.sleep(600)\n    return table\n"
    pipeline = chain().add("sleep", "python_script", table="read").set("sleep", code=code)
    on_ray.engine.start()
    run = on_ray.ask(pipeline)
    wait_for(lambda: _scripts(on_ray))
    cancel(on_ray.records, run)
    document = on_ray.ended(run)
    assert (document["status"], document["nodes"]["sleep"]["status"]) == ("cancelled", "skipped")
    wait_for(lambda: not _scripts(on_ray))


def _scripts(bench):
    """Return the processes of the engine's Ray that run a script."""
    found = [psutil.Process(one.pid).cmdline() for one in marked(ray_of(bench).mark) if one.alive]
    return [line for line in found if any("sandbox" in part for part in line)]
