"""Whatever happens, in random worlds with faults: what always holds does, and everything that can run is done."""

import pytest

from resources.scheduling.replay import Replay
from tests.resources.scheduling.worlds import world


def lived(seed):
    setups, jobs, outages = world(seed)
    replayed = Replay(setups, checked=True).run(jobs, outages)
    for life in replayed.lives:
        left_alone = life.job.task.gang and not life.started  # the other of its gang was refused
        assert life.refused or life.ended is not None or left_alone, (seed, life)
        assert life.ended is None or life.ended - life.job.arrived >= life.job.seconds - 1e-6, (seed, life)


@pytest.mark.parametrize("tens", range(30))
def test_invariants_hold_in_random_worlds(tens):
    for seed in range(tens * 10, tens * 10 + 10):
        lived(seed)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_invariants_hold_in_ten_thousand_random_worlds():
    for seed in range(10_000):
        lived(seed)
