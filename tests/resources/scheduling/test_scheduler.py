"""The scheduler: events in, instructions out; the invariants are checked again when each test ends."""

import pytest

from resources.errors import PlacementError, QuotaError
from resources.scheduling.events import (
    Arrived,
    DeviceBack,
    DeviceLost,
    Ended,
    EnvironmentChanged,
    Paused,
    Reprioritised,
    Tick,
    Withdrawn,
)
from resources.scheduling.instructions import Refuse, Resize, Start, Stop
from resources.scheduling.machines import Gpu, Machine
from resources.scheduling.pool import Setup
from resources.scheduling.scheduler import Scheduler
from resources.scheduling.tasks import Task
from resources.shares import WHOLE, Amount, ResourceRequest

HOST = Machine("host", 8 * WHOLE, 16 << 30, (Gpu("gpu0"), Gpu("gpu1")), "T4")


def task(name, gpu=0.0, *, cpu=0.5, environment="train", **more):
    least = round(more.pop("least", 0) * WHOLE)
    return Task(name, ResourceRequest(round(cpu * WHOLE), round(gpu * WHOLE)), environment, least=least, **more)


@pytest.fixture
def made():
    """Make schedulers, whose invariants are checked when the test ends."""
    schedulers = []

    def make(kind="elastic", policy="fgd", machines=(HOST,), **more):
        schedulers.append(Scheduler({"train": Setup(tuple(machines), kind, policy, **more)}))
        return schedulers[-1]

    yield make
    for scheduler in schedulers:
        scheduler.validate()


def arrive(scheduler, *tasks, at=0.0):
    return [one for each in tasks for one in scheduler.handle(Arrived(at, each))]


def kinds(instructions):
    return [(type(one).__name__, one.task) for one in instructions]


def shares(scheduler):
    return {name: run.taken for name, run in scheduler.pools["train"].running.items()}


def test_a_task_that_fits_starts_at_once_with_its_share_on_a_device(made):
    assert arrive(made(), task("a", 0.5)) == [Start("a", "host", ("gpu0",), Amount(5000, 5000))]


def test_a_freed_share_starts_who_waited(made):
    scheduler = made()
    arrive(scheduler, task("a", 1), task("b", 1))
    assert arrive(scheduler, task("c", 1)) == []
    assert scheduler.handle(Ended(9.0, "a")) == [Start("c", "host", ("gpu0",), Amount(5000, WHOLE))]


def test_what_can_never_run_is_refused_at_once(made):
    scheduler = made()
    three, model, elsewhere = task("a", 3), task("b", 1, models=frozenset({"A100"})), task("c", environment="moon")
    for refused in (three, model, elsewhere):
        (told,) = arrive(scheduler, refused)
        assert isinstance(told, Refuse)
        assert told.hint
    assert not scheduler.pools["train"].waiting


def test_what_is_told_twice_is_done_once(made):
    scheduler = made()
    assert len(arrive(scheduler, task("a", 1), task("a", 1))) == 1
    scheduler.handle(Ended(1.0, "a"))
    assert scheduler.handle(Ended(1.0, "a")) == []
    assert scheduler.handle(Paused(1.0, "never heard of")) == []


def test_all_run_at_their_peak_while_the_peaks_fit_and_share_by_weight_beyond(made):
    scheduler = made(machines=[Machine("host", 8 * WHOLE, 1 << 30, (Gpu("gpu0"),), "T4")])
    arrive(scheduler, task("low", 0.8, least=0.1))
    started = arrive(scheduler, task("high", 0.8, least=0.1, priority=1))
    assert kinds(started) == [("Resize", "low"), ("Start", "high")]
    assert sum(map(sum, shares(scheduler).values())) == WHOLE
    low, high = shares(scheduler)["low"][0], shares(scheduler)["high"][0]
    assert high == pytest.approx(2 * low, abs=2)
    assert scheduler.handle(Ended(1.0, "high")) == [Resize("low", Amount(5000, 8000))]


def test_another_priority_divides_anew(made):
    scheduler = made(machines=[Machine("host", 8 * WHOLE, 1 << 30, (Gpu("gpu0"),), "T4")])
    arrive(scheduler, task("a", 1, least=0.1), task("b", 1, least=0.1))
    assert shares(scheduler) == {"a": [5000], "b": [5000]}
    assert kinds(scheduler.handle(Reprioritised(1.0, "b", 2))) == [("Resize", "a"), ("Resize", "b")]
    assert shares(scheduler) == {"a": [2000], "b": [8000]}


def test_a_fixed_environment_squeezes_and_pauses_nobody(made):
    scheduler = made(kind="fixed")
    arrive(scheduler, *(task(name, 1, least=0.1, preemptible=True) for name in "ab"), at=0)
    assert arrive(scheduler, task("c", 1, least=0.1, priority=9), at=500.0) == []


def test_a_higher_priority_pauses_the_lower_and_takes_its_place_when_it_has_paused(made):
    scheduler = made()
    arrive(scheduler, task("low", 1, preemptible=True), task("other", 1))
    assert kinds(arrive(scheduler, task("high", 1, priority=1), at=500.0)) == [("Pause", "low")]
    assert arrive(scheduler, task("small", 0.5), at=501.0) == []
    assert kinds(scheduler.handle(Paused(510.0, "low"))) == [("Start", "high")]
    assert kinds(scheduler.handle(Ended(600.0, "high"))) == [("Start", "small")]
    assert kinds(scheduler.handle(Ended(700.0, "other"))) == [("Start", "low")]


@pytest.mark.parametrize("spared", [{"preemptible": False}, {"preemptible": True, "priority": 1}])
def test_nobody_is_paused_who_must_not_be_or_is_as_important(made, spared):
    scheduler = made()
    arrive(scheduler, task("a", 1, **spared), task("b", 1, **spared))
    assert arrive(scheduler, task("high", 1, priority=1), at=500.0) == []


def test_nobody_is_paused_before_it_has_run_for_a_while(made):
    scheduler = made()
    arrive(scheduler, task("a", 1, preemptible=True), task("b", 1, preemptible=True))
    assert arrive(scheduler, task("high", 1, priority=1), at=30.0) == []
    assert len(scheduler.handle(Tick(70.0))) == 1


def test_the_cheapest_work_is_lost(made):
    scheduler = made()
    arrive(scheduler, task("long", 1, preemptible=True))
    arrive(scheduler, task("short", 1, preemptible=True), at=400.0)
    assert kinds(arrive(scheduler, task("high", 1, priority=1), at=500.0)) == [("Pause", "short")]


def test_a_stress_test_has_its_devices_alone(made):
    scheduler = made(kind="mixed")
    arrive(scheduler, task("functional", 0.2))
    assert kinds(arrive(scheduler, task("stress", 0.5, alone=True))) == [("Start", "stress")]
    assert shares(scheduler)["stress"] == [WHOLE]
    started = arrive(scheduler, task("another", 0.5))
    assert started[0].devices == ("gpu0",)
    assert arrive(scheduler, task("more", 0.5)) == []


def test_a_gang_starts_together_or_not_at_all(made):
    scheduler = made()
    arrive(scheduler, task("alone", 1))
    gang = [task(f"g{at}", 1, gang="g", gang_size=2) for at in range(2)]
    assert arrive(scheduler, *gang) == []
    assert kinds(scheduler.handle(Ended(1.0, "alone"))) == [("Start", "g0"), ("Start", "g1")]


def test_a_gang_that_never_fits_together_is_refused_whole(made):
    gang = [task(f"g{at}", 1, gang="g", gang_size=3) for at in range(3)]
    told = arrive(made(), *gang)
    assert kinds(told) == [("Refuse", f"g{at}") for at in range(3)]


def test_a_project_holds_no_more_than_its_quota(made):
    scheduler = made(quotas={"x": Amount(WHOLE, WHOLE, 0)})
    first, second = task("a", 1, project="x"), task("b", 0.5, project="x")
    assert kinds(arrive(scheduler, first, second, task("c", 0.5, project="y"))) == [("Start", "a"), ("Start", "c")]
    assert scheduler.reason("b", 1.0).code == "quota"
    assert kinds(scheduler.handle(Ended(2.0, "a"))) == [("Start", "b")]


def test_a_lost_device_is_left_and_its_tasks_go_on_elsewhere(made):
    scheduler = made()
    arrive(scheduler, task("a", 0.6), task("b", 0.6))
    found = scheduler.handle(DeviceLost(5.0, "gpu0"))
    assert kinds(found) == [("Stop", "a")]
    assert isinstance(found[0], Stop)
    assert kinds(scheduler.handle(Ended(6.0, "b"))) == [("Start", "a")]
    assert arrive(scheduler, task("c", 0.6), at=7.0) == []
    assert scheduler.handle(DeviceBack(8.0, "gpu0"))[0] == Start("c", "host", ("gpu0",), Amount(5000, 6000))


def test_a_withdrawn_task_is_forgotten_and_what_was_kept_for_it_is_open(made):
    scheduler = made()
    arrive(scheduler, task("low", 1, preemptible=True), task("other", 1))
    arrive(scheduler, task("high", 1, priority=1), at=500.0)
    scheduler.handle(Withdrawn(501.0, "high"))
    assert kinds(scheduler.handle(Paused(502.0, "low"))) == [("Start", "low")]


def test_fifo_lets_nobody_overtake_and_the_others_do(made):
    for policy, expected in (("fifo", []), ("best_fit", [("Start", "small")]), ("las", [("Start", "small")])):
        scheduler = made(policy=policy)
        arrive(scheduler, task("a", 1), task("b", 0.5))
        assert arrive(scheduler, task("large", 1)) == []
        assert kinds(arrive(scheduler, task("small", 0.5))) == expected


def test_the_first_of_a_queue_is_not_overtaken_for_ever(made):
    scheduler = made()
    arrive(scheduler, task("a", 0.5), task("b", 0.5), task("c", 0.5), task("d", 0.5))
    arrive(scheduler, task("large", 2))
    scheduler.handle(Ended(10.0, "a"))
    assert len(arrive(scheduler, task("e", 0.5), at=20.0)) == 1
    scheduler.handle(Tick(400.0))
    scheduler.handle(Ended(410.0, "b"))
    assert arrive(scheduler, task("f", 0.5), at=420.0) == []
    for at, name in enumerate("cde"):
        last = scheduler.handle(Ended(430.0 + at, name))
    assert kinds(last) == [("Start", "large")]


def test_a_searched_queue_starts_at_the_next_look(made):
    scheduler = made(policy="swarm")
    assert arrive(scheduler, task("a", 0.5), task("b", 0.5), task("c", 1)) == []
    started = scheduler.handle(Tick(0.1))
    assert sorted(kinds(started)) == [("Start", name) for name in "abc"]
    assert {one.devices for one in started} == {("gpu0",), ("gpu1",)}


def test_an_environment_shrinks_around_what_runs_or_not_at_all(made):
    scheduler = made()
    arrive(scheduler, task("a", 0.8, least=0.2))
    half = Setup((Machine("host", 4 * WHOLE, 1 << 30, (Gpu("gpu0", 5000),), "T4"),))
    assert scheduler.handle(EnvironmentChanged(1.0, "train", half)) == [Resize("a", Amount(5000, 5000))]
    tenth = Setup((Machine("host", 4 * WHOLE, 1 << 30, (Gpu("gpu0", 1000),), "T4"),))
    with pytest.raises(QuotaError, match="gpu0 have more"):
        scheduler.handle(EnvironmentChanged(2.0, "train", tenth))
    with pytest.raises(QuotaError, match="1 tasks that run"):
        scheduler.handle(EnvironmentChanged(2.0, "train", None))
    with pytest.raises(PlacementError, match="no scheduling policy 'best'"):
        scheduler.handle(EnvironmentChanged(2.0, "train", Setup((HOST,), "elastic", "best")))
    assert shares(scheduler) == {"a": [5000]}
    assert scheduler.handle(EnvironmentChanged(3.0, "train", Setup((HOST,)))) == [Resize("a", Amount(5000, 8000))]


def test_an_environment_that_grows_starts_who_waited_and_one_that_shrinks_refuses_what_never_fits(made):
    scheduler = made(machines=[Machine("host", 8 * WHOLE, 1 << 30, (Gpu("gpu0"),), "T4")])
    arrive(scheduler, task("a", 1), task("b", 1))
    assert kinds(scheduler.handle(EnvironmentChanged(1.0, "train", Setup((HOST,))))) == [("Start", "b")]
    arrive(scheduler, task("c", 1), at=2.0)
    scheduler.handle(Ended(3.0, "a"))
    scheduler.handle(Ended(3.0, "b"))
    arrive(scheduler, task("d", 2), at=4.0)
    small = Setup((Machine("host", 8 * WHOLE, 1 << 30, (Gpu("gpu0"),), "T4"),))
    assert kinds(scheduler.handle(EnvironmentChanged(5.0, "train", small))) == [("Refuse", "d")]


def test_why_a_task_waits_is_said_in_words(made):
    scheduler = made()
    arrive(scheduler, task("a", 0.8, expected_s=300), task("b", 0.75, expected_s=600))
    arrive(scheduler, task("c", 0.5), at=60.0)
    told = scheduler.reason("c", 60.0)
    assert (told.code, told.values["minutes"]) == ("expected", 4)
    assert told.sentence == "It needs 0.5 GPU; 0.25 GPU free on gpu1; next expected in 4 min."
    assert scheduler.reason("a", 60.0) is None


def test_every_decision_is_kept_with_its_policy_and_reason(made):
    scheduler = made()
    arrive(scheduler, task("low", 1, preemptible=True), task("b", 1), at=10.0)
    arrive(scheduler, task("high", 1, priority=1), at=500.0)
    told = [(one.what, one.task, one.policy, one.why, one.whom) for one in scheduler.decisions]
    assert told == [
        ("start", "low", "fgd", "peak", ""),
        ("start", "b", "fgd", "peak", ""),
        ("pause", "low", "fgd", "room", "high"),
    ]


def test_a_decision_tells_what_else_could_have_been(made):
    scheduler = made()
    arrive(scheduler, task("a", 0.5), at=10.0)
    [start] = scheduler.decisions
    assert start.share == 5_000
    assert [one["free"] for one in start.alternatives] == [10_000]
    assert {one["device"] for one in start.alternatives} == {f"gpu{1 - int(start.devices[0][-1])}"}


def test_nobody_looks_for_alternatives_that_are_not_kept(made):
    scheduler = Scheduler({name: pool.setup for name, pool in made().pools.items()}, kept=0)
    scheduler.handle(Arrived(0.0, task("a", 0.5)))
    assert not scheduler.decisions
