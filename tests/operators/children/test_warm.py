"""Children are kept warm, are ended with whatever they hold, and never outlive their parent."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from operators.children.child import Ending, Limits
from operators.children.warm import WarmChildren

ROOT = Path(__file__).parents[3]
PLENTY = Limits(60, 2**31)


def asked(folder, sql):
    return {
        "do": "sql", "sql": sql, "tables": {}, "memory": 2**29, "rows": None, "threads": 2, "plain": True, "spill": "",
        "path": str(folder / "rows.arrow"), "form": "arrow", "file_bytes": 2**30,
    }  # fmt: skip


@pytest.fixture
def children():
    """A pool of its own."""
    pool = WarmChildren()
    yield pool
    pool.close()


def test_one_child_does_one_piece_of_work_after_the_other(children, tmp_path):
    assert children.work(asked(tmp_path, "SELECT 1 AS x"), PLENTY)["columns"] == ["x"]
    [first] = children.idle
    children.work(asked(tmp_path, "SELECT 2 AS y"), PLENTY)
    assert children.idle == [first]


def test_a_child_that_was_ended_is_not_kept_and_leaves_nothing(children, tmp_path):
    children.work(asked(tmp_path, "SELECT 1 AS x"), PLENTY)
    [child] = children.idle
    ending = children.work(asked(tmp_path, "SELECT sum(a.range) AS x FROM range(1000000000000) a"), Limits(0.3))
    assert (ending.how, children.idle, child.alive, child.folder.exists()) == ("late", [], False, False)


def test_memory_beyond_the_limit_ends_it(children, tmp_path):
    work = asked(tmp_path, "SELECT list(range) AS x FROM range(50000000)")
    ending = children.work(work, Limits(60, 200 << 20))
    assert isinstance(ending, Ending)
    assert (ending.how, ending.took > 200 << 20) == ("memory", True)


def test_one_that_died_while_it_waited_is_replaced(children, tmp_path):
    children.work(asked(tmp_path, "SELECT 1 AS x"), PLENTY)
    [child] = children.idle
    child.kill()
    assert children.work(asked(tmp_path, "SELECT 2 AS y"), PLENTY)["columns"] == ["y"]
    assert child not in children.idle


def killing(times):
    """Return what is looked at while children work, and kills so many of those started since, each at its work."""
    others = {one.pid for one in psutil.Process().children()}
    killed = set()

    def look():
        for one in psutil.Process().children():
            if len(killed) < times and one.pid not in killed | others and one.cpu_times().user > 1:
                killed.add(one.pid)
                one.kill()
        return False

    return look


LONG = "SELECT sum(a.range) AS x FROM range(800000000) a"
ENDLESS = "SELECT sum(a.range) AS x FROM range(80000000000) a"


def test_one_that_somebody_kills_is_followed_by_another(children, tmp_path):
    assert children.work(asked(tmp_path, LONG), PLENTY, cancelled=killing(2))["columns"] == ["x"]


def test_one_that_is_killed_again_and_again_is_told(children, tmp_path):
    ending = children.work(asked(tmp_path, ENDLESS), PLENTY, cancelled=killing(3))
    assert (ending.how, ending.status) == ("ended", -signal.SIGKILL)


def test_those_that_have_nothing_to_do_are_ended_after_a_while(tmp_path):
    pool = WarmChildren(idle_s=0.2)
    pool.work(asked(tmp_path, "SELECT 1 AS x"), PLENTY)
    [child] = pool.idle
    deadline = time.monotonic() + 10
    while pool.idle and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.1)
    assert (pool.idle, child.alive, child.folder.exists()) == ([], False, False)


PARENT = """
import sys, threading, time
from pathlib import Path
from operators.children.warm import CHILDREN
from operators.children.child import Limits
from tests.operators.children.test_warm import asked
folder = Path(sys.argv[1])
CHILDREN.work(asked(folder, "SELECT 1 AS x"), Limits(60))
[child] = CHILDREN.idle
print(child.family.members()[0], child.folder, flush=True)
if sys.argv[2]:
    CHILDREN.work(asked(folder, sys.argv[2]), Limits(60))
time.sleep(60)
"""


@pytest.mark.parametrize("working", ["", "SELECT levenshtein(repeat('ab', 40000), repeat('ba', 40000)) AS x"])
def test_a_child_ends_with_its_parent_and_its_folder_too(tmp_path, working):
    command = [sys.executable, "-c", PARENT, str(tmp_path), working]
    parent = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    pid, folder = parent.stdout.readline().split()
    time.sleep(0.3)
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 10
    while (Path(f"/proc/{pid}/exe").exists() or Path(folder).exists()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (Path(f"/proc/{pid}/exe").exists(), Path(folder).exists()) == (False, False)


def test_a_child_ends_with_its_parent_even_when_a_copy_of_the_parent_lives_on(tmp_path):
    copied = PARENT.replace(
        "if sys.argv[2]:", "import os\nif not os.fork():\n    time.sleep(20); os._exit(0)\nif sys.argv[2]:"
    )
    command = [sys.executable, "-c", copied, str(tmp_path), ""]
    parent = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    pid, _ = parent.stdout.readline().split()
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}/exe").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}/exe").exists()
