"""Devices by labels: what their models are known by, which environment has which, and what cannot be given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.accelerators import found_by
from resources.device import CUDA, Device
from resources.devices import Inventory, pretended
from resources.environments import EnvironmentSpec, default_environments
from resources.errors import QuotaError, ShareError
from resources.pools import check_together, divide
from resources.profiles import PROFILES, profile_of
from resources.scheduling.events import Arrived
from resources.scheduling.instructions import Start
from resources.scheduling.scheduler import Scheduler
from resources.scheduling.setups import setups_of
from resources.scheduling.tasks import Task
from resources.shares import WHOLE, ResourceRequest

MIXED = Inventory.logical(cpus=8, devices="2xA100,T4,2xAscend910B")


def spec(name, gpu, **pool):
    return EnvironmentSpec(name, "elastic", ResourceRequest(WHOLE, round(gpu * WHOLE)), pool)


def names(parts, name):
    return [(device.device, part / WHOLE) for device, part in parts[name]]


@pytest.mark.parametrize(
    ("told", "model", "kind"),
    [
        ("NVIDIA A100-SXM4-80GB", "A100", "GPU"),
        ("Tesla T4", "T4", "GPU"),
        ("NVIDIA H100 80GB HBM3", "H100", "GPU"),
        ("Orin (nvgpu)", "Orin", "GPU"),
        ("Ascend910B3", "Ascend910B", "NPU"),
        ("NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 4090", "GPU"),
    ],
)
def test_a_model_is_known_by_what_its_driver_calls_it(told, model, kind):
    assert (profile_of(told).model, profile_of(told).kind) == (model, kind)


def test_every_profile_is_found_by_its_own_name():
    assert all(profile_of(one.model) is one for one in PROFILES.values())


def test_pretended_devices_are_numbered_by_kind():
    assert [(one.device, one.labels["model"]) for one in MIXED.devices] == [
        ("gpu0", "A100"), ("gpu1", "A100"), ("gpu2", "T4"), ("npu0", "Ascend910B"), ("npu1", "Ascend910B")
    ]  # fmt: skip
    assert MIXED.kinds() == {"GPU": 3, "NPU": 2}


@pytest.mark.parametrize("text", ["2x", "4", "", "3.5xT4", "2xA100;T4"])
def test_devices_that_cannot_be_read_are_refused(text):
    with pytest.raises(ShareError, match="cannot be read"):
        pretended(text)


def test_a_process_sees_the_devices_of_its_share_and_no_others():
    assert MIXED.seen([]) == {CUDA: ""}
    assert MIXED.seen(MIXED.named(["gpu0", "gpu2"])) == {CUDA: "0,2"}
    npus = Inventory(WHOLE, 0, (Device(0, "Ascend910B", kind="NPU", visible="ASCEND_RT_VISIBLE_DEVICES"),))
    assert npus.seen(npus.devices) == {CUDA: "", "ASCEND_RT_VISIBLE_DEVICES": "0"}
    assert npus.seen([]) == {CUDA: "", "ASCEND_RT_VISIBLE_DEVICES": ""}


def test_each_environment_takes_its_quota_out_of_its_pool():
    specs = [spec("any", 1.0), spec("small", 0.5, model="T4"), spec("npus", 2.0, kind="NPU")]
    parts = divide(MIXED, specs)
    assert names(parts, "any") == [("gpu0", 1.0)]
    assert names(parts, "small") == [("gpu2", 0.5)]
    assert names(parts, "npus") == [("npu0", 1.0), ("npu1", 1.0)]
    check_together(specs, MIXED)


def test_who_may_have_any_device_leaves_those_that_others_need():
    inventory = Inventory.logical(devices="T4,A100")
    assert names(divide(inventory, [spec("any", 1.0), spec("small", 0.5, model="T4")]), "any") == [("gpu1", 1.0)]


def test_npus_are_never_given_to_who_asked_for_gpus():
    with pytest.raises(QuotaError, match=r"'train' has a quota of 4 GPU from GPU, and 3 can be given"):
        check_together([spec("train", 4.0)], MIXED)


def test_a_pool_that_has_too_little_is_told_by_name():
    specs = [spec("a", 1.0, model="T4"), spec("b", 0.5, model="T4")]
    with pytest.raises(QuotaError, match=r"'b' has a quota of 0\.5 GPU from T4 GPU, and 0 can be given"):
        check_together(specs, MIXED)


def test_parts_that_fit_together_but_on_no_device_are_refused():
    three = [spec(name, 0.6) for name in "abc"]
    with pytest.raises(QuotaError, match=r"'c' has a quota of 0\.6 GPU from GPU, and 0 can be given"):
        check_together(three, Inventory.logical(cpus=4, gpus=2))


def test_a_machine_that_has_npus_alone_shares_those():
    inventory = Inventory.logical(cpus=4, devices="4xAscend910B")
    specs = default_environments(inventory)
    check_together(specs, inventory)
    assert {one.kind for one in specs} == {"NPU"}
    assert specs[0].bundle(specs[0].quota)["NPU"] == 2


def test_tasks_start_on_the_devices_of_their_pool():
    scheduler = Scheduler(setups_of(MIXED, [spec("small", 1.0, model="T4"), spec("npus", 1.0, kind="NPU")]))
    started = []
    for environment in ("small", "npus"):
        task = Task(environment, ResourceRequest(1_000, 5_000), environment)
        started += [one for one in scheduler.handle(Arrived(0.0, task)) if isinstance(one, Start)]
    assert [one.devices for one in started] == [("gpu2",), ("npu0",)]


QUOTAS = st.lists(
    st.tuples(st.sampled_from([0, 2500, 5000, 7500, WHOLE, 2 * WHOLE]), st.sampled_from(["", "T4", "A100"])),
    max_size=4,
)


@given(QUOTAS)
def test_no_device_is_given_out_more_than_once(wanted):
    specs = [
        EnvironmentSpec(f"e{at}", "elastic", ResourceRequest(WHOLE, gpu), {"model": model} if model else {})
        for at, (gpu, model) in enumerate(wanted)
    ]
    parts = divide(MIXED, specs)
    given_out = {}
    for one in specs:
        assert sum(part for _, part in parts[one.name]) <= one.quota.gpu
        for device, part in parts[one.name]:
            assert one.admits(device)
            given_out[device.device] = given_out.get(device.device, 0) + part
    assert all(part <= WHOLE for part in given_out.values())


class Ascend:
    """What Ray knows of Ascend NPUs, on a machine that has two."""

    get_resource_name = staticmethod(lambda: "NPU")
    get_visible_accelerator_ids_env_var = staticmethod(lambda: "ASCEND_RT_VISIBLE_DEVICES")
    get_current_node_num_accelerators = staticmethod(lambda: 2)
    get_current_node_accelerator_type = staticmethod(lambda: "Ascend910B")


def test_accelerators_are_found_as_ray_finds_them():
    [first, second] = found_by([Ascend])
    assert (first.device, second.device, first.labels) == ("npu0", "npu1", {"kind": "NPU", "model": "Ascend910B"})
    assert not first.logical
    assert first.visible == "ASCEND_RT_VISIBLE_DEVICES"


def test_ray_itself_says_what_npus_are_called():
    from ray._private.accelerators.npu import NPUAcceleratorManager

    assert NPUAcceleratorManager.get_resource_name() == "NPU"
    assert NPUAcceleratorManager.get_visible_accelerator_ids_env_var() == Ascend.get_visible_accelerator_ids_env_var()
