"""Executors keep one promise: every order is answered, whatever happens to who works on it."""

import dataclasses
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.errors import RunError
from engine.runs import inline_executor
from engine.runs.executor import Failed, Lost, Succeeded
from engine.runs.inline_executor import InlineExecutor
from engine.runs.orders import WorkOrder
from operators.errors import EmptyTableError
from resources.shares import ResourceRequest

ray_only = pytest.mark.ray


def work(document, spread=None):
    """Stand in for `run_stage`: do what the order's `pipeline` says and answer in its form."""
    asked = dict(document["pipeline"])
    note = Path(document["workspace"], document["token"])
    note.write_text(str(os.getpid()))
    if asked.get("fail"):
        failure = {"sentence": asked["fail"], "hint": "Look.", "field": "column", "node": document["stage"]}
        return {"failure": {**failure, "details": "", "retryable": True, "seconds": 0.1}}
    if "see" in asked:
        return {"done": {"outputs": {document["stage"]: {"sees": os.environ["CUDA_VISIBLE_DEVICES"]}}, "seconds": 0.1}}
    if asked.get("raise"):
        raise RuntimeError(asked["raise"])
    if "eat" in asked:
        eaten = [bytearray(b"x" * 2**23) for _ in range(asked["eat"] // 2**23) if time.sleep(0.002) is None]
        return {"done": {"outputs": {document["stage"]: {"eaten": len(eaten)}}, "seconds": 0.1}}
    time.sleep(asked.get("sleep", 0))
    if "items" in asked:
        values = _spread(asked, spread)
        return {"done": {"outputs": {document["stage"]: {"values": values}}, "seconds": 0.1}}
    return {"done": {"outputs": {document["stage"]: {"table": {"pid": os.getpid()}}}, "seconds": 0.1}}


def _spread(asked, spread):
    def call(item):
        Path(asked["folder"], f"item-{item}").write_text(str(os.getpid()))
        if item == asked.get("empty"):
            raise EmptyTableError("No rows.", hint="Add some.", field="table")
        if item == asked.get("die"):
            os._exit(1)
        time.sleep(asked.get("pause", 0))
        return item * item

    try:
        return list(spread(call, asked["items"], asked.get("share", 1.0)))
    except (EmptyTableError, RunError) as error:
        return [type(error).__name__, str(error), error.hint]


@pytest.fixture
def workspace(tmp_path):
    """Where the stand-in notes which process works on which attempt."""
    return tmp_path


@pytest.fixture
def on_ray(ray_ground):
    """An executor on the session's Ray."""
    from ray import cloudpickle

    from engine.runs.ray_executor import RayExecutor

    cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import tests
    executor = RayExecutor(ray_ground, work=work)
    yield executor
    executor.close()


@pytest.fixture
def inline(monkeypatch):
    """An executor in this process."""
    monkeypatch.setattr(inline_executor, "run_stage", work)
    executor = InlineExecutor()
    yield executor
    executor.close()


@pytest.fixture(params=["inline", pytest.param("on_ray", marks=pytest.mark.ray)])
def executor(request):
    """Every executor there is: a test that takes `executor` runs on each."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def order(workspace):
    """Return an order whose stand-in work does as told."""

    def make(token="t1", resources=None, environment="train", **asked):
        return WorkOrder(
            workspace=str(workspace), records_url="", run="r1", stage=f"stage-{token}", nodes=(f"stage-{token}",),
            pipeline=asked, attempt=1, token=token, environment=environment, resources=resources or {},
        )  # fmt: skip

    return make


def collect(executor, count, patience_s=60):
    """Return the first `count` answers."""
    found, deadline = [], time.monotonic() + patience_s
    while len(found) < count and time.monotonic() < deadline:
        found += executor.answers(0.5)
    return found


def worker_of(workspace, token, patience_s=60):
    """Return the pid that works on an attempt, as soon as one does."""
    note, deadline = Path(workspace, token), time.monotonic() + patience_s
    while time.monotonic() < deadline and not (note.exists() and note.read_text()):
        time.sleep(0.01)
    return int(note.read_text())


def running(pid):
    """Return whether a process lives; a zombie does not."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_work_that_is_done_is_answered_with_its_outputs(executor, order):
    executor.start(order())
    [answer] = collect(executor, 1)
    assert isinstance(answer, Succeeded)
    assert (answer.token, answer.seconds, list(answer.outputs)) == ("t1", 0.1, ["stage-t1"])


def test_work_that_fails_is_answered_with_its_sentence(executor, order):
    executor.start(order(fail="No column 'agee'."))
    [answer] = collect(executor, 1)
    error = {"sentence": "No column 'agee'.", "hint": "Look.", "field": "column", "node": "stage-t1", "details": ""}
    assert answer == Failed("t1", error, retryable=True, seconds=0.1)


def test_every_order_is_answered_by_its_own_token(executor, order):
    for number in range(6):
        executor.start(order(token=f"t{number}"))
    assert {answer.token for answer in collect(executor, 6)} == {f"t{number}" for number in range(6)}


def test_a_stopped_attempt_is_lost(executor, order, workspace):
    executor.start(order(sleep=5))
    worker_of(workspace, "t1")
    executor.stop("t1")
    assert collect(executor, 1) == [Lost("t1", "It was stopped.")]


def test_an_attempt_that_is_not_there_may_be_stopped(executor, order):
    executor.start(order())
    collect(executor, 1)
    executor.stop("t1")
    executor.stop("never")
    assert all(isinstance(answer, Lost) for answer in executor.answers(0.2))


def test_nothing_to_answer_is_no_answer(executor):
    assert executor.answers(0.01) == []


@ray_only
def test_work_runs_in_another_process(on_ray, order):
    on_ray.start(order())
    [answer] = collect(on_ray, 1)
    assert answer.outputs["stage-t1"]["table"]["pid"] != os.getpid()


@ray_only
def test_an_exception_in_the_worker_is_a_sentence(on_ray, order):
    on_ray.start(order(**{"raise": "the roof is on fire"}))
    [answer] = collect(on_ray, 1)
    assert isinstance(answer, Failed)
    assert answer.error["sentence"] == "the roof is on fire"
    assert "Traceback" not in answer.error["sentence"]


@ray_only
@pytest.mark.parametrize(
    ("environment", "resources", "sentence"),
    [
        ("train", {"gpu": 1.5}, "1.5 GPUs cannot be given"),
        ("test", {"gpu": 0.6}, "'test' has a quota of"),
        ("train", {"cpu": 64}, "'train' has a quota of"),
        ("inference", {}, "keeps its share for services"),
        ("nowhere", {}, "No environment 'nowhere'"),
    ],
)
def test_what_no_environment_can_give_fails_at_once(on_ray, order, environment, resources, sentence):
    on_ray.start(order(environment=environment, resources=resources))
    [answer] = on_ray.answers(0)
    assert isinstance(answer, Failed)
    assert sentence in answer.error["sentence"]
    assert not answer.retryable


@ray_only
def test_a_killed_worker_loses_its_attempt_and_no_other(on_ray, order, workspace):
    on_ray.start(order(token="victim", sleep=30))
    on_ray.start(order(token="other", sleep=1))
    os.kill(worker_of(workspace, "victim"), 9)
    answers = {answer.token: answer for answer in collect(on_ray, 2, patience_s=10)}
    assert isinstance(answers["victim"], Lost)
    assert "worker died" in answers["victim"].reason
    assert isinstance(answers["other"], Succeeded)


@ray_only
def test_the_next_attempt_of_a_lost_one_succeeds(on_ray, order, workspace):
    on_ray.start(order(token="first", sleep=30))
    os.kill(worker_of(workspace, "first"), 9)
    collect(on_ray, 1, patience_s=10)
    on_ray.start(order(token="second"))
    assert isinstance(collect(on_ray, 1)[0], Succeeded)


@ray_only
def test_stopping_kills_the_worker(on_ray, order, workspace):
    on_ray.start(order(sleep=30))
    pid = worker_of(workspace, "t1")
    on_ray.stop("t1")
    collect(on_ray, 1, patience_s=10)
    deadline = time.monotonic() + 5
    while running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not running(pid)


@ray_only
def test_an_attempt_in_the_queue_may_be_stopped(on_ray, order, workspace):
    on_ray.start(order(token="big", resources={"cpu": 1}, sleep=3))
    worker_of(workspace, "big")
    on_ray.start(order(token="queued", resources={"cpu": 1}))
    on_ray.stop("queued")
    assert collect(on_ray, 1, patience_s=10) == [Lost("queued", "It was stopped.")]
    assert not Path(workspace, "queued").exists()


@ray_only
def test_map_spreads_over_the_share(on_ray, order, workspace):
    on_ray.start(order(items=[1, 2, 3, 4], share=0.25, pause=0.3, folder=str(workspace)))
    [answer] = collect(on_ray, 1)
    assert sorted(answer.outputs["stage-t1"]["values"]) == [1, 4, 9, 16]
    assert len({Path(workspace, f"item-{item}").read_text() for item in (1, 2, 3, 4)}) > 1


@ray_only
def test_map_does_not_lock_up_when_its_stage_holds_the_whole_quota(on_ray, order, workspace):
    on_ray.start(order(items=[1, 2, 3], share=8.0, resources={"cpu": 1}, folder=str(workspace)))
    [answer] = collect(on_ray, 1)
    assert sorted(answer.outputs["stage-t1"]["values"]) == [1, 4, 9]


@ray_only
def test_two_maps_in_one_environment_do_not_lock_up(on_ray, order, workspace):
    for token in ("a", "b"):
        on_ray.start(order(token=token, items=[1, 2], share=1.0, resources={"cpu": 0.5}, folder=str(workspace)))
    assert all(isinstance(answer, Succeeded) for answer in collect(on_ray, 2))


@ray_only
def test_map_of_nothing_gives_nothing(on_ray, order, workspace):
    on_ray.start(order(items=[], folder=str(workspace)))
    assert collect(on_ray, 1)[0].outputs["stage-t1"]["values"] == []


@ray_only
def test_map_raises_what_the_function_raised(on_ray, order, workspace):
    on_ray.start(order(items=[1, 2], empty=2, folder=str(workspace)))
    assert collect(on_ray, 1)[0].outputs["stage-t1"]["values"] == ["EmptyTableError", "No rows.", "Add some."]


@ray_only
def test_map_tells_of_a_worker_that_died(on_ray, order, workspace):
    on_ray.start(order(items=[1, 2], die=2, folder=str(workspace)))
    kind, sentence, _ = collect(on_ray, 1)[0].outputs["stage-t1"]["values"]
    assert kind == "RunError"
    assert "A worker that did a part of the work ended" in sentence


@ray_only
def test_stopping_kills_what_map_started(on_ray, order, workspace):
    on_ray.start(order(items=[1, 2], share=0.25, pause=30, folder=str(workspace)))
    children = [worker_of(workspace, f"item-{item}") for item in (1, 2)]
    on_ray.stop("t1")
    collect(on_ray, 1, patience_s=10)
    deadline = time.monotonic() + 5
    while any(map(running, children)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(running, children))


ENGINE = """
import sys, time, os
from pathlib import Path
from engine.runs.orders import WorkOrder
from engine.runs.ray_executor import RayExecutor
from resources.devices import Inventory
from resources.environments import EnvironmentSpec
from resources.ground import Ground
from resources.shares import ResourceRequest

def work(document, spread):
    Path(document["workspace"], "orphan").write_text(str(os.getpid()))
    time.sleep(60)

train = EnvironmentSpec("train", "elastic", ResourceRequest(cpu=5_000))
ground = Ground(Path(sys.argv[1]), Inventory.logical(), [train])
ground.open()
order = WorkOrder(workspace=sys.argv[2], records_url="", run="r", stage="s", nodes=("s",), pipeline={},
                  attempt=1, token="orphan", environment="train")
RayExecutor(ground, work=work).start(order)
time.sleep(60)
"""


@ray_only
def test_when_the_engine_is_killed_its_workers_end(ray_driver, workspace):
    engine = subprocess.Popen([sys.executable, "-c", ENGINE, str(Path(ray_driver.token_file).parent), str(workspace)])
    pid = worker_of(workspace, "orphan")
    engine.kill()
    engine.wait()
    deadline = time.monotonic() + 10
    while running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not running(pid)
    assert ray_driver.alive


@pytest.fixture
def mortal(tmp_path, ray_cluster):
    """An executor on a Ray of its own, which a test may kill; this process leaves the session's Ray for it."""
    from ray import cloudpickle

    from engine.runs.ray_executor import RayExecutor
    from resources.connection import disconnect
    from resources.devices import Inventory
    from resources.ground import Ground

    disconnect()
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    ground = Ground(tmp_path / "own", Inventory.logical(cpus=2))
    ground.open()
    executor = RayExecutor(ground, work=work)
    executor.kill = lambda name: os.kill(ground.cluster.vital[["gcs_server", "raylet"].index(name)].pid, 9)
    executor.ground = ground
    yield executor
    executor.close()
    ground.stop()


@ray_only
@pytest.mark.parametrize("which", ["gcs_server", "raylet"])
def test_when_ray_dies_its_attempts_are_lost_and_a_new_ray_takes_over(which, mortal, order, workspace):
    mortal.start(order(token="first", sleep=30))
    worker_of(workspace, "first")
    dead = mortal.ground.cluster
    mortal.kill(which)
    assert collect(mortal, 1, patience_s=30) == [Lost("first", "Ray died while it worked.")]
    assert mortal.alive
    assert dead.processes() == []
    mortal.start(order(token="second"))
    assert isinstance(collect(mortal, 1)[0], Succeeded)


@ray_only
def test_what_is_started_while_ray_is_dead_waits_for_the_new_one(mortal, order):
    mortal.kill("raylet")
    while mortal.alive:
        time.sleep(0.01)
    mortal.start(order(token="early"))
    mortal.start(order(token="stopped"))
    mortal.stop("stopped")
    answers = {answer.token: answer for answer in collect(mortal, 2)}
    assert answers["stopped"] == Lost("stopped", "It was stopped.")
    assert isinstance(answers["early"], Succeeded)


@ray_only
def test_a_stage_sees_the_device_that_the_scheduler_chose(on_ray, order):
    on_ray.start(order("t1", {"gpu": 0.5, "cpu": 0.1}, see=True))
    on_ray.start(order("t2", {"gpu": 0.25, "cpu": 0.1}, "test", see=True))
    on_ray.start(order("t3", {"cpu": 0.1}, see=True))
    seen = {answer.token: answer.outputs[f"stage-{answer.token}"]["sees"] for answer in collect(on_ray, 3)}
    assert seen == {"t1": "0", "t2": "1", "t3": ""}


@ray_only
def test_shares_of_a_device_are_never_more_than_it_has(on_ray, order, workspace):
    on_ray.start(order("first", {"gpu": 0.6, "cpu": 0.1}, sleep=2))
    on_ray.start(order("second", {"gpu": 0.6, "cpu": 0.1}))
    on_ray.start(order("third", {"gpu": 0.4, "cpu": 0.1}))
    assert [answer.token for answer in collect(on_ray, 1)] == ["third"]
    assert on_ray.why_waiting()["second"][1].sentence.startswith("It needs 0.6 GPU;")
    assert [answer.token for answer in collect(on_ray, 2)] == ["first", "second"]
    assert on_ray.why_waiting() == {}


@ray_only
def test_a_stage_makes_room_for_one_of_higher_priority_and_goes_on_later(on_ray, order, workspace, monkeypatch):
    monkeypatch.setattr("resources.scheduling.filling.LEAST_RUN_S", 0.0)
    low = order("low", {"gpu": 1, "cpu": 0.1}, sleep=4)
    on_ray.start(low)
    first = worker_of(workspace, "low")
    on_ray.start(order("high", {"gpu": 1, "cpu": 0.1}).model_copy(update={"priority": 1}))
    answers = collect(on_ray, 2)
    assert [(answer.token, type(answer)) for answer in answers] == [("high", Succeeded), ("low", Succeeded)]
    assert answers[1].outputs["stage-low"]["table"]["pid"] != first
    assert [(one.what, order.token) for order, one, _ in on_ray.new_decisions()] == [
        ("start", "low"), ("pause", "low"), ("start", "high"), ("start", "low")
    ]  # fmt: skip


@ray_only
def test_a_stage_that_waits_for_its_share_can_be_stopped(on_ray, order):
    on_ray.start(order("first", {"gpu": 1, "cpu": 0.1}, sleep=1))
    on_ray.start(order("second", {"gpu": 1, "cpu": 0.1}))
    on_ray.stop("second")
    assert [(answer.token, type(answer)) for answer in collect(on_ray, 2)] == [("second", Lost), ("first", Succeeded)]


@pytest.fixture
def wanted(ray_ground):
    """The environments that the executor is to have; a test changes them."""
    return {spec.name: spec for spec in ray_ground.environments}


@pytest.fixture
def changing(ray_ground, wanted, monkeypatch):
    """An executor that takes what `wanted` says."""
    from ray import cloudpickle

    from engine.runs import ray_executor

    monkeypatch.setattr(ray_executor, "CHANGES_EVERY_S", 0.0)
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    executor = ray_executor.RayExecutor(ray_ground, work=work, environments=lambda: list(wanted.values()))
    yield executor
    executor.close()


@ray_only
def test_an_environment_changes_when_what_runs_there_has_ended(changing, wanted, ray_ground, order, workspace):
    changing.start(order("runs", {"cpu": 0.1}, sleep=2))
    worker_of(workspace, "runs")
    wanted["train"] = dataclasses.replace(wanted["train"], scheduling="fgd", quota=ResourceRequest(cpu=3_000))
    assert changing.answers(0.1) == []
    changing.start(order("next", {"cpu": 0.3}))
    changing.start(order("too large", {"cpu": 0.4}))
    assert {reason.code for _, reason in changing.why_waiting().values()} == {"changing"}
    assert ray_ground.placement.environment("train").quota.cpu > 3_000
    answers = {answer.token: answer for answer in collect(changing, 3)}
    assert isinstance(answers["runs"], Succeeded)
    assert isinstance(answers["next"], Succeeded)
    assert "has a quota of CPU 0.3" in answers["too large"].error["sentence"]
    assert [one.policy for order, one, _ in changing.new_decisions() if order.token == "next"] == ["fgd"]


@ray_only
def test_a_change_that_cannot_be_is_left_and_work_goes_on(changing, wanted, order):
    wanted["train"] = dataclasses.replace(wanted["train"], quota=ResourceRequest(cpu=990_000))
    assert changing.answers(0.1) == []
    changing.start(order("next"))
    assert isinstance(collect(changing, 1)[0], Succeeded)


@ray_only
def test_who_takes_more_memory_than_its_share_is_stopped_and_nobody_else(on_ray, order, workspace):
    on_ray.start(order("neighbour", {"cpu": 0.1, "memory": "400MiB"}, eat=2**26, sleep=2))
    on_ray.start(order("greedy", {"cpu": 0.1, "memory": "400MiB"}, eat=2**31))
    answers = {answer.token: answer for answer in collect(on_ray, 2)}
    assert isinstance(answers["neighbour"], Succeeded)
    assert answers["greedy"].error["sentence"].endswith("of memory, and its share is 400 MiB.")
    assert not answers["greedy"].retryable
    on_ray.start(order("next", {"cpu": 0.1, "memory": "400MiB"}, eat=2**26))
    assert isinstance(collect(on_ray, 1)[0], Succeeded)


@pytest.fixture
def down():
    """The devices that must not be used; a test changes them."""
    return set()


@pytest.fixture
def minding(ray_ground, down, monkeypatch):
    """An executor that heeds `down`."""
    from ray import cloudpickle

    from engine.runs import ray_executor

    monkeypatch.setattr(ray_executor, "CHANGES_EVERY_S", 0.0)
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    executor = ray_executor.RayExecutor(ray_ground, work=work, devices=lambda: down)
    yield executor
    executor.close()


@ray_only
def test_what_runs_on_a_lost_device_starts_again_when_there_is_one(minding, down, order, workspace):
    minding.start(order("work", {"gpu": 0.5, "cpu": 0.1}, sleep=2))
    first = worker_of(workspace, "work")
    down.add("gpu0")
    assert minding.answers(0.2) == []
    assert "gpu0" in minding.why_waiting()["work"][1].sentence
    down.clear()
    [answer] = collect(minding, 1)
    assert isinstance(answer, Succeeded)
    assert answer.outputs["stage-work"]["table"]["pid"] != first
