"""R15 in small: whatever fails, a run ends, in order, and nothing finished is done again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs import simulation

ENDS = {"succeeded", "failed", "cancelled"}


def test_two_thousand_worlds_of_faults_keep_every_rule():
    assert {simulation.play(seed).state.status for seed in range(2_000)} == ENDS


@pytest.mark.slow
def test_ten_thousand_more_worlds_keep_every_rule():
    assert {simulation.play(seed).state.status for seed in range(2_000, 12_000)} == ENDS


def test_a_seed_plays_out_the_same_again():
    assert simulation.play(7).ledger == simulation.play(7).ledger


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**64))
def test_a_run_ends_whatever_hypothesis_thinks_of(seed):
    assert simulation.play(seed).state.status in ENDS
