"""Which columns say something of the target, by each method."""

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError
from scipy import stats
from sklearn.feature_selection import f_classif, f_regression

from operators import SelectFeatures
from operators.contract.conversion import as_engine
from operators.contract.errors import EmptyTableError, MissingColumnError, ParameterError
from operators.contract.tables import collected, lazy
from operators.prepare.relevance import SURE

RANDOM = np.random.default_rng(5)
N = 400
USEFUL = RANDOM.normal(size=N)
ROWS = pl.DataFrame(
    {
        "noise": RANDOM.normal(size=N),
        "useful": USEFUL,
        "bent": np.abs(USEFUL),
        "group": np.where(USEFUL > 0.5, "high", np.where(USEFUL < -0.5, "low", "mid")),
        "letters": RANDOM.choice(list("abc"), N),
        "same": np.ones(N),
        "y": 3 * USEFUL + RANDOM.normal(size=N),
        "label": np.where(USEFUL + 0.3 * RANDOM.normal(size=N) > 0, "yes", "no"),
    }
)
NAMES = ("noise", "useful", "group", "letters", "same")


def scores(rows=ROWS, **parameters):
    return SelectFeatures(**{"columns": NAMES, **parameters}).fit(lazy(rows))["scores"]


def kept(rows=ROWS, engine="polars", **parameters):
    operator = SelectFeatures(**{"columns": NAMES, **parameters})
    return collected(operator.apply(operator.fit(as_engine(rows, engine)), as_engine(rows, engine))).columns


@pytest.mark.parametrize("target", ["y", "label"])
@pytest.mark.parametrize("method", ["mutual_information", "association", "importance"])
def test_what_says_something_of_the_target_comes_first(method, target):
    found = list(scores(method=method, target=target))
    assert set(found[:2]) == {"useful", "group"}
    assert scores(method=method, target=target)["same"] == 0


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_the_best_columns_stay_and_so_does_the_rest_of_the_table(engine):
    assert kept(target="label", keep=2, engine=engine) == ["useful", "bent", "group", "y", "label"]


def test_a_threshold_keeps_all_that_reach_it():
    assert kept(target="y", threshold=10) == ["useful", "bent", "group", "y", "label"]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_column_that_does_not_vary_goes(engine):
    assert "same" not in kept(method="variance", engine=engine)
    assert scores(method="variance")["noise"] == pytest.approx(ROWS["noise"].var(ddof=0))
    assert "group" not in scores(method="variance")


def test_a_number_is_tested_as_scikit_learn_does():
    for target, test in (("label", f_classif), ("y", f_regression)):
        p = test(ROWS[["noise"]].to_numpy(), ROWS[target].to_numpy())[1][0]
        assert scores(target=target)["noise"] == pytest.approx(-np.log10(p))


def test_a_text_is_tested_as_scipy_does():
    table = ROWS.pivot("label", index="letters", values="y", aggregate_function=pl.len()).drop("letters")
    p = stats.chi2_contingency(table.to_numpy(), correction=False).pvalue
    assert scores(target="label")["letters"] == pytest.approx(-np.log10(p))
    groups = [group["y"].to_numpy() for _, group in ROWS.group_by("letters")]
    assert scores(target="y")["letters"] == pytest.approx(-np.log10(stats.f_oneway(*groups).pvalue))


def test_beyond_the_smallest_float_the_order_stays():
    many = pl.concat([ROWS] * 60).with_columns(worse=pl.col("useful") + 0.5 * pl.col("noise"), copy=pl.col("y"))
    found = scores(many, target="y", columns=("useful", "worse", "copy"))
    assert found["copy"] == SURE > found["useful"] > found["worse"] > 310


def test_gaps_do_not_decide():
    holes = ROWS.with_columns(useful=pl.when(pl.int_range(N) % 3 > 0).then("useful"))
    assert next(iter(scores(holes, target="y"))) == "useful"


def test_what_is_not_a_straight_line_is_found_by_mutual_information():
    rows = ROWS.with_columns(y=pl.col("useful") ** 2)
    found = scores(rows, method="mutual_information", target="y", columns=("noise", "useful"))
    assert found["useful"] > 0.5 > found["noise"]


def test_a_service_need_not_send_what_is_dropped():
    operator = SelectFeatures(target="label", keep=1, columns=NAMES)
    rows = ROWS.select("useful")
    assert collected(operator.apply(operator.fit(lazy(ROWS)), lazy(rows))).equals(rows)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [({"method": "importance"}, "needs a target"), ({"target": "y", "keep": 1, "threshold": 1}, "not by both")],
)
def test_parameters_do_not_contradict_each_other(parameters, words):
    with pytest.raises(ValidationError, match=words):
        SelectFeatures(**parameters)


@pytest.mark.parametrize(
    ("parameters", "rows", "error"),
    [
        ({"target": "yy"}, ROWS, MissingColumnError),
        ({"target": "noise"}, ROWS, ParameterError),
        ({"target": "y"}, ROWS.clear(), EmptyTableError),
        ({"target": "y", "threshold": 1e9}, ROWS.select(*NAMES, "y"), ParameterError),
    ],
)
def test_what_cannot_be_chosen_is_refused(parameters, rows, error):
    with pytest.raises(error) as caught:
        scores(rows, **parameters)
    assert caught.value.field in {"target", "columns", "threshold"}
