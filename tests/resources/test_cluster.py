"""A workspace's Ray: behind closed doors, its own master, and ended without harm to anybody else's."""

import http.client
import json
import os
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from resources.cluster import Cluster, find_cluster, start_cluster, stop_cluster
from resources.connection import connect, disconnect
from resources.devices import Inventory
from resources.doors import listening
from resources.errors import ClusterError, ClusterLostError
from resources.head import AGENT
from resources.processes import MARK, ProcessId, end_marked, marked

pytestmark = pytest.mark.ray

KNOCK = """
import sys
from ray._raylet import GcsClient
try:
    assert GcsClient(address=sys.argv[1]).internal_kv_keys(b"", None, timeout=10)
    print("opened")
except BaseException as error:
    print(type(error).__name__)
"""

STARTER = """
import os, signal, sys
from pathlib import Path
from resources.cluster import start_cluster
from resources.devices import Inventory
print(start_cluster(Path(sys.argv[1]), Inventory.logical(), preload=()).address, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def home(tmp_path):
    """The folder of a cluster that is stopped when the test ends."""
    yield tmp_path / "ray"
    stop_cluster(tmp_path / "ray")


def knock(cluster, **variables):
    """Call the head from a process that brings only `variables`, and return what came of it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    command = [sys.executable, "-c", KNOCK, cluster.address]
    done = subprocess.run(command, env={**clean, **variables}, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def test_every_door_is_on_loopback(ray_driver):
    import ray

    ray.get([ray.remote(lambda: time.sleep(0.2)).remote() for _ in range(2)])  # workers have doors, too
    doors = listening([*ray_driver.processes(), ProcessId.of(os.getpid())])
    assert {"gcs_server", "raylet"} <= {door.program for door in doors}
    assert [door for door in doors if not door.loopback] == []


def test_no_agent_of_a_dashboard_runs(ray_driver):
    commands = [Path(f"/proc/{one.pid}/cmdline").read_text() for one in ray_driver.processes() if one.alive]
    assert not [command for command in commands if "DashboardAgent" in command or "dashboard/agent.py" in command]
    assert sum(str(AGENT) in command.split("\0") for command in commands) == 1


def test_the_token_is_for_us_alone(ray_cluster):
    token = Path(ray_cluster.token_file)
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(ray_cluster.folder).stat().st_mode) == 0o700
    assert len(token.read_text()) == 64


def test_the_token_opens(ray_cluster):
    assert knock(ray_cluster, **ray_cluster.environment()) == "opened"


def test_without_a_token_nobody_gets_in(ray_cluster):
    assert knock(ray_cluster, RAY_AUTH_MODE="disabled") == "AuthenticationError"


def test_a_wrong_token_does_not_open(ray_cluster):
    wrong = knock(ray_cluster, RAY_AUTH_MODE="token", RAY_AUTH_TOKEN="0" * 64)
    assert wrong == "AuthenticationError"


def test_no_door_answers_plain_http_without_the_token(ray_driver):
    doors = listening(ray_driver.processes())
    assert doors
    for door in doors:
        with pytest.raises((urllib.error.URLError, OSError, http.client.HTTPException)) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{door.port}/api/jobs/", data=b"{}", timeout=5)
        assert not isinstance(refused.value, urllib.error.HTTPError) or refused.value.code == 401, door


def test_it_outlives_who_started_it_and_is_found_again(home):
    started = subprocess.run([sys.executable, "-c", STARTER, home], capture_output=True, text=True, check=False)
    found = find_cluster(home)
    assert found is not None
    assert found.address == started.stdout.strip()
    assert start_cluster(home, Inventory.logical()) == found


def begun(home):
    """Return the command of each living process that was begun for the Ray of `home`, whatever was noted of it."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("RAY_AUTH_TOKEN_PATH") == str(home / "token"):
                found.append(" ".join(process.cmdline()))
    return [command for command in found if command]  # a corpse has none


def killed_when(home, program):
    """Start a cluster in another process, and kill that one as soon as a program of the cluster runs."""
    starter = subprocess.Popen([sys.executable, "-c", STARTER, home], stdout=subprocess.DEVNULL)
    while not any(program in command for command in begun(home)):
        assert starter.poll() is None, "it was there before anybody looked"
        time.sleep(0.01)
    starter.kill()
    starter.wait()


@pytest.mark.parametrize("program", ["resources.head", "gcs_server", "raylet/raylet"])
def test_a_start_whose_starter_is_killed_is_found_and_ended(home, program):
    killed_when(home, program)
    assert find_cluster(home) is None
    stop_cluster(home)
    time.sleep(0.5)  # what was being begun when all else was ended would show itself now
    assert begun(home) == []
    assert not (home / "cluster.json").exists()


def test_a_start_whose_starter_was_killed_is_followed_by_a_whole_one(home):
    killed_when(home, "gcs_server")
    folder = Path(json.loads((home / "cluster.json").read_text())["folder"])
    cluster = start_cluster(home, Inventory.logical(), preload=())
    assert cluster.alive
    assert sum("gcs_server" in command for command in begun(home)) == 1
    assert not folder.exists()


def test_stopping_ends_all_of_it_and_nothing_else(home, ray_driver):
    cluster = start_cluster(home, Inventory.logical(), preload=())
    others = ray_driver.processes()
    stop_cluster(home)
    assert marked(cluster.mark) == []
    assert not cluster.alive
    assert not Path(cluster.folder).exists()
    assert find_cluster(home) is None
    assert all(other.alive for other in others)


@pytest.mark.parametrize("which", ["gcs_server", pytest.param("raylet", marks=pytest.mark.slow)])
def test_a_dead_head_is_noticed_and_replaced(home, which):
    first = start_cluster(home, Inventory.logical(), preload=())
    victim = first.vital[["gcs_server", "raylet"].index(which)]
    os.kill(victim.pid, 9)
    while victim.alive:
        time.sleep(0.01)
    assert find_cluster(home) is None
    with pytest.raises(ClusterLostError, match="not running any more"):
        connect(first)
    second = start_cluster(home, Inventory.logical(), preload=())
    assert second.alive
    assert second.address != first.address
    assert marked(first.mark) == []


def test_one_process_drives_one_ray(ray_driver):
    with pytest.raises(ClusterError, match=r"uses the Ray at .* already"):
        connect(Cluster.foreign("127.0.0.1:1"))


def test_an_address_without_ray_is_a_sentence(ray_driver):
    disconnect()
    with pytest.raises(ClusterError, match=r"Nobody answers at the Ray address 127\.0\.0\.1:9"):
        connect(Cluster("127.0.0.1:9"))


def test_a_foreign_cluster_is_never_stopped():
    foreign = Cluster.foreign("ray://head:10001")
    assert (foreign.owned, foreign.alive, foreign.processes(), foreign.environment()) == (False, True, [], {})


def test_a_cluster_that_does_not_start_says_why(home):
    with pytest.raises(ClusterError, match=r"Ray did not start: .*nonnegative"):
        start_cluster(home, Inventory(-10_000, 2**30), preload=())
    assert find_cluster(home) is None


def test_a_broken_note_is_no_cluster(home):
    home.mkdir()
    (home / "cluster.json").write_text('{"address": ')
    assert find_cluster(home) is None
    (home / "cluster.json").write_text(json.dumps({"unknown": 1}))
    assert find_cluster(home) is None
    assert stop_cluster(home) == []


def test_a_pid_that_was_given_again_is_not_ours():
    me = ProcessId.of(os.getpid())
    assert me.alive
    assert not ProcessId(me.pid, me.born - 1).alive


def test_children_that_dropped_the_mark_are_ended_with_their_parent():
    child = "import os, subprocess, sys; subprocess.Popen(['sleep', '60'], env={}); print(1, flush=True); input()"
    parent = subprocess.Popen(
        [sys.executable, "-c", child], env={**os.environ, MARK: "of-this-test"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    parent.stdout.readline()
    assert len(end_marked("of-this-test")) == 2
    assert parent.wait(timeout=10) == -9
    parent.stdin.close()
    parent.stdout.close()
