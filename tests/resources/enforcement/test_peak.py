"""The most that a piece of work takes is seen, also when it is given back, and of processes that it started."""

import subprocess
import sys

from resources.enforcement.peak import Peak

MIB = 2**20
WORK = """
from resources.enforcement.peak import Peak
first = Peak()
taken = b"x" * (200 << 20)
del taken
high = first.reached()
second = Peak()
print(high, second.reached())
"""
PARENT = """
import subprocess, sys
from resources.enforcement.peak import Peak
peak = Peak()
subprocess.run([sys.executable, "-c", "taken = b'x' * (150 << 20)"], check=True)
print(peak.reached())
"""


def test_what_was_given_back_counts_and_then_begins_anew():
    said = subprocess.run([sys.executable, "-c", WORK], capture_output=True, text=True, check=True)
    high, later = map(int, said.stdout.split())
    assert 195 * MIB <= high < 230 * MIB
    assert later < 20 * MIB


def test_a_process_that_it_started_counts():
    said = subprocess.run([sys.executable, "-c", PARENT], capture_output=True, text=True, check=True)
    assert int(said.stdout) > 145 * MIB


def test_where_the_system_does_not_tell_nothing_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr("resources.enforcement.peak.CLEAR", tmp_path / "none" / "clear_refs")
    assert Peak().reached() is None
