"""Whoever waits for a write is woken by it, and sleeps where there is none."""

import threading
import time

import pytest

from engine.records.writes import LOOK_S, Writes

LONG = 20.0


@pytest.fixture
def path(tmp_path):
    """A file that is there."""
    file = tmp_path / "log"
    file.write_bytes(b"begun")
    return file


@pytest.fixture
def writes(path):
    """What waits for writes to it."""
    found = Writes(path)
    yield found
    found.close()


def append(path):
    with path.open("ab") as file:
        file.write(b"more")


def waited(writes, timeout):
    began = time.monotonic()
    return writes.wait(timeout), time.monotonic() - began


def test_nothing_written_is_waited_for_to_the_end(writes):
    woken, seconds = waited(writes, 0.2)
    assert not woken
    assert seconds >= 0.2


def test_a_write_wakes_at_once(writes, path):
    writes.wait(0)
    timer = threading.Timer(0.1, append, [path])
    timer.start()
    woken, seconds = waited(writes, LONG)
    assert woken
    assert seconds < LONG / 2


def test_a_write_before_the_call_counts_once(writes, path):
    writes.wait(0)
    append(path)
    assert [writes.wait(LONG), writes.wait(0.05)] == [True, False]


def test_a_file_that_is_made_anew_is_followed(writes, path):
    writes.wait(0)
    path.unlink()
    path.write_bytes(b"another")
    while writes.wait(0.1):
        pass
    append(path)
    assert writes.wait(LONG)


def test_a_file_that_is_not_there_is_looked_for_by_the_clock(tmp_path):
    missing = Writes(tmp_path / "none")
    woken, seconds = waited(missing, LONG)
    assert woken
    assert LOOK_S <= seconds < LONG / 2
    missing.close()
