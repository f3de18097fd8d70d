"""Policies: the order of those that wait."""

import pytest

from resources.scheduling.entries import Waiting
from resources.scheduling.policies import AGE_S, POLICIES
from resources.scheduling.tasks import Task
from resources.shares import WHOLE, ResourceRequest

USED = {"busy": 100.0, "idle": 60.0}


def waiting(project, since, number):
    return Waiting(Task(project, ResourceRequest(WHOLE, 0), project=project), since, since, number)


@pytest.mark.parametrize(("waited", "first"), [(0.0, "idle"), (AGE_S / 2, "idle"), (AGE_S, "busy")])
def test_a_project_that_has_used_much_comes_first_once_it_has_waited_long(waited, first):
    entries = [waiting("busy", 0.0, 1), waiting("idle", waited, 2)]
    order = sorted(entries, key=lambda entry: POLICIES["fair_share"].key(entry, waited, USED))
    assert order[0].task.project == first


def test_whoever_waits_is_overtaken_by_newcomers_of_any_project_only_so_long():
    long = waiting("busy", 0.0, 1)
    newcomer = waiting("idle", 10 * AGE_S, 2)
    assert min(long, newcomer, key=lambda entry: POLICIES["fair_share"].key(entry, 10 * AGE_S, USED)) is long
