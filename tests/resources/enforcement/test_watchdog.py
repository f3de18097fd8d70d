"""The watchdog warns once, stops who takes more than its share, and leaves everybody else alone."""

import threading
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from resources.enforcement.gauges import Gauges
from resources.enforcement.limits import Limits
from resources.enforcement.watchdog import Begun, Verdict, Watch, Watchdog


class Told:
    """A gauge that says what a test tells it."""

    def __init__(self, memory=(), cards=()):
        self.taken, self.cards = dict(memory), dict(cards)

    def memory(self, pid):
        return self.taken.get(pid, 0)

    def gpu_memory(self):
        return self.cards

    def family(self, pid):
        return {pid, pid + 1000}


@pytest.fixture
def note(tmp_path):
    """Write a pid as a worker does."""

    def write(token, pid):
        path = tmp_path / token
        path.write_text(str(pid))
        return path

    return write


def test_a_warning_comes_once_and_a_stop_beyond_the_share(note):
    gauge = Told({1: 80})
    watch = Watch(gauge, {"a": (note("a", 1), Limits(memory=100))})
    assert watch.look() == []
    gauge.taken[1] = 95
    assert [one.what for one in watch.look()] == ["warn"]
    assert watch.look() == []
    gauge.taken[1] = 101
    assert watch.look() == [Verdict("a", 1, "stop", "memory", 101, 100)]


def test_memory_of_a_gpu_counts_with_all_that_a_task_started(note):
    gauge = Told(cards={0: {1: 30, 1001: 30, 2: 500}, 1: {1: 900}})
    tasks = {"a": (note("a", 1), Limits(gpus={0: 50})), "b": (note("b", 2), Limits(gpus={0: 600}))}
    assert Watch(gauge, tasks).look() == [Verdict("a", 1, "stop", "gpu0", 60, 50)]


def test_a_task_that_has_not_begun_is_not_looked_at(tmp_path):
    assert Watch(Told({0: 10**9}), {"a": (tmp_path / "none", Limits(memory=1))}).look() == []


@given(some.dictionaries(some.integers(1, 50), some.tuples(some.integers(0, 300), some.integers(1, 300)), max_size=8))
def test_exactly_those_beyond_their_share_are_stopped(tmp_path_factory, taken):
    folder = tmp_path_factory.mktemp("notes")
    tasks = {}
    for pid, (_, share) in taken.items():
        (folder / str(pid)).write_text(str(pid))
        tasks[str(pid)] = (folder / str(pid), Limits(memory=share))
    found = Watch(Told({pid: took for pid, (took, _) in taken.items()}), tasks).look()
    assert {one.pid for one in found if one.what == "stop"} == {
        pid for pid, (took, share) in taken.items() if took > share
    }


def test_a_task_is_stopped_once_and_in_words(note):
    stopped, seen = [], threading.Event()

    def stop(verdict):
        stopped.append(verdict)
        seen.set()

    dog = Watchdog(stop, Told({1: 3 << 20}))
    dog.follow("a", note("a", 1), Limits(memory=2 << 20))
    assert seen.wait(10)
    dog.close()
    [verdict] = stopped
    assert verdict.sentence == "It took 3 MiB of memory, and its share is 2 MiB."


def test_gauges_read_nvml_by_device_and_process():
    nvml = SimpleNamespace(
        NVMLError=RuntimeError,
        nvmlDeviceGetCount=lambda: 2,
        nvmlDeviceGetHandleByIndex=lambda index: index,
        nvmlDeviceGetComputeRunningProcesses=lambda index: [
            SimpleNamespace(pid=7 + index, usedGpuMemory=100), SimpleNamespace(pid=9, usedGpuMemory=None),
        ],
    )  # fmt: skip
    assert Gauges(nvml).gpu_memory() == {0: {7: 100, 9: 0}, 1: {8: 100, 9: 0}}
    assert Gauges().gpu_memory() == {}


def test_what_a_warm_worker_had_before_is_not_the_tasks(tmp_path):
    note, gauge = tmp_path / "note", Told({1: 900})
    Begun(1, 850).write(note)
    watch = Watch(gauge, {"a": (note, Limits(memory=100))})
    assert watch.look() == []
    gauge.taken[1] = 951
    assert watch.look() == [Verdict("a", 1, "stop", "memory", 101, 100)]


def test_a_device_that_does_not_answer_hides_no_other():
    def handle(index):
        if index == 0:
            raise RuntimeError("GPU is lost")
        return index

    nvml = SimpleNamespace(
        NVMLError=RuntimeError, nvmlDeviceGetCount=lambda: 2, nvmlDeviceGetHandleByIndex=handle,
        nvmlDeviceGetComputeRunningProcesses=lambda _: [SimpleNamespace(pid=7, usedGpuMemory=100)],
    )  # fmt: skip
    assert Gauges(nvml).gpu_memory() == {1: {7: 100}}


def test_one_that_cannot_be_stopped_ends_no_watch(note):
    stopped, both = [], threading.Event()

    def stop(verdict):
        stopped.append(verdict.token)
        if len(stopped) == 2:
            both.set()
        raise RuntimeError("Ray does not answer")

    watchdog = Watchdog(stop, Told({1: 200, 2: 200}), every_s=0.01)
    for token, pid in (("one", 1), ("two", 2)):
        watchdog.follow(token, note(token, pid), Limits(memory=100))
        while token not in stopped and watchdog._thread.is_alive():
            both.wait(0.01)
    assert (stopped, watchdog._thread.is_alive()) == (["one", "two"], True)
    watchdog.close()


@pytest.mark.parametrize("garbage", ["", "one", "1 2 3", "1 two"])
def test_a_note_that_cannot_be_read_hides_no_other_task(note, tmp_path, garbage):
    (tmp_path / "broken").write_text(garbage)
    tasks = {"broken": (tmp_path / "broken", Limits(memory=100)), "a": (note("a", 1), Limits(memory=100))}
    assert [verdict.token for verdict in Watch(Told({1: 200}), tasks).look()] == ["a"]


def test_a_look_that_fails_ends_no_watch(note):
    class Faulty(Told):
        looks = 0

        def memory(self, pid):
            self.looks += 1
            if self.looks == 1:
                raise RuntimeError("the system does not answer")
            return super().memory(pid)

    stopped = threading.Event()
    watchdog = Watchdog(lambda verdict: stopped.set(), Faulty({1: 200}), every_s=0.01)
    watchdog.follow("a", note("a", 1), Limits(memory=100))
    assert stopped.wait(10)
    watchdog.close()
