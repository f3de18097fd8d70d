"""On known tables our learners score as plain scikit-learn does."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from threadpoolctl import threadpool_limits

from operators.contract.tables import lazy
from operators.evaluate.score_classifier import ScoreClassifier
from operators.evaluate.score_regressor import ScoreRegressor
from operators.learners.fitting import fit_model

TABLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "tables"
CASES = [
    ("titanic", "survived", "classification", ["alive"]),
    ("penguins", "sex", "classification", []),
    ("mpg", "mpg", "regression", ["name"]),
    ("taxis", "fare", "regression", ["total", "tip", "pickup_zone", "dropoff_zone"]),
]
SPLITS = 3
NOISE = 0.02  # of the area under the curve, or of r2, as the mean over the splits


def plain(algorithm, task, numbers, texts):
    """Return what one would write with scikit-learn alone."""
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import (
        HistGradientBoostingClassifier,
        HistGradientBoostingRegressor,
        RandomForestClassifier,
        RandomForestRegressor,
    )
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    kinds = {
        "linear": (LogisticRegression(max_iter=1000), Ridge()),
        "random_forest": (RandomForestClassifier(random_state=0), RandomForestRegressor(random_state=0)),
        "hist_gradient_boosting": (
            HistGradientBoostingClassifier(random_state=0),
            HistGradientBoostingRegressor(random_state=0),
        ),
    }
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    columns = make_column_transformer(
        (scaled, numbers), (OneHotEncoder(handle_unknown="ignore", sparse_output=False), texts)
    )
    return make_pipeline(columns, kinds[algorithm][task == "regression"])


def plain_score(algorithm, task, target, train, test):
    from sklearn.metrics import r2_score, roc_auc_score

    features = train.drop(target)
    texts = [name for name, dtype in features.schema.items() if dtype == pl.String]
    numbers = [name for name in features.columns if name not in texts]
    parts = [
        part.select(
            *(
                pl.col(name).cast(pl.Datetime).to_physical() if part[name].dtype.is_temporal() else name
                for name in numbers
            ),
            *(pl.col(name).fill_null("none") for name in texts),
        )
        .with_columns(pl.col(numbers).cast(pl.Float64))
        .to_pandas()
        for part in (train, test)
    ]
    with threadpool_limits(1):  # as ours; beside other tests, threads that wait for each other take ten times as long
        fitted = plain(algorithm, task, numbers, texts).fit(parts[0], train[target].to_numpy())
    if task == "regression":
        return r2_score(test[target], fitted.predict(parts[1]))
    return roc_auc_score(test[target], fitted.predict_proba(parts[1])[:, 1])


def our_score(algorithm, task, target, train, test):
    model = fit_model(train, target, task, algorithm, seed=0)
    if task == "regression":
        return ScoreRegressor().run(model, lazy(test))["r2"]
    return ScoreClassifier().run(model, lazy(test))["roc_auc"]


@pytest.mark.parametrize("algorithm", ["linear", "random_forest", "hist_gradient_boosting"])
@pytest.mark.parametrize(("name", "target", "task", "leaks"), CASES, ids=[case[0] for case in CASES])
def test_scores_are_those_of_plain_scikit_learn(name, target, task, leaks, algorithm):
    path = TABLES / f"{name}.csv"
    if not path.is_file():
        pytest.skip(f"The table {name} is not beside the repository (../shared/data/tables).")
    rows = pl.read_csv(path, try_parse_dates=True).drop(leaks).drop_nulls(target)[:2000]
    ours, theirs = [], []
    for split in range(SPLITS):
        training = pl.Series(np.random.default_rng(split).random(rows.height) < 0.75)
        parts = (rows.filter(training), rows.filter(~training))
        ours.append(our_score(algorithm, task, target, *parts))
        theirs.append(plain_score(algorithm, task, target, *parts))
    assert np.mean(ours) == pytest.approx(np.mean(theirs), abs=NOISE)
