"""Rows that came twice are told from rows that repeat by chance, however many there are."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.monitoring.repeats import _expected_share, repeated_rows


def rows(random, count):
    return pl.DataFrame(
        {
            "plan": random.choice(["a", "b", "c"], count),
            "region": random.choice(list("abcdefghij"), count),
            "age": random.integers(18, 90, count),
            "calls": random.integers(0, 30, count),
        }
    )


@pytest.mark.parametrize("count", [500, 2000, 10_000, 50_000, 200_000])
def test_more_rows_than_the_reference_repeat_by_chance(count):
    random = np.random.default_rng(count)
    assert repeated_rows(rows(random, 2000), rows(random, count), ["plan", "region", "age", "calls"]) is None


@pytest.mark.parametrize("count", [500, 2000, 20_000])
def test_a_batch_that_came_twice_is_named_however_long(count):
    random = np.random.default_rng(count)
    reference, batch = (pl.DataFrame({"x": random.normal(size=size)}) for size in (2000, count))
    finding = repeated_rows(reference, pl.concat([batch, batch]), ["x"])
    assert finding is not None
    assert finding.told.values["share"] >= 0.2


def test_one_row_again_and_again_is_named():
    random = np.random.default_rng(1)
    again = pl.concat([rows(random, 3)] * 4000)
    assert repeated_rows(rows(random, 1000), again, ["plan", "region", "age", "calls"]) is not None


@given(st.lists(st.integers(0, 6), min_size=2, max_size=25), st.integers(0, 2**32 - 1), st.data())
def test_the_expectation_is_the_mean_over_draws(values, seed, data):
    count = data.draw(st.integers(1, len(values)))
    random, table = np.random.default_rng(seed), np.array(values)
    drawn = [1 - len(set(random.choice(table, count, replace=False))) / count for _ in range(400)]
    expected = _expected_share(np.unique(table, return_counts=True)[1], count)
    assert expected == pytest.approx(np.mean(drawn), abs=0.12)
