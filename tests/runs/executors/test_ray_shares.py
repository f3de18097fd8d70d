"""Stages get the devices and shares that the scheduler gives them, and are held to them."""

import dataclasses
import time

import pytest

from engine.runs.executor import Lost, Succeeded
from resources.device import Device
from resources.shares import ResourceRequest
from tests.runs import standin
from tests.runs.standin import collect, worker_of

pytestmark = pytest.mark.ray


def test_a_stage_sees_the_device_that_the_scheduler_chose(on_ray, order):
    on_ray.start(order("t1", {"gpu": 0.5, "cpu": 0.1}, see=True))
    on_ray.start(order("t2", {"gpu": 0.25, "cpu": 0.1}, "test", see=True))
    on_ray.start(order("t3", {"cpu": 0.1}, see=True))
    seen = {answer.token: answer.outputs[f"stage-{answer.token}"]["sees"] for answer in collect(on_ray, 3)}
    assert seen == {"t1": "0", "t2": "1", "t3": ""}


def test_shares_of_a_device_are_never_more_than_it_has(on_ray, order, workspace):
    on_ray.start(order("first", {"gpu": 0.6, "cpu": 0.1}, sleep=2))
    on_ray.start(order("second", {"gpu": 0.6, "cpu": 0.1}))
    on_ray.start(order("third", {"gpu": 0.4, "cpu": 0.1}))
    assert [answer.token for answer in collect(on_ray, 1)] == ["third"]
    assert on_ray.why_waiting()["second"][1].sentence.startswith("It needs 0.6 GPU;")
    assert [answer.token for answer in collect(on_ray, 2)] == ["first", "second"]
    assert on_ray.why_waiting() == {}


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


def test_a_stage_that_can_do_with_less_shrinks_for_another_and_grows_again(on_ray, order, workspace, ray_ground):
    on_ray.start(order("wide", {"gpu": 1, "gpu_least": 0.4, "cpu": 0.1}, sleep=4))
    worker_of(workspace, "wide")
    share = ray_ground.home / "held" / "wide.share"
    assert share.read_text() == "10000"
    on_ray.start(order("narrow", {"gpu": 0.5, "cpu": 0.1}, sleep=1))
    assert share.read_text() == "5000"
    assert [answer.token for answer in collect(on_ray, 1)] == ["narrow"]
    assert share.read_text() == "10000"
    assert [answer.token for answer in collect(on_ray, 1)] == ["wide"]
    assert not share.exists()
    told = [(order.token, one.what, one.why, one.share) for order, one, _ in on_ray.new_decisions()]
    assert told == [
        ("wide", "start", "peak", 10_000), ("wide", "resize", "shrunk", 5_000), ("narrow", "start", "squeezed", 5_000),
        ("wide", "resize", "grown", 10_000),
    ]  # fmt: skip


def test_steps_of_stages_take_turns_by_their_shares(on_ray, order):
    begin = time.time() + 3.0
    on_ray.start(order("quarter", {"gpu": 0.25, "cpu": 0.1}, steps=[begin, 3.0]))
    on_ray.start(order("rest", {"gpu": 0.75, "cpu": 0.1}, steps=[begin, 3.0]))
    done = {answer.token: answer.outputs[f"stage-{answer.token}"]["inside"] for answer in collect(on_ray, 2)}
    assert done["rest"] / done["quarter"] == pytest.approx(3, rel=0.3)


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
    cloudpickle.register_pickle_by_value(standin)
    executor = ray_executor.RayExecutor(ray_ground, work=standin.work, environments=lambda: list(wanted.values()))
    yield executor
    executor.close()


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


def test_a_change_that_cannot_be_is_left_and_work_goes_on(changing, wanted, order):
    wanted["train"] = dataclasses.replace(wanted["train"], quota=ResourceRequest(cpu=990_000))
    assert changing.answers(0.1) == []
    changing.start(order("next"))
    assert isinstance(collect(changing, 1)[0], Succeeded)


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
    cloudpickle.register_pickle_by_value(standin)
    executor = ray_executor.RayExecutor(ray_ground, work=standin.work, devices=lambda: down)
    yield executor
    executor.close()


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


def test_one_that_keeps_its_quota_waits_too_where_its_devices_become_others(changing, wanted, order, workspace):
    changing.start(order("tests", {"gpu": 0.25, "cpu": 0.1}, "test", sleep=2))
    worker_of(workspace, "tests")
    wanted["train"] = dataclasses.replace(wanted["train"], quota=ResourceRequest(cpu=3_000))  # its GPU goes to others
    assert changing.answers(0.1) == []
    changing.start(order("next", {"gpu": 0.25, "cpu": 0.1}, "test", see=True))
    answers = {answer.token: answer for answer in collect(changing, 2)}
    assert isinstance(answers["tests"], Succeeded)
    assert answers["next"].outputs["stage-next"]["sees"] == "0"


def test_a_change_that_cannot_be_is_told_once(changing, wanted, caplog):
    wanted["train"] = dataclasses.replace(wanted["train"], quota=ResourceRequest(cpu=990_000))
    for _ in range(5):
        changing.answers(0.01)
    assert len([one for one in caplog.records if "have quotas of" in one.message]) == 1


def test_a_worker_that_touches_a_real_gpu_does_one_attempt(ray_ground, on_ray, order):
    card = Device(0, "A100", memory=2**34, logical=False)
    ray_ground.inventory = dataclasses.replace(ray_ground.inventory, devices=(card, Device(1)))
    workers = {"t0": {"gpu": 1, "cpu": 0.1}, "t1": {"gpu": 1, "cpu": 0.1}, "t2": {"cpu": 0.1}, "t3": {"cpu": 0.1}}
    pids = []
    for token, share in workers.items():
        on_ray.start(order(token, share))
        pids.append(collect(on_ray, 1)[0].outputs[f"stage-{token}"]["table"]["pid"])
    assert pids[0] != pids[1]
    assert pids[2] == pids[3]  # a worker that touched none is warm


def test_what_a_warm_worker_has_left_is_not_counted_against_the_next(on_ray, order):
    for token, share, asked in (("leaves", "900MiB", {"leave": 2**29}), ("next", "300MiB", {"eat": 2**26})):
        on_ray.start(order(token, {"cpu": 0.1, "memory": share}, **asked))
        assert isinstance(collect(on_ray, 1)[0], Succeeded)
