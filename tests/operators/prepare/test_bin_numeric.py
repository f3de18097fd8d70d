"""Bins: where their edges lie, what falls into them, and what they are called."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sklearn.preprocessing import KBinsDiscretizer

from operators import BinNumeric
from operators.contract.conversion import as_engine
from operators.contract.errors import ColumnTypeError, ParameterError
from operators.contract.tables import collected, lazy
from operators.prepare.bin_numeric import ranges

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50)
METHODS = ["equal_width", "equal_frequency"]


def binned(train, other=None, engine="polars", **parameters):
    operator = BinNumeric(**parameters)
    values = operator.fit(lazy(pl.DataFrame({"x": train})))
    table = pl.DataFrame({"x": train if other is None else other})
    return collected(operator.apply(values, as_engine(table, engine)))


@pytest.mark.parametrize("method", METHODS)
@given(numbers=NUMBERS, bins=st.integers(2, 12))
def test_bins_are_in_the_order_of_the_numbers_and_none_is_empty_at_the_ends(method, numbers, bins):
    found = binned(numbers, method=method, bins=bins).with_columns(number=pl.Series(numbers)).sort("number")
    assert found["x"].is_sorted()
    assert found["x"].min() == 0
    assert found["x"].max() < bins


@given(numbers=NUMBERS, edges=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8, unique=True).map(sorted))
def test_given_edges_put_numbers_where_numpy_does(numbers, edges):
    assert binned(numbers, method="edges", edges=edges)["x"].to_list() == np.digitize(numbers, edges).tolist()


@given(numbers=st.lists(st.integers(-1000, 1000), min_size=20, max_size=60, unique=True), bins=st.integers(2, 5))
def test_bins_of_equal_frequency_hold_about_as_many_rows_each(numbers, bins):
    counts = binned(numbers, bins=bins)["x"].value_counts()["count"]
    assert counts.max() - counts.min() <= 1
    assert len(counts) == bins


@pytest.mark.parametrize(("method", "strategy"), [("equal_width", "uniform"), ("equal_frequency", "quantile")])
def test_bins_are_those_of_scikit_learn(method, strategy):
    numbers = np.random.default_rng(1).lognormal(size=501)
    theirs = KBinsDiscretizer(7, encode="ordinal", strategy=strategy, quantile_method="linear")
    expected = theirs.fit_transform(numbers[:, None])[:, 0]
    assert binned(numbers, method=method, bins=7)["x"].to_list() == expected.tolist()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("offset", [10**13, 10**15, -(10**15)])
def test_a_narrow_range_far_from_zero_is_divided_as_one_near_zero_is(method, offset):
    near, far = (binned([base + n for n in range(1000)], method=method, bins=5) for base in (0, offset))
    assert far["x"].to_list() == near["x"].to_list()


@settings(max_examples=40, deadline=None)
@given(numbers=st.lists(st.integers(-500, 500).map(lambda n: n / 100), min_size=2, max_size=60), bins=st.integers(2, 9))
def test_every_engine_finds_the_same_edges(numbers, bins):
    table = pl.DataFrame({"x": numbers})
    learnt = [BinNumeric(bins=bins).fit(as_engine(table, engine)) for engine in ("polars", "duckdb")]
    assert learnt[0] == learnt[1]


def test_equal_quantiles_make_one_bin_of_several():
    assert binned([0.0] * 90 + [1.0, 2.0], bins=10)["x"].n_unique() == 1
    assert binned([0, 0, 0, 0, 1, 2, 3, 4], bins=4)["x"].to_list() == [0, 0, 0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize(
    ("output", "bins"),
    [
        ("number", [0, 1, 1, 2, 2, None, None]),
        ("range", ["(-∞, 10)", "[10, 20)", "[10, 20)", "[20, ∞)", "[20, ∞)", None, None]),
    ],
)
def test_every_number_has_a_bin_and_a_gap_has_none(engine, output, bins):
    other = [-1e300, 10.0, 19.9, 20.0, float("inf"), float("nan"), None]
    found = binned([1.0], other, engine, method="edges", edges=(10, 20), output=output)
    assert found["x"].to_list() == bins


def test_numbers_may_stay_beside_their_bins():
    found = binned([1.0, 2.0], keep=True, bins=2)
    assert found.rows() == [(1.0, 0), (2.0, 1)]
    assert found.columns == ["x", "x_bin"]
    with pytest.raises(ParameterError, match="'x_bin' already"):
        BinNumeric(keep=True).fit(lazy(found))


@given(st.lists(st.floats(-1e12, 1e12), max_size=20, unique=True).map(sorted))
def test_ranges_are_told_apart(edges):
    assert len(set(ranges(edges))) == len(edges) + 1


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"method": "edges"}, "exactly when"),
        ({"edges": (1,)}, "exactly when"),
        ({"method": "edges", "edges": (2, 1)}, "edges ascend"),
        ({"method": "edges", "edges": (float("nan"),)}, "finite"),
    ],
)
def test_edges_ascend_and_are_given_where_they_are_needed(parameters, words):
    with pytest.raises(ValidationError, match=words):
        BinNumeric(**parameters)


def test_text_has_no_bins():
    with pytest.raises(ColumnTypeError, match="'x' is string"):
        binned(["a"], columns=["x"])
