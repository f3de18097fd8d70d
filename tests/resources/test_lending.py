"""Which devices services get of their environment; no Ray is needed to decide."""

import pytest

from resources.devices import Inventory
from resources.environments import EnvironmentSpec
from resources.errors import PlacementError
from resources.placement import Placement
from resources.shares import WHOLE, ResourceRequest

HALF = ResourceRequest(1_000, 5_000)


@pytest.fixture
def placement(monkeypatch):
    """An environment with two devices, whose groups nobody makes."""
    monkeypatch.setattr(Placement, "_reserve", lambda *_, **__: None)
    spec = EnvironmentSpec("inference", "fixed", ResourceRequest(WHOLE, 2 * WHOLE))
    return Placement([spec], inventory=Inventory.logical(gpus=2))


def test_the_fullest_device_that_has_enough_is_taken(placement):
    assert placement.lend("inference", "a", HALF).devices == ("gpu0",)
    assert placement.lend("inference", "b", ResourceRequest(1_000, 6_000)).devices == ("gpu1",)
    assert placement.lend("inference", "c", ResourceRequest(1_000, 4_000)).devices == ("gpu1",)


def test_parts_that_are_left_on_no_one_device_are_refused(placement):
    for name in "ab":
        placement.lend("inference", name, ResourceRequest(1_000, 6_000))
    with pytest.raises(PlacementError, match=r"No device of 'inference' has 0\.5 left, and the most is 0\.4"):
        placement.lend("inference", "c", HALF)
    assert not placement.has_room("inference", HALF)


def test_nothing_new_comes_to_a_device_that_is_out_of_service(placement):
    placement.down = frozenset({"gpu0"})
    assert placement.lend("inference", "a", HALF).devices == ("gpu1",)
    assert placement.lend("inference", "b", HALF).devices == ("gpu1",)
    assert not placement.has_room("inference", HALF)


def test_who_had_it_keeps_it_only_where_there_is_no_other(placement):
    placement.lend("inference", "a", HALF)
    placement.down = frozenset({"gpu0"})
    assert placement.lend("inference", "a", HALF).devices == ("gpu1",)
    placement.down = frozenset({"gpu0", "gpu1"})
    assert placement.lend("inference", "a", HALF).devices == ("gpu1",)


def test_several_whole_devices_are_lent_together(placement):
    assert placement.lend("inference", "a", ResourceRequest(1_000, 2 * WHOLE)).devices == ("gpu0", "gpu1")
