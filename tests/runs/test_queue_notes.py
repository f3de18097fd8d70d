"""What the queue tells is written when it is new, and the history at most every few seconds."""

import pytest

from engine.config import Workspace
from engine.records import Records, usage, waits
from engine.runs import queue_notes
from engine.runs.orders import WorkOrder
from engine.runs.queue_notes import Queue, QueueNotes, Taken
from resources.scheduling.decisions import Decision
from resources.scheduling.reasons import Reason
from resources.shares import Amount


class Told:
    """A queue as a test tells it."""

    def __init__(self):
        self.waiting, self.decided, self.held = {}, [], {"train": Taken(Amount(), 0, 0)}

    def why_waiting(self):
        return self.waiting

    def new_decisions(self):
        found, self.decided = self.decided, []
        return found

    def taken(self):
        return self.held


@pytest.fixture
def records(tmp_path):
    return Records.open(Workspace.at(tmp_path / "workspace"))


@pytest.fixture
def queue():
    return Told()


@pytest.fixture
def note(records, queue, monkeypatch):
    """Look at the queue at a time."""
    monkeypatch.setattr(queue_notes, "EVERY_S", 0.0)
    now = [0.0]
    notes = QueueNotes(records, queue, lambda: now[0])

    def look(at):
        now[0] = at
        notes.note()

    return look


def order(token):
    return WorkOrder(
        workspace="w", records_url="", run="r1", stage=f"stage-{token}", nodes=(), pipeline={}, attempt=1, token=token,
        environment="train",
    )  # fmt: skip


def test_it_is_a_queue(queue):
    assert isinstance(queue, Queue)


def test_who_waits_and_what_was_decided_is_written(records, queue, note):
    queue.waiting["a"] = (order("a"), Reason("share", {"needs": "0.5 GPU"}, "It needs 0.5 GPU."))
    queue.decided = [(order("b"), Decision(1.0, "b", "train", "start", "host", ("gpu0",), "fgd", "peak"), 3.0)]
    note(100.0)
    with records.read() as connection:
        assert waits.every(connection)["a"].reason["code"] == "wait_share"
        [row] = waits.decisions(connection)
        assert (row.at, row.node, row.devices) == (97.0, "stage-b", ("gpu0",))
    queue.waiting.clear()
    note(101.0)
    with records.read() as connection:
        assert waits.every(connection) == {}
        assert len(waits.decisions(connection)) == 1


def test_the_history_has_what_changed_and_not_too_often(records, queue, note):
    note(100.0)
    queue.held = {"train": Taken(Amount(cpu=5), 1, 0), "test": Taken(Amount(), 0, 0)}
    note(101.0)
    note(100.0 + queue_notes.SAMPLE_S)
    note(100.0 + 2 * queue_notes.SAMPLE_S)
    with records.read() as connection:
        rows = usage.since(connection, 0.0)
    assert [(one.at, one.environment, one.cpu, one.running) for one in rows] == [
        (100.0, "train", 0, 0),
        (105.0, "train", 5, 1),
        (105.0, "test", 0, 0),
    ]
