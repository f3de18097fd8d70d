"""Devices that fail are written down, and gone from there when they are healthy again; drained ones stay."""

import pytest

from engine.config import Workspace
from engine.host.device_watch import EVERY_S, DeviceWatch
from engine.records import Records, devices
from engine.records.devices import DRAINED, DownRow
from resources.health import Fault, Reading


class Told:
    """Health as a test tells it."""

    def __init__(self):
        self.faulty = set()

    def read(self, _now):
        fault = Fault("xid", {"xid": 79}, "It reported XID 79.")
        return [Reading(index, fault=fault if index in self.faulty else None) for index in range(2)]


@pytest.fixture
def records(tmp_path):
    return Records.open(Workspace.at(tmp_path / "workspace"))


@pytest.fixture
def clock():
    return iter(range(0, 10_000, int(EVERY_S))).__next__


def test_a_failure_is_noted_once_and_gone_when_it_is_over(records, clock):
    health = Told()
    watch = DeviceWatch(records, health, clock)
    assert watch() == set()
    health.faulty.add(1)
    assert watch() == {"gpu1"}
    with records.read() as connection:
        [before] = devices.every(connection)
    assert watch() == {"gpu1"}
    with records.read() as connection:
        assert devices.every(connection) == [before]
    assert before.why["code"] == "fault_xid"
    health.faulty.clear()
    assert watch() == set()


def test_what_somebody_took_out_does_not_come_back_by_itself(records, clock):
    with records.write() as connection:
        devices.take_out(connection, DownRow("gpu0", DRAINED, {}, "ann", 1.0))
    watch = DeviceWatch(records, Told(), clock)
    assert watch() == {"gpu0"}
    with records.write() as connection:
        assert devices.put_back(connection, "gpu0", DRAINED)
        assert not devices.put_back(connection, "gpu0", DRAINED)
    assert DeviceWatch(records, None)() == set()
