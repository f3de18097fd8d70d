"""Environments take no more than there is, and refuse what they can never give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.device import Device
from resources.devices import Inventory
from resources.environments import EnvironmentSpec, default_environments
from resources.errors import QuotaError, ShareError
from resources.pools import check_together
from resources.shares import WHOLE, Amount, ResourceRequest


@pytest.fixture
def laptop():
    """Two cores and no GPU."""
    return Inventory.logical(cpus=2)


@pytest.fixture
def half():
    """An environment that has half a GPU and one CPU."""
    return EnvironmentSpec("quarter", "elastic", ResourceRequest(cpu=WHOLE, gpu=5_000))


def test_two_cores_are_split_five_two_three(laptop):
    quotas = {spec.name: spec.quota.cpu for spec in default_environments(laptop)}
    assert quotas == {"train": 10_000, "test": 4_000, "inference": 6_000}


def test_each_environment_has_its_policy(laptop):
    policies = [spec.policy for spec in default_environments(laptop)]
    assert policies == ["elastic", "mixed", "fixed"]


@given(cpus=st.integers(1, 512), gpus=st.integers(0, 64), memory=st.integers(0, 10**13))
def test_default_quotas_can_all_be_kept_at_once(cpus, gpus, memory):
    inventory = Inventory.logical(cpus=cpus, gpus=gpus, memory=memory)
    check_together(default_environments(inventory), inventory)


def test_quotas_beyond_what_is_there_are_refused(laptop):
    greedy = [EnvironmentSpec(name, "elastic", ResourceRequest(cpu=15_000)) for name in ("a", "b")]
    with pytest.raises(QuotaError, match=r"quotas of CPU 3, and there is CPU 2, memory 4 GiB"):
        check_together(greedy, laptop)


def test_several_nodes_that_ask_for_nothing_run_at_once(laptop):
    for spec in default_environments(laptop):
        four = Amount()
        for _ in range(4):
            four += spec.request()
        assert four.fits(spec.quota)


def test_a_node_may_ask_for_the_whole_quota(half):
    assert half.request({"gpu": 0.5, "cpu": 1}) == half.quota


def test_more_than_the_quota_is_refused_naming_both(half):
    with pytest.raises(QuotaError, match=r"'quarter' has a quota of CPU 1, GPU 0.5, and CPU 0.25, GPU 0.6 was") as e:
        half.request({"gpu": 0.6})
    assert e.value.field == "gpu"


def test_an_unknown_policy_is_refused():
    with pytest.raises(ShareError, match="policy 'greedy', which does not exist"):
        EnvironmentSpec("x", "greedy")


def test_an_environment_survives_the_records(half):
    again = EnvironmentSpec.of(half.name, half.policy, half.quota.document())
    assert again == half


def test_logical_gpus_follow_the_real_ones():
    real = Device(0, "A100", "GPU-1", 80 * 2**30, logical=False)
    inventory = Inventory(WHOLE, 0, (real,)).with_gpus(2)
    assert [gpu.logical for gpu in inventory.devices] == [False, True]
    assert inventory.with_gpus(0).devices == ()


def test_this_machine_has_a_core_and_memory():
    inventory = Inventory.of_machine()
    assert inventory.cpus >= WHOLE
    assert inventory.memory > 0


def test_settings_override_what_is_counted():
    inventory = Inventory.of_machine(cpus=0.5, gpus=2)
    assert (inventory.cpus, len(inventory.devices)) == (5_000, 2)
    assert inventory.document()["cpus"] == 0.5
