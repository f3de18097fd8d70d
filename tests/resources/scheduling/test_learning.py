"""Work is expected to take what its kind took, the narrowest kind of which enough is known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from resources.scheduling.learning import Learner


@pytest.fixture
def learner():
    return Learner()


def test_nothing_is_expected_of_what_never_was(learner):
    assert learner.expected(["fit"]) is None


def test_one_end_is_believed_where_nothing_else_is_known(learner):
    learner.ended(["fit on 10 rows", "fit"], 8.0)
    assert learner.expected(["fit on 10 rows", "fit"]) == pytest.approx(8.0)
    assert learner.expected(["fit on 20 rows", "fit"]) == pytest.approx(8.0)


def test_a_wider_kind_is_believed_until_enough_of_the_narrow_one_have_ended(learner):
    for _ in range(5):
        learner.ended(["small", "fit"], 1.0)
    learner.ended(["large", "fit"], 100.0)
    assert learner.expected(["large", "fit"]) < 50
    for _ in range(2):
        learner.ended(["large", "fit"], 100.0)
    assert learner.expected(["large", "fit"]) == pytest.approx(100.0)


def test_what_changes_is_learned_anew(learner):
    for _ in range(50):
        learner.ended(["fit"], 1.0)
    for _ in range(15):
        learner.ended(["fit"], 10.0)
    assert learner.expected(["fit"]) == pytest.approx(10.0, rel=0.1)


@given(some.lists(some.floats(1e-3, 1e6), min_size=1, max_size=30))
def test_what_is_expected_lies_between_what_was(seconds):
    learner = Learner()
    for one in seconds:
        learner.ended(["fit"], one)
    found = learner.expected(["fit"])
    assert min(seconds) * (1 - 1e-9) <= found <= max(seconds) * (1 + 1e-9)
    assert math.isfinite(found)
