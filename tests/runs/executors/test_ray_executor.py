"""Executors keep one promise: every order is answered, whatever happens to who works on it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.runs.executor import Failed, Lost, Succeeded
from tests.runs import standin
from tests.runs.standin import collect, running, worker_of

ray_only = pytest.mark.ray


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


def test_an_attempt_waits_until_there_is_a_place_for_it(executor, order, workspace):
    executor.start(order(sleep=1, resources={"cpu": 1}))
    executor.start(order(token="t2", resources={"cpu": 1}))
    worker_of(workspace, "t1")
    assert set(executor.waiting()) == {"t2"}
    collect(executor, 2)
    assert set(executor.waiting()) == set()


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
    cloudpickle.register_pickle_by_value(standin)
    ground = Ground(tmp_path / "own", Inventory.logical(cpus=2))
    ground.open()
    executor = RayExecutor(ground, work=standin.work)
    executor.kill = lambda name: os.kill(ground.cluster.vital[["gcs_server", "raylet"].index(name)].pid, 9)
    executor.ground = ground
    yield executor
    executor.close()
    ground.stop()


@ray_only
@pytest.mark.parametrize("which", [pytest.param("gcs_server", marks=pytest.mark.slow), "raylet"])
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
@pytest.mark.slow
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
