"""Turns at the gate follow the weights, who pauses costs the others nothing, and the dead hold nobody up."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from resources.enforcement.gate import _PID_BITS, _PLACE, PLACES, STEPPING, Gate, _number

ROOT = Path(__file__).parents[3]
STEPPER = """
import sys, time
from pathlib import Path
from resources.enforcement.gate import Gate

path, weight, priority, begin, end, step, pause = sys.argv[1], *map(float, sys.argv[2:])
gate = Gate(Path(path), weight, priority=int(priority))
print("ready", flush=True)
time.sleep(max(0, begin - time.monotonic()))
inside = 0.0
while time.monotonic() < end:
    with gate.step():
        until = time.monotonic() + step
        time.sleep(step)  # the device computes
        inside += step
    time.sleep(pause)
print(inside)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "gate"


def race(path, *specs, seconds=3.0):
    """Return the seconds that each of `(weight, priority, step, pause)` had inside."""
    begin = time.monotonic() + 2.0
    command = [sys.executable, "-c", STEPPER, str(path)]
    words = [
        [str(one) for one in (weight, priority, begin, begin + seconds, *times)] for weight, priority, *times in specs
    ]
    steppers = [subprocess.Popen([*command, *one], cwd=ROOT, stdout=subprocess.PIPE, text=True) for one in words]
    return [float(one.communicate(timeout=60)[0].split()[-1]) for one in steppers]


def test_turns_are_as_long_as_the_weights_say(path):
    one, three = race(path, (0.25, 0, 0.005, 0), (0.75, 0, 0.005, 0))
    assert three / one == pytest.approx(3, rel=0.2)


def test_who_pauses_leaves_its_turn_to_the_other(path):
    half, seldom = race(path, (0.5, 0, 0.005, 0), (0.5, 0, 0.005, 0.2))
    assert half > 2 * seldom


def test_who_goes_first_goes_at_the_next_step(path):
    gate = Gate(path, 1.0)
    first = Gate(path, 1.0, priority=1)
    with gate.step():
        assert not first._enter()  # the step that runs is not cut
    assert first._enter()
    assert not gate._enter()
    first._leave()
    assert gate._enter()


def test_a_lease_goes_on_over_several_steps(path):
    gate, other = Gate(path, 1.0, lease_s=60, patience_s=60), Gate(path, 1.0, patience_s=60)
    with gate.step():
        assert not other._enter()
    assert not other._enter()
    with gate.step():
        pass


def test_who_keeps_a_lease_without_a_step_loses_it(path):
    gate, other = Gate(path, 1.0, lease_s=60, patience_s=0.01), Gate(path, 1.0, lease_s=60, patience_s=0.01)
    with gate.step():
        pass
    time.sleep(0.02)
    with other.step():
        assert not gate._enter()


def test_who_is_killed_inside_a_step_holds_nobody_up(path):
    command = [sys.executable, "-c", STEPPER, str(path), "1", "0", "0", "1e12", "60", "0"]
    victim = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert victim.stdout.readline()
    gate = Gate(path, 1.0)
    deadline = time.monotonic() + 10
    while gate._enter() and time.monotonic() < deadline:  # until the other has its turn
        gate._leave()
        time.sleep(0.03)
    os.kill(victim.pid, signal.SIGKILL)
    with gate.step():  # a corpse that nobody has buried yet counts as dead
        pass
    victim.communicate()


def test_a_place_whose_pid_another_process_has_now_holds_nobody_up(path):
    """The dead is known by its birth: who got its pid has not taken its place."""
    left = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    gate = Gate(path, 1.0, lease_s=0)
    stranger = replace(gate._read(gate._place), who=_number(left.pid) - (1 << _PID_BITS), state=STEPPING)
    gate._write(gate._place + 1, stranger)
    assert gate._enter()
    gate._leave()
    gate._write(gate._place + 1, replace(stranger, who=_number(left.pid)))
    assert not gate._enter()  # the process itself does hold others up
    left.communicate(b"\n")
    assert gate._enter()


def test_a_place_as_older_code_wrote_it_holds_nobody_up(path):
    """It has a bare pid, here of a process that lives."""
    path.write_bytes(bytes(PLACES * _PLACE.size))
    gate = Gate(path, 1.0)
    gate._write(9, replace(gate._read(gate._place), who=os.getppid(), state=STEPPING))
    assert gate._enter()


def test_a_device_that_fails_at_the_end_of_a_step_keeps_nobody_waiting(path):
    def fail():
        raise RuntimeError("the device is gone")

    with pytest.raises(RuntimeError, match="the device is gone"), Gate(path, 1.0, finish=fail).step():
        pass
    with Gate(path, 1.0).step():
        pass


def test_the_places_of_the_dead_are_taken_again(path):
    for _ in range(PLACES + 1):
        Gate(path, 1.0).close()
    gates = [Gate(path, 1.0) for _ in range(PLACES)]
    with pytest.raises(OSError, match="all 64 places"):
        Gate(path, 1.0)
    gates[0].close()
    Gate(path, 1.0)


def test_a_weight_of_nothing_is_refused(path):
    with pytest.raises(ValueError, match="above 0"):
        Gate(path, 0.0)
