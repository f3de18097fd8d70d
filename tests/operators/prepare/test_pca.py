"""Principal components: scikit-learn's, on columns as they are."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from operators import Pca
from operators.contract.conversion import as_engine
from operators.contract.errors import ColumnTypeError, EmptyTableError, MissingColumnError, ParameterError
from operators.contract.tables import collected, lazy

RANDOM = np.random.default_rng(2)
MIXED = RANDOM.normal(size=(200, 3)) @ RANDOM.normal(size=(3, 5)) * [1, 10, 100, 1, 1] + [5, 0, 900, 0, -3]
ROWS = pl.DataFrame(MIXED, schema=list("abcde")).with_columns(name=pl.lit("x"))


def components(rows=ROWS, train=ROWS, engine="polars", **parameters):
    operator = Pca(**parameters)
    return collected(operator.apply(operator.fit(lazy(train)), as_engine(rows, engine)))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("scale", [True, False])
def test_components_are_those_of_scikit_learn(scale, engine):
    theirs = make_pipeline(*([StandardScaler()] if scale else []), PCA(3, svd_solver="full"))
    found = components(components=3, scale=scale, engine=engine)
    assert found.columns == ["name", "pc_1", "pc_2", "pc_3"]
    np.testing.assert_allclose(found.drop("name").to_numpy(), theirs.fit_transform(MIXED), atol=1e-9)
    explained = Pca(components=3, scale=scale).fit(lazy(ROWS))["explained"]
    np.testing.assert_allclose(explained, theirs[-1].explained_variance_ratio_)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 1.0])
def test_as_many_components_as_explain_the_share(share):
    explained = Pca(share=share).fit(lazy(ROWS))["explained"]
    assert sum(explained) >= share - 1e-9
    assert sum(explained[:-1]) < share


def test_there_are_no_more_components_than_directions():
    assert components(components=5).columns == ["name", "pc_1", "pc_2", "pc_3"]
    assert components(share=1.0).width == 4


@given(
    st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=3, max_size=20, unique=True), st.booleans()
)
def test_distances_between_rows_stay(rows, scale):
    table = pl.DataFrame(rows, schema=["a", "b"], orient="row")
    spread = table.to_numpy().std(axis=0)
    plain = table.to_numpy() / (np.where(spread > 0, spread, 1) if scale else 1)
    found = components(table, table, share=1.0, scale=scale).to_numpy()
    distances = [np.linalg.norm(points - points[0], axis=1) for points in (found, plain)]
    np.testing.assert_allclose(*distances, atol=1e-6)


def test_a_row_by_itself_has_the_same_bits_as_among_many():
    train = pl.DataFrame(RANDOM.normal(size=(500, 9)).round(1))
    operator = Pca(share=1.0)
    values = operator.fit(lazy(train))
    many = collected(operator.apply(values, lazy(train)))
    for row in range(0, 500, 25):
        assert collected(operator.apply(values, lazy(train[row]))).rows() == [many.row(row)]


def test_a_gap_counts_as_the_mean():
    gap = pl.DataFrame({name: [None, MIXED[:, place].mean(), float("nan")] for place, name in enumerate("abcde")})
    found = components(gap, components=2)
    np.testing.assert_allclose(found.to_numpy(), 0, atol=1e-9)


def test_columns_may_stay():
    assert components(components=1, keep=True).columns == [*"abcde", "name", "pc_1"]


def test_a_taken_name_is_refused():
    with pytest.raises(ParameterError, match="'pc_1'"):
        components(train=ROWS.with_columns(pc_1=pl.lit("taken")))


@pytest.mark.parametrize(
    ("parameters", "train", "error"),
    [
        ({"columns": ["z"]}, ROWS, MissingColumnError),
        ({"columns": ["name"]}, ROWS, ColumnTypeError),
        ({}, ROWS.head(1), EmptyTableError),
        ({}, ROWS.select("name"), EmptyTableError),
        ({}, pl.DataFrame({"a": [0.1] * 9, "b": [None] * 9}, schema={"a": pl.Float64, "b": pl.Int64}), ParameterError),
    ],
)
def test_what_has_no_components_is_refused(parameters, train, error):
    with pytest.raises(error):
        Pca(**parameters).fit(lazy(train))
