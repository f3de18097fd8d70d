"""A quota holds: Ray's own table shows it, and no more than it runs at once."""

import time

import pytest

from resources.devices import Inventory
from resources.environments import EnvironmentSpec, default_environments
from resources.errors import PlacementError, QuotaError
from resources.placement import Loan, Placement
from resources.shares import WHOLE, Amount, ResourceRequest

pytestmark = pytest.mark.ray

LITTLE = ResourceRequest(cpu=3_000, gpu=2_500)


@pytest.fixture
def half(ray_driver):
    """One environment with a quota of half a GPU, on a Ray that has two."""
    placement = Placement([EnvironmentSpec("half", "elastic", ResourceRequest(cpu=WHOLE, gpu=5_000))])
    placement.open()
    yield placement
    placement.close()


def moments(placement, asked, tasks):
    """Run `tasks` tasks with this share at once, and return when each began and ended."""
    import ray

    def work():
        began = time.monotonic()
        time.sleep(0.3)
        return began, time.monotonic()

    remote = ray.remote(max_retries=0)(work).options(**placement.options("half", placement.request("half", asked)))
    return ray.get([remote.remote() for _ in range(tasks)], timeout=60)


def most_at_once(spans):
    """Return how many of the spans overlap at the busiest moment."""
    return max(sum(began <= moment < ended for began, ended in spans) for moment, _ in spans)


def reserved(placement, name):
    """Return what Ray's placement-group table shows for the environment: state and amount."""
    [holding] = [one for one in placement.holdings() if one.environment == name]
    return holding.state, holding.amount


@pytest.mark.parametrize(("share", "together"), [(1, 1), (0.5, 2), (0.4, 2)])
def test_a_quota_never_runs_more_than_it_has(half, share, together):
    assert reserved(half, "half") == ("CREATED", Amount(cpu=WHOLE, gpu=5_000))
    spans = moments(half, {"cpu": share}, tasks=4)
    assert len(spans) == 4
    assert most_at_once(spans) <= together


def test_half_a_gpu_refuses_more(half):
    with pytest.raises(QuotaError, match=r"quota of CPU 1, GPU 0\.5, and CPU 0\.25, GPU 0\.6 was asked for"):
        half.request("half", {"gpu": 0.6})


def test_the_default_environments_hold_their_shares(ray_placement):
    expected = {spec.name: spec.quota for spec in default_environments(Inventory.logical(cpus=2, gpus=2))}
    for name, quota in expected.items():
        state, amount = reserved(ray_placement, name)
        assert (state, amount.document()) == ("CREATED", quota.document())


def test_a_service_takes_its_share_out_and_brings_it_back(ray_placement):
    quota = ray_placement.environment("inference").quota
    loan = ray_placement.lend("inference", "churn", LITTLE)
    assert ray_placement.bundles("inference", loan) == [{"CPU": 0.3, "GPU": 0.25}]
    assert loan.devices == ("gpu1",)
    assert ray_placement.seen(loan) == {"CUDA_VISIBLE_DEVICES": "1"}
    assert ray_placement.limits("inference", loan).threads == 1
    assert reserved(ray_placement, "inference") == ("CREATED", quota - LITTLE)
    ray_placement.give_back("inference", "churn")
    assert reserved(ray_placement, "inference")[1].document() == quota.document()
    assert ray_placement.free("inference").document() == quota.document()


def test_what_was_lent_is_there_for_the_replica(ray_placement):
    import ray

    loan = ray_placement.lend("inference", "churn", LITTLE)
    group = ray.util.placement_group(ray_placement.bundles("inference", loan))
    assert group.wait(10)
    ray.util.remove_placement_group(group)


def test_nobody_else_can_take_a_reserved_share(ray_placement):
    import ray

    group = ray.util.placement_group([{"CPU": 0.01}])
    assert not group.wait(0.5)
    ray.util.remove_placement_group(group)


def test_a_service_may_change_its_own_share(ray_placement):
    most = ResourceRequest(cpu=6_000)
    ray_placement.lend("inference", "churn", LITTLE)
    ray_placement.lend("inference", "churn", most)
    assert ray_placement.free("inference").cpu == 0


def test_services_together_get_no_more_than_the_quota(ray_placement):
    ray_placement.lend("inference", "churn", LITTLE)
    with pytest.raises(PlacementError, match=r"'inference' has CPU 0\.3, .* left, and CPU 0\.4 was asked for"):
        ray_placement.lend("inference", "traffic", ResourceRequest(cpu=4_000))
    with pytest.raises(QuotaError, match=r"'inference' has a quota of CPU 0\.6"):
        ray_placement.lend("inference", "churn", ResourceRequest(cpu=7_000))


def test_giving_back_what_was_not_lent_changes_nothing(ray_placement):
    before = ray_placement.holdings()
    ray_placement.give_back("inference", "nobody")
    assert ray_placement.holdings() == before


def test_tasks_stay_out_of_fixed_environments_and_services_out_of_others(ray_placement):
    with pytest.raises(PlacementError, match="'inference' keeps its share for services"):
        ray_placement.request("inference")
    with pytest.raises(PlacementError, match="'train' is elastic, and services need a fixed share"):
        ray_placement.lend("train", "churn", LITTLE)


def test_an_unknown_environment_names_the_nearest(ray_placement):
    with pytest.raises(PlacementError, match="No environment 'trian'") as caught:
        ray_placement.request("trian")
    assert "train" in caught.value.hint


def test_a_new_engine_replaces_what_a_dead_one_left(ray_placement):
    specs = [ray_placement.environment(name) for name in ray_placement.names]
    successor = Placement(specs, {"inference": {"churn": Loan(LITTLE, ("gpu1",))}}, Inventory.logical(gpus=2))
    successor.open()
    names = sorted(holding.environment for holding in successor.holdings())
    assert names == ["inference", "test", "train"]
    assert successor.free("inference").gpu == 3_500
    successor.close()


def test_the_devices_of_an_environment_are_lent_once(ray_placement):
    first = ray_placement.lend("inference", "churn", ResourceRequest(cpu=1_000, gpu=4_000))
    assert first.devices == ("gpu1",)
    with pytest.raises(PlacementError, match=r"'inference' has CPU 0\.5, GPU 0\.2.* left, and"):
        ray_placement.lend("inference", "traffic", ResourceRequest(cpu=1_000, gpu=3_000))
    assert ray_placement.lend("inference", "traffic", ResourceRequest(cpu=1_000, gpu=2_000)).devices == ("gpu1",)


def test_who_takes_a_place_keeps_its_devices(ray_placement):
    ray_placement.lend("inference", "churn", LITTLE)
    later = ray_placement.lend("inference", "churn (next)", LITTLE)
    assert ray_placement.lend("inference", "churn", LITTLE, after="churn (next)") == later
    assert ray_placement.loan("inference", "churn (next)") is None
    quota = ray_placement.environment("inference").quota
    assert ray_placement.free("inference") == quota - LITTLE


def test_a_service_may_shrink_while_its_replica_still_has_what_it_had(ray_placement):
    import ray

    large, small = ResourceRequest(cpu=5_000), ResourceRequest(cpu=1_000)
    had = ray.util.placement_group(ray_placement.bundles("inference", ray_placement.lend("inference", "churn", large)))
    assert had.wait(10)
    ray_placement.lend("inference", "churn", small)
    assert reserved(ray_placement, "inference")[0] == "PENDING"
    ray.util.remove_placement_group(had)
    quota = ray_placement.environment("inference").quota
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and reserved(ray_placement, "inference")[0] != "CREATED":
        time.sleep(0.05)
    assert reserved(ray_placement, "inference") == ("CREATED", quota - small)
