"""Prometheus is told of devices, environments, the queue and decisions, on loopback only."""

import socket
import time
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from engine.config import Workspace
from engine.host.metrics import serve
from engine.records import Records, attempts, devices, environments, runs, usage, waits
from engine.records.attempts import AttemptRow
from engine.records.devices import DRAINED, DownRow
from engine.records.environments import EnvironmentRow
from engine.records.runs import RunRow
from engine.records.usage import UsageRow
from engine.records.waits import DecisionRow, WaitRow
from resources.health import Reading


class Told:
    """Health as a test tells it."""

    def read(self, _now):
        return [Reading(0, used=3 << 20, utilization=0.25, temperature=50, power=100.0, xid=0)]


@pytest.fixture
def records(tmp_path):
    return Records.open(Workspace.at(tmp_path / "workspace"))


@pytest.fixture
def told(records):
    """Return what is told over HTTP, as `{name: {labels: value}}`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = serve(records, Told(), port)

    def read():
        text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
        return {
            family.name: {tuple(sample.labels.values()): sample.value for sample in family.samples}
            for family in text_string_to_metric_families(text)
        }

    yield read
    server.shutdown()
    server.server_close()


def test_everything_is_told(records, told):
    reason = {"code": "wait_share", "values": {}, "sentence": "It needs 0.5 GPU."}
    with records.write() as connection:
        quota = {"cpu": 20_000, "gpu": 5_000, "memory": 1 << 30}
        environments.put_environment(connection, EnvironmentRow("train", "elastic", quota))
        usage.note(connection, [UsageRow(time.time(), "train", 10_000, 2_500, 0, 3, 1)])
        waits.tell(connection, [WaitRow("t1", "train", reason, 1.0)])
        waits.decided(connection, [DecisionRow(1.0, "r", "n", "train", "start", (), "fgd", "peak", "", 0.0)] * 2)
        devices.take_out(connection, DownRow("gpu1", DRAINED, {}, "ann", 1.0))
    found = told()
    assert found["tandem_environment_quota"]["train", "cpu"] == 2
    assert found["tandem_environment_taken"]["train", "gpu"] == 0.25
    assert found["tandem_environment_running"]["train",] == 3
    assert found["tandem_queue_waiting"]["train", "wait_share"] == 1
    assert found["tandem_decisions"]["fgd", "start", "peak"] == 2
    assert found["tandem_device_down"]["gpu1", DRAINED] == 1
    assert found["DCGM_FI_DEV_GPU_UTIL"]["gpu0", "0"] == 25
    assert found["DCGM_FI_DEV_FB_USED"]["gpu0", "0"] == 3


def test_an_empty_workspace_tells_what_there_is(told):
    assert told()["tandem_queue_waiting"] == {}


def test_stages_that_have_a_share_are_told_and_others_not(records, told):
    now = time.time()
    with records.write() as connection:
        runs.add(connection, RunRow("r1", "p", {"name": "p", "nodes": {}}, status="running"))
        for node in ("fit", "score"):
            attempts.add(connection, AttemptRow("r1", node, 1, f"t-{node}", "running", now - 60))
            row = DecisionRow(now, "r1", node, "train", "start", ("gpu0", "gpu1"), "fgd", "peak", "", 0.0, 10_000)
            waits.decided(connection, [row])
        waits.tell(connection, [WaitRow("t-score", "train", {"code": "wait_share"}, now)])
    found = told()
    assert {labels[2]: value for labels, value in found["tandem_task_gpu"].items()} == {"fit": 2.0}
    [seconds] = found["tandem_task_age_seconds"].values()
    assert 55 < seconds < 90
