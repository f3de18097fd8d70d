"""What a process takes counts however it is held; what it only looks through does not."""

import subprocess
import sys

import pytest

from resources.enforcement.gauges import Gauges

MIB = 2**20
TOUCH = "for place in range(0, 100 << 20, 4096): held[place] = 1\n"
HOLDS = {
    "private memory": "held = bytearray(100 << 20)\n" + TOUCH,
    "anonymous shared memory": "import mmap\nheld = mmap.mmap(-1, 100 << 20)\n" + TOUCH,
    "named shared memory": (
        "from multiprocessing.shared_memory import SharedMemory\n"
        "memory = SharedMemory(create=True, size=100 << 20)\nheld = memory.buf\n" + TOUCH
    ),
    "a mapped file": (
        "import mmap, tempfile\nfile = tempfile.TemporaryFile()\nfile.truncate(100 << 20)\n"
        "held = mmap.mmap(file.fileno(), 100 << 20)\n" + TOUCH
    ),
    "a child's shared memory": (
        "import mmap, os, time\nheld = mmap.mmap(-1, 100 << 20)\n" + TOUCH + "if not os.fork():\n"
        "    for place in range(0, 100 << 20, 4096): held[place] = 2\n"
        "    print('ready', flush=True); time.sleep(60)\n"
    ),
}
END = (
    "\nprint('ready', flush=True)\ninput()\nheld = None\nlocals().get('memory') and (memory.close(), memory.unlink())\n"
)


@pytest.fixture
def started():
    """Start Python that holds something until the test ends."""
    processes = []

    def start(code):
        command = [sys.executable, "-c", code + END]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        processes.append(process)
        for _ in range(1 + code.count("ready")):
            assert process.stdout.readline() == "ready\n"
        return process.pid

    yield start
    for process in processes:
        subprocess.run(["pkill", "-9", "-P", str(process.pid)], check=False)
        process.communicate("\n")


@pytest.mark.parametrize("how", HOLDS)
def test_memory_counts_however_it_is_held_and_once(started, how):
    before, gauges = Gauges().memory(started("")), Gauges()
    pid = started(HOLDS[how])
    assert 95 * MIB < gauges.memory(pid) - before < 120 * MIB
    assert 95 * MIB < gauges.memory(pid) - before < 120 * MIB  # a second look, from what is remembered


def test_libraries_do_not_count(started):
    before = Gauges().memory(started(""))
    pid = started("import polars, pyarrow, sklearn\n")
    with open(f"/proc/{pid}/status") as status:  # noqa: PTH123
        kib = {line.split(":")[0]: int(line.split()[1]) for line in status if line.startswith("Rss")}
    assert kib["RssFile"] * 1024 > 60 * MIB
    assert Gauges().memory(pid) - before < kib["RssAnon"] * 1024 + 20 * MIB


def test_a_process_that_is_no_more_takes_nothing():
    assert Gauges().memory(2**22 - 1) == 0
