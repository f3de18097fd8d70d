"""Each test of one column, against scipy and against what its docstring says."""

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom, chi2_contingency, fisher_exact, ks_2samp

from engine.monitoring.compare import compare_categories, compare_missing, compare_numbers, pooled_counts

finite = st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=60)


@given(finite, finite)
def test_the_statistic_is_scipys(before, now):
    ours = compare_numbers(np.array(before), np.array(now))
    assert ours.statistic == pytest.approx(ks_2samp(before, now, method="asymp").statistic)


def test_the_probability_is_scipys():
    random = np.random.default_rng(1)
    before, now = random.normal(size=400), random.normal(0.1, size=300)
    assert compare_numbers(before, now).p == pytest.approx(ks_2samp(before, now, method="asymp").pvalue)


@given(finite)
def test_a_sample_does_not_differ_from_itself(values):
    same = compare_numbers(np.array(values), np.array(values))
    assert (same.effect, same.p) == (0.0, 1.0)


def test_infinities_are_numbers_like_any_other():
    assert compare_numbers(np.array([1.0, np.inf]), np.array([1.0, -np.inf])).effect == 0.5


def test_the_effect_of_categories_is_the_share_that_would_have_to_change():
    before, now = pl.Series(["a"] * 50 + ["b"] * 50), pl.Series(["a"] * 80 + ["b"] * 20)
    assert compare_categories(before, now).effect == pytest.approx(0.3)


sides = st.lists(st.integers(5, 400), min_size=2, max_size=8)


@given(sides, sides)
def test_frequent_labels_are_compared_as_scipy_does(before, now):
    size = min(len(before), len(now))
    table = np.array([before[:size], now[:size]])
    expected = chi2_contingency(table, correction=False)
    assume(expected.expected_freq.min() >= 5)
    labels = np.array(list("abcdefgh")[:size])
    ours = compare_categories(*(pl.Series(np.repeat(labels, counts)) for counts in table))
    assert (ours.statistic, ours.p) == pytest.approx((expected.statistic, expected.pvalue))


gaps = st.tuples(st.integers(0, 4), st.integers(40, 400))


@given(gaps, gaps)
def test_few_gaps_are_compared_as_fishers_test_does(before, now):
    table = np.array([[missing, total - missing] for missing, total in (before, now)])
    assume(table[:, 0].sum() > 0)
    assert compare_missing(before, now).p == pytest.approx(fisher_exact(table).pvalue)


def test_rare_labels_in_groups_alarm_as_seldom_as_they_should():
    random, alarms, trials = np.random.default_rng(8), 0, 300
    for _ in range(trials):
        sides = [pl.Series(random.zipf(1.3, size).clip(max=900).astype(str)) for size in (4000, 500)]
        alarms += compare_categories(*sides).p <= 0.05
    assert alarms <= binom.ppf(0.999, trials, 0.05)


def test_rare_and_unseen_labels_count_as_one():
    before = pl.Series(["a"] * 60 + ["b"] * 36 + ["c", "d", "e", "f"])
    now = pl.Series(["a"] * 60 + ["b"] * 30 + ["new"] * 4 + ["newer"] * 6)
    assert pooled_counts(before, now).tolist() == [[60, 36, 4], [60, 30, 10]]


def test_a_pool_too_small_for_itself_joins_the_smallest_label():
    before, now = pl.Series(["a"] * 60 + ["b"] * 40), pl.Series(["a"] * 60 + ["b"] * 39 + ["new"])
    assert pooled_counts(before, now).tolist() == [[60, 40], [60, 40]]


def test_one_label_on_both_sides_leaves_nothing_to_test():
    assert compare_categories(pl.Series(["a"] * 50), pl.Series(["a"] * 40)).test == "none"


def test_a_label_nobody_has_seen_is_the_largest_effect_there_is():
    result = compare_categories(pl.Series(["a"] * 50), pl.Series(["b"] * 50))
    assert result.effect == 1.0
    assert result.p < 1e-9


def test_gaps_differ_by_the_difference_of_their_shares():
    result = compare_missing((20, 2000), (100, 2000))
    assert result.effect == pytest.approx(0.04)
    assert result.p < 1e-10
    assert result.statistic > 0


def test_few_gaps_are_tested_exactly():
    assert compare_missing((0, 100), (1, 100)).p == pytest.approx(1.0)


@pytest.mark.parametrize("counts", [((0, 9), (0, 5)), ((9, 9), (5, 5))])
def test_no_gaps_or_nothing_but_gaps_is_no_test(counts):
    assert compare_missing(*counts).test == "none"
