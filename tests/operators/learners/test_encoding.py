"""The matrix that rows become."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from operators.contract.learner import Encoding
from operators.learners.encoding import PRIOR_ROWS, fit_encoder

CODES = Encoding(categories="codes", max_categories=3)
ONE_HOT = Encoding(categories="one_hot", scaled=True, max_categories=3)
floats = some.none() | some.floats(width=64)
texts = some.none() | some.text(max_size=3)


def outcomes(count):
    return (np.arange(count) % 2).astype(float)[:, None]


def fitted(values, encoding, dtype=None):
    frame = pl.DataFrame({"c": pl.Series(values, dtype=dtype)})
    encoder, matrix = fit_encoder(frame, outcomes(len(values)), encoding, seed=0)
    return encoder, matrix, frame


def test_categories_are_numbered_in_order_and_the_unknown_is_missing():
    encoder, matrix, _ = fitted(["b", "a", None, "b"], CODES)
    np.testing.assert_array_equal(matrix[:, 0], [1, 0, np.nan, 1])
    assert encoder.categorical == (0,)
    assert np.isnan(encoder.encode(pl.DataFrame({"c": ["never"]})))


def test_each_category_has_a_column_and_gaps_have_theirs():
    encoder, matrix, _ = fitted(["b", "a", None, "b"], ONE_HOT)
    np.testing.assert_array_equal(matrix, [[0, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0]])
    np.testing.assert_array_equal(encoder.encode(pl.DataFrame({"c": ["never"]})), [[0, 0, 0]])


def test_scaled_numbers_have_mean_0_and_variance_1_with_gaps_at_the_median():
    _, matrix, _ = fitted([1.0, 2.0, None, 9.0, float("inf")], ONE_HOT)
    np.testing.assert_allclose([matrix[:, 0].mean(), matrix[:, 0].std()], [0, 1], atol=1e-12)
    assert matrix[2, 0] == matrix[1, 0] == matrix[4, 0]
    np.testing.assert_array_equal(matrix[:, 1], [0, 0, 1, 0, 1])


def test_a_column_without_values_becomes_nothing():
    assert fitted([None, None], CODES, pl.Float64)[1].shape == (2, 0)
    assert fitted([None, None], CODES, pl.String)[1].shape == (2, 0)
    assert fitted(["a", "b", "c", "d"], CODES)[1].shape == (4, 0)


def test_many_values_become_the_smoothed_mean_of_the_target():
    values = [f"v{i // 8}" for i in range(80)]
    encoder, _, frame = fitted(values, CODES)
    y = outcomes(80)[:, 0]
    wanted = [(y[i // 8 * 8 :][:8].sum() + PRIOR_ROWS * y.mean()) / (8 + PRIOR_ROWS) for i in range(80)]
    np.testing.assert_allclose(encoder.encode(frame)[:, 0], wanted)
    assert encoder.encode(pl.DataFrame({"c": ["never"]})).item() == pytest.approx(y.mean())


def test_no_training_row_sees_its_own_target():
    values = [f"v{i % 10}" for i in range(60)]
    frame = pl.DataFrame({"c": values})
    target = np.random.default_rng(1).normal(size=(60, 1))
    _, before = fit_encoder(frame, target, CODES, seed=0)
    for row in range(60):
        changed = target.copy()
        changed[row] += 100
        _, after = fit_encoder(frame, changed, CODES, seed=0)
        assert after[row, 0] == pytest.approx(before[row, 0], abs=1e-9)


@settings(deadline=None)
@given(some.lists(floats | some.integers(-5, 5).map(float), min_size=1, max_size=30), some.lists(floats, max_size=5))
def test_numbers_are_finite_or_missing_whatever_comes(values, others):
    for encoding in (CODES, ONE_HOT):
        encoder, matrix, _ = fitted(values, encoding, pl.Float64)
        again = encoder.encode(pl.DataFrame({"c": pl.Series(others, dtype=pl.Float64)}))
        assert again.shape == (len(others), matrix.shape[1])
        for part in (matrix, again):
            assert not np.isinf(part).any()
            assert not encoding.scaled or np.isfinite(part).all()


@settings(deadline=None)
@given(some.lists(texts, min_size=1, max_size=30))
def test_rows_are_encoded_alike_alone_and_together(values):
    for encoding in (CODES, ONE_HOT):
        encoder, matrix, frame = fitted(values, encoding, pl.String)
        together = encoder.encode(frame)
        alone = np.concatenate([encoder.encode(frame[i : i + 1]) for i in range(len(values))])
        np.testing.assert_array_equal(together, alone)
        assert matrix.shape == together.shape


def test_a_number_far_outside_training_is_held_within_bounds():
    encoder, _, _ = fitted([1.0, 1.1, 0.9], ONE_HOT)
    assert encoder.encode(pl.DataFrame({"c": [1e30, -1e30]})).tolist() == [[1e6], [-1e6]]
