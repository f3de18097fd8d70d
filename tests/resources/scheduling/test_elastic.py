"""The division of one device: exact, by weight, between least and peak."""

from hypothesis import given
from hypothesis import strategies as st

from resources.scheduling.elastic import Claim, divide, weight_of

claims = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(-6, 6)).map(
        lambda one: Claim(min(one[0], one[1]), one[1], weight_of(one[2]))
    ),
    min_size=1,
    max_size=8,
)


@given(st.integers(0, 10_000), claims)
def test_shares_lie_between_least_and_peak_and_nothing_is_left_over(capacity, asked):
    shares = divide(capacity, asked)
    if sum(one.least for one in asked) > capacity:
        assert shares is None
        return
    assert all(one.least <= share <= one.peak for one, share in zip(asked, shares, strict=True))
    assert sum(shares) == min(capacity, sum(one.peak for one in asked))


@given(st.integers(0, 10_000), claims)
def test_who_is_between_the_limits_has_as_much_as_it_weighs(capacity, asked):
    shares = divide(capacity, asked) or []
    free = [(share, one) for share, one in zip(shares, asked, strict=False) if one.least < share < one.peak]
    levels = [(share - 1) / one.weight for share, one in free], [(share + 1) / one.weight for share, one in free]
    assert not free or max(levels[0]) <= min(levels[1])


def test_each_step_of_priority_doubles_the_share():
    asked = [Claim(0, 10_000, weight_of(priority)) for priority in (0, 1, 2)]
    assert divide(7000, asked) == [1000, 2000, 4000]
