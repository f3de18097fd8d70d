"""Checks that need a GPU say so where there is none; where there is one, they run."""

import pytest

from resources.conformance.check import Check, passed
from resources.conformance.gpu import CHECKS, gpu_checks
from resources.conformance.trial import Trial
from resources.devices import Inventory


def test_without_a_gpu_each_says_that_it_cannot_be_checked():
    found = list(gpu_checks(Inventory.logical(gpus=2)))
    assert [one.name for one in found] == [row[0] for row in CHECKS]
    assert {(one.held, one.message) for one in found} == {(None, "There is no GPU here.")}


@pytest.mark.gpu
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["gpu processes", "gpu memory", "gpu memory past torch", "gpu memory after kill"])
def test_what_holds_memory_holds(name):
    [check] = gpu_checks(Inventory.of_machine(), Trial(), [name])
    assert check.held, check.message


def test_nothing_that_could_be_checked_is_no_pass():
    check = Check("c", "capped", "m", "a", "t", None, "There is no GPU here.")
    held, failed = (Check("c", "capped", "m", "a", "t", one, "") for one in (True, False))
    assert not passed([check])
    assert passed([check, held])
    assert not passed([held, failed])
