"""The head is started without the dashboard's agent and with few workers; what stands in for the agent says so."""

import subprocess
import sys
import time

import pytest

from resources.agent import DOORS
from resources.head import AGENT, lean
from resources.processes import ProcessId

RAYLET = [
    "raylet",
    "--dashboard_agent_command=python agent.py --listen-port=0",
    "--num_prestart_python_workers=16",
    "--head",
]
PARENT = (
    "import subprocess, sys; print(subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL).pid, flush=True); input()"
)


def test_a_raylet_is_started_with_our_agent_and_so_many_workers():
    name, agent, workers, rest = lean(RAYLET, "/tmp/session", 2)
    assert (name, workers, rest) == ("raylet", "--num_prestart_python_workers=2", "--head")
    assert agent == f"--dashboard_agent_command={sys.executable} -I -S -B {AGENT} /tmp/session"


def test_a_ray_that_is_started_otherwise_is_refused():
    with pytest.raises(RuntimeError, match="num_prestart_python_workers"):
        lean(RAYLET[:2], "/tmp/session", 1)


def test_the_agent_says_that_no_door_is_open_and_ends_with_the_raylet(tmp_path):
    agent = [sys.executable, "-I", "-S", "-B", str(AGENT), str(tmp_path)]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *agent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"RAY_NODE_ID": "n1"}
    )
    process = ProcessId.of(int(parent.stdout.readline()))
    deadline = time.monotonic() + 10
    while len(list(tmp_path.glob("[a-z]*_n1"))) < len(DOORS) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {f"{door}_n1": "-1" for door in DOORS}
    assert process.alive
    parent.communicate(b"\n")
    while process.alive and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not process.alive
