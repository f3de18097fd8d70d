"""Steps pass where nobody shares the device, and follow a share that changes while they go on."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from resources.enforcement.gate import Gate
from resources.enforcement.turns import Turns, step, wait_at, write_share

ROOT = Path(__file__).parents[3]
STEPPER = """
import json, sys, time
from resources.enforcement.gate import Gate
from resources.enforcement.turns import step, wait_at

wait_at(json.loads(sys.argv[1]))
begin, half, end = map(float, sys.argv[2:])
time.sleep(max(0, begin - time.monotonic()))
inside = [0.0, 0.0]
while time.monotonic() < end:
    with step():
        time.sleep(0.005)
        inside[time.monotonic() > half] += 0.005
print(*inside)
"""


def test_without_turns_a_step_goes_on_at_once():
    wait_at(None)
    with step():
        inside = True
    assert inside


def test_shares_that_change_are_followed(tmp_path):
    begin = time.monotonic() + 2.0
    half, end = begin + 2.0, begin + 4.0
    shares = {name: tmp_path / f"{name}.share" for name in ("one", "two")}
    steppers = {}
    for name, share in (("one", 2_500), ("two", 7_500)):
        write_share(shares[name], share)
        turns = json.dumps(Turns(str(tmp_path / "gate"), str(shares[name])).document())
        command = [sys.executable, "-c", STEPPER, turns, *map(str, (begin, half, end))]
        steppers[name] = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    time.sleep(max(0.0, half - time.monotonic()))
    for share in shares.values():
        write_share(share, 5_000)
    inside = {
        name: [float(one) for one in process.communicate(timeout=60)[0].split()] for name, process in steppers.items()
    }
    assert inside["two"][0] / inside["one"][0] == pytest.approx(3, rel=0.3)
    assert inside["two"][1] / inside["one"][1] == pytest.approx(1, rel=0.3)


def test_a_share_that_is_gone_stops_nobody(tmp_path):
    write_share(tmp_path / "share", 5_000)
    wait_at(Turns(str(tmp_path / "gate"), str(tmp_path / "share")).document())
    (tmp_path / "share").unlink()
    passed = 0
    for _ in range(3):
        with step():
            passed += 1
    wait_at(None)
    assert passed == 3


@pytest.fixture
def waiting(tmp_path):
    """This process, with a place at a gate."""
    write_share(tmp_path / "share", 5_000)
    wait_at(Turns(str(tmp_path / "gate"), str(tmp_path / "share")).document())
    yield tmp_path
    wait_at(None)


def test_a_step_inside_a_step_is_part_of_its_turn(waiting):
    passed = threading.Event()

    def nested():
        with step(), step(), step():
            pass
        passed.set()

    threading.Thread(target=nested, daemon=True).start()
    assert passed.wait(5)


def test_the_turn_lasts_until_the_outermost_step_ends(waiting):
    other = Gate(waiting / "gate", 1.0)
    with step():
        with step():
            pass
        assert not other._enter()


def test_an_error_in_a_nested_step_leaves_the_gate(waiting):
    with pytest.raises(ZeroDivisionError), step(), step():
        1 / 0  # noqa: B018 - the error of somebody's work
    with Gate(waiting / "gate", 1.0).step():
        pass
