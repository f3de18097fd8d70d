"""Means of the target by category: as scikit-learn has them, out of fold on the training rows."""

import numpy as np
import polars as pl
import polars.selectors as cs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sklearn.preprocessing import TargetEncoder

from operators import TargetEncode
from operators.contract.conversion import as_engine
from operators.contract.errors import EmptyTableError, LearnerError, MissingColumnError, ParameterError
from operators.contract.tables import collected, lazy, schema_of
from operators.testing.local import LocalContext

RANDOM = np.random.default_rng(3)
CITIES = RANDOM.choice(["Rome", "Oslo", "Bonn", "Lima"], 300, p=[0.5, 0.3, 0.15, 0.05])
ROWS = pl.DataFrame(
    {
        "city": CITIES,
        "rent": RANDOM.normal(700, 90, 300) + 100 * (CITIES == "Rome"),
        "let": RANDOM.random(300) < np.where(CITIES == "Rome", 0.8, 0.3),
        "kind": RANDOM.choice(["flat", "house", "room"], 300),
    }
)
TARGETS = {"rent": "continuous", "let": "binary", "kind": "multiclass"}


def applied(operator, train=ROWS, other=None, engine="polars"):
    values = operator.fit(lazy(train))
    return collected(operator.apply(values, as_engine(train if other is None else other, engine)))


def fitted(operator, train=ROWS, engine="polars"):
    with LocalContext() as context:
        return collected(operator.invoke({"train": as_engine(train, engine)}, context)["table"])


def encoded(table):
    return table.select(cs.starts_with("city")).to_numpy()


@pytest.mark.parametrize("smoothing", [0.0, 10.0])
@pytest.mark.parametrize("target", TARGETS)
def test_other_rows_are_encoded_as_scikit_learn_does(target, smoothing):
    train = ROWS.select("city", target)
    theirs = TargetEncoder(smooth=smoothing, target_type=TARGETS[target]).fit(train[["city"]].to_numpy(), train[target])
    others = pl.DataFrame({"city": ["Oslo", "Lima", "never seen"]})
    ours = applied(TargetEncode(target=target, columns=["city"], smoothing=smoothing), train, others)
    np.testing.assert_allclose(encoded(ours), theirs.transform(others.to_numpy()))


@pytest.mark.parametrize("target", TARGETS)
def test_training_rows_are_encoded_by_the_other_folds_as_scikit_learn_does(target):
    train = ROWS.select("city", target)
    ours = encoded(fitted(TargetEncode(target=target, columns=["city"], folds=4, seed=7), train))
    folds = np.random.default_rng(7).permutation(300) % 4
    texts, truth = train[["city"]].to_numpy(), train[target].to_numpy()
    for fold in range(4):
        inside = folds == fold
        theirs = TargetEncoder(smooth=10.0, target_type=TARGETS[target]).fit(texts[~inside], truth[~inside])
        np.testing.assert_allclose(ours[inside], theirs.transform(texts[inside]))


def test_no_row_sees_its_own_target():
    noise = pl.DataFrame({"id": [f"id {n // 2}" for n in range(400)], "y": np.random.default_rng(0).normal(size=400)})
    operator = TargetEncode(target="y", smoothing=0)
    leaky, honest = applied(operator, noise), fitted(operator, noise)
    assert abs(pl.concat([leaky["id"].to_frame(), noise["y"].to_frame()], how="horizontal").corr()["y"][0]) > 0.5
    assert abs(pl.concat([honest["id"].to_frame(), noise["y"].to_frame()], how="horizontal").corr()["y"][0]) < 0.2


@given(
    rows=st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(-50, 50)), min_size=1, max_size=40),
    smoothing=st.floats(0, 100),
    folds=st.integers(2, 7),
)
def test_a_mean_lies_between_the_smallest_and_the_largest_target(rows, smoothing, folds):
    table = pl.DataFrame(rows, schema={"c": pl.String, "y": pl.Int64}, orient="row")
    operator = TargetEncode(target="y", smoothing=smoothing, folds=folds)
    low, high = table["y"].min() - 1e-9, table["y"].max() + 1e-9
    for found in (fitted(operator, table), applied(operator, table)):
        assert found["c"].is_between(low, high).all()
        assert found["y"].equals(table["y"])


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_null_is_a_category_and_what_is_not_known_has_the_overall_mean(engine):
    train = pl.DataFrame({"c": ["a", "a", None, None], "y": [1.0, 3.0, 10.0, 20.0]})
    other = pl.DataFrame({"c": ["a", None, "zed"]})
    operator = TargetEncode(target="y", smoothing=0)
    assert applied(operator, train, other, engine)["c"].to_list() == [2.0, 15.0, 8.5]


@pytest.mark.parametrize("target", TARGETS)
def test_duckdb_encodes_the_training_rows_as_polars_does(target):
    operator = TargetEncode(target=target, columns=["city"])
    assert_frame_equal(fitted(operator), fitted(operator, engine="duckdb"))


def test_rows_without_a_target_teach_nothing_and_stay():
    train = pl.DataFrame({"c": ["a", "a", "a", "b"], "y": [1.0, None, 3.0, 5.0]})
    found = fitted(TargetEncode(target="y", smoothing=0), train)
    assert found.height == 4
    assert found["c"][1] == 2.0


def test_several_labels_have_a_column_each_in_place():
    found = applied(TargetEncode(target="kind", columns=["city"]))
    assert found.columns[:3] == ["city_flat", "city_house", "city_room"]
    assert encoded(found).sum(axis=1) == pytest.approx(1)


def test_rare_categories_count_as_not_known():
    operator = TargetEncode(target="rent", columns=["city"], max_categories=1)
    found = applied(operator, other=pl.DataFrame({"city": ["Oslo", "never"]}))["city"].to_list()
    assert found == [pytest.approx(ROWS["rent"].mean())] * 2


def test_numbers_may_be_labels():
    table = pl.DataFrame({"c": ["a", "b"] * 4, "y": [1, 2, 3, 1] * 2})
    assert applied(TargetEncode(target="y", task="classification"), table).columns == ["c_1", "c_2", "c_3", "y"]


def test_the_schema_of_a_number_is_known_before_the_run():
    operator = TargetEncode(target="rent", columns=["city"])
    known = operator.infer({"train": schema_of(lazy(ROWS))}, {})["table"]
    assert known == schema_of(lazy(fitted(operator)))


@pytest.mark.parametrize(
    ("parameters", "train", "error"),
    [
        ({"target": "rentt"}, ROWS, MissingColumnError),
        ({"target": "city", "columns": ["city"]}, ROWS, ParameterError),
        ({"target": "rent"}, ROWS.clear(), EmptyTableError),
        ({"target": "let"}, ROWS.with_columns(let=True), LearnerError),
        ({"target": "kind"}, ROWS.with_columns(city_flat=1), ParameterError),
        ({"target": "kind"}, ROWS.with_columns(kind=pl.int_range(300).mod(40).cast(pl.String)), ParameterError),
    ],
)
def test_what_cannot_be_learnt_is_refused(parameters, train, error):
    with pytest.raises(error) as caught:
        TargetEncode(**parameters).fit(lazy(train))
    assert caught.value.field in {"target", "columns"}
