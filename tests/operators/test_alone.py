"""Threads that parse Python text one at a time, as CPython 3.11 needs it."""

import ast
import gc
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from operators.alone import alone

HEAD = "{'descr': [('a', '<f8'), ('b', '<i8')], 'fortran_order': False, 'shape': (3, 4), }"


class Yielding:
    """Garbage whose end lets another thread go on, as that of a library may."""

    def __init__(self):
        self.own = self

    def __del__(self):
        time.sleep(0)


@pytest.fixture
def collecting():
    """Garbage is collected at almost every allocation, and threads take turns all the time."""
    thresholds, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(1)
    sys.setswitchinterval(1e-6)
    yield
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)


def parsed(do):
    for _ in range(200):
        Yielding()
        do(lambda: ast.parse(HEAD))
    return True


def test_threads_that_parse_are_not_in_each_others_way(collecting):
    """Without `alone` about one of ten such threads fails on CPython 3.11."""
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(parsed, [alone] * 16))


def test_other_faults_pass_at_once():
    asked = []

    def fails():
        asked.append(1)
        raise SystemError("another fault")

    with pytest.raises(SystemError, match="another fault"):
        alone(fails)
    assert len(asked) == 1
