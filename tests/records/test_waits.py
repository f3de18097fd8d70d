"""Why attempts wait is what was told last; decisions are kept, the newest."""

import pytest

from engine.records import waits
from engine.records.waits import DecisionRow, WaitRow


@pytest.fixture
def decision():
    return lambda node: DecisionRow(1.0, "r1", node, "train", "start", ("gpu0",), "fgd", "peak", "", 0.5)


def test_who_waits_is_who_was_told_last(records):
    reason = {"code": "share", "values": {"needs": "0.5 GPU"}, "sentence": "It needs 0.5 GPU."}
    with records.write() as connection:
        waits.tell(connection, [WaitRow("a", "train", reason, 1.0), WaitRow("b", "test", reason, 1.0)])
        waits.tell(connection, [WaitRow("b", "test", reason, 2.0)])
    with records.read() as connection:
        assert waits.every(connection) == {"b": WaitRow("b", "test", reason, 2.0)}
    with records.write() as connection:
        waits.tell(connection, [])
    with records.read() as connection:
        assert waits.every(connection) == {}


def test_decisions_come_newest_first_and_old_ones_go(records, decision, monkeypatch):
    monkeypatch.setattr(waits, "KEPT", 3)
    with records.write() as connection:
        waits.decided(connection, [decision("a"), decision("b")])
        waits.decided(connection, [decision("c"), decision("d")])
        waits.decided(connection, [])
    with records.read() as connection:
        assert waits.decisions(connection) == [decision("d"), decision("c"), decision("b")]
        assert waits.decisions(connection, limit=1) == [decision("d")]
