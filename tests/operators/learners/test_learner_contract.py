"""Every learner on every awkward table: a model whose answers hold, or one clear sentence."""

import datetime as dt
from itertools import product

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from operators.contract.errors import OperatorError
from operators.contract.values.codec import decoded, encoded
from operators.learners.fitting import fit_model
from operators.registry import BUILTIN

ROWS = 60
random = np.random.default_rng(5)
NUMBERS = random.normal(size=ROWS)
WORDS = ["red", "green", "blue"]
DAY = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def table(**more):
    """Sixty rows with a number that tells most of the target, and what else a test asks for."""
    columns = {"x": NUMBERS, "label": NUMBERS > 0, "value": 2 * NUMBERS + 1}
    return pl.DataFrame(columns | more, strict=False)


def gaps(values):
    """Every third value gone."""
    return [None if i % 3 == 0 else value for i, value in enumerate(values)]


TABLES = {
    "nulls everywhere": table(x=gaps(NUMBERS), word=gaps(WORDS * 20), day=gaps([DAY] * ROWS), flag=gaps([True] * ROWS)),
    "text": table(word=WORDS * 20, empty=[""] * ROWS, odd=["a\x00b", "'\"\\", "🦩"] * 20),
    "text with many values": table(zip=[f"zip {i % 25}" for i in range(ROWS)], id=[f"id {i}" for i in range(ROWS)]),
    "unicode names": table(**{"名前 [1]": WORDS * 20, 'a,"b":{c}': NUMBERS, " ": NUMBERS, "é\u0301": WORDS * 20}),
    "constant": table(one=[1] * ROWS, same=["same"] * ROWS, zero=[0.0] * ROWS),
    "duplicate rows": pl.concat([table(word=WORDS * 20).head(4)] * 10),
    "all null": table(nothing=[None] * ROWS, none=pl.Series([None] * ROWS, dtype=pl.String)),
    "dates": table(
        date=[dt.date(2024, 1, 1) + dt.timedelta(i) for i in range(ROWS)],
        time=[dt.time(i % 24, i) for i in range(ROWS)],
        moment=pl.Series([DAY + dt.timedelta(hours=i) for i in range(ROWS)], dtype=pl.Datetime("ns", "Asia/Tokyo")),
        span=pl.Series([dt.timedelta(seconds=i) for i in range(ROWS)], dtype=pl.Duration("ms")),
    ),
    "booleans": table(flag=[True, False, None] * 20),
    "categorical and decimal": table(
        kind=pl.Series(WORDS * 20, dtype=pl.Categorical), price=pl.Series([1, 2, 3] * 20, dtype=pl.Decimal(10, 2))
    ),
    "nested and binary": table(many=[[1, 2]] * ROWS, raw=[b"\x00"] * ROWS, pair=[{"a": 1}] * ROWS),
    "beyond all numbers": table(
        big=[1e300, -1e300, 1.0] * 20, endless=[float("inf"), float("-inf"), float("nan")] * 20, tiny=[5e-324] * ROWS
    ),
    "small integers": table(
        small=pl.Series([1, 2, 250] * 20, dtype=pl.UInt8), label=pl.Series([3, 9] * 30, dtype=pl.Int8)
    ),
    "integer labels": table(label=[7, -2, 7, 100] * 15),
    "text labels": table(label=["non", "oui", "peut-être"] * 20),
    "float labels": table(label=[0.0, 1.0, None] * 20),
    "many classes": table(label=[f"c{i % 40}" for i in range(ROWS)], word=[f"w{i % 55}" for i in range(ROWS)]),
    "targets missing": table(label=gaps(NUMBERS > 0), value=gaps(NUMBERS)),
    "a lone row of a class": table(label=["rare"] + ["common"] * (ROWS - 1)),
    "constant target": table(value=[4.0] * ROWS),
    "one row": table().head(1),
    "two rows": table().filter(pl.int_range(pl.len()).is_in([0, 3])),
    "no rows": table().head(0),
    "target alone": table().drop("x"),
}
REFUSED = {"one row", "two rows", "no rows", "target alone"}
CASES = list(product(BUILTIN.learners, ["classification", "regression"], TABLES))


@pytest.mark.parametrize(("name", "task", "case"), CASES, ids=lambda part: str(part).replace(" ", "_"))
def test_a_learner_gives_a_model_or_a_sentence(name, task, case):
    rows = TABLES[case]
    target, other = ("label", "value") if task == "classification" else ("value", "label")
    rows = rows.drop(other)
    algorithm = (
        BUILTIN.learners[name](n_estimators=8) if "n_estimators" in BUILTIN.learners[name].model_fields else name
    )
    train = refused if case in REFUSED else fit_model
    model = train(rows, target, task, algorithm, seed=3)
    if model is None:
        return
    answers = model.predict_rows(rows)
    holds_what_answers_promise(answers, rows, target, model)
    one_by_one = pl.concat([model.predict_rows(rows[i : i + 1]) for i in range(min(rows.height, 12))])
    assert_frame_equal(one_by_one, answers.head(12), rel_tol=1e-12, abs_tol=1e-12)
    assert decoded(encoded(model), None).predict_rows(rows).equals(answers)
    assert model.predict_rows(rows.clear()).schema == answers.schema


def refused(*arguments, **more):
    """A model of so few rows, or None after one clear sentence."""
    try:
        return fit_model(*arguments, **more)
    except OperatorError as error:
        caught = error
    assert str(caught).endswith(".")
    assert caught.hint
    assert caught.field in {"target", "features", "algorithm"}
    return None


def holds_what_answers_promise(answers, rows, target, model):
    assert answers.height == rows.height
    assert answers.null_count().sum_horizontal().item() == 0
    if model.task == "regression":
        assert answers.schema == {"prediction": pl.Float64}
        assert answers["prediction"].is_finite().all()
        return
    labels = rows[target].drop_nulls().unique()
    assert answers.schema["prediction"] == labels.dtype
    assert set(answers["prediction"]) <= set(labels)
    assert set(model.classes) == set(labels)
    assert answers.columns[1:] == [f"probability_{label}" for label in model.classes]
    shares = answers.drop("prediction").to_numpy()
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-9)


@pytest.mark.parametrize("name", BUILTIN.learners)
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_the_same_seed_gives_the_same_model(name, task):
    rows = TABLES["text with many values"].with_columns(pl.Series("word", gaps(WORDS * 20)))
    target = "label" if task == "classification" else "value"
    first, again = (fit_model(rows, target, task, name, seed=11).predict_rows(rows) for _ in range(2))
    assert first.equals(again)


@pytest.mark.parametrize("name", BUILTIN.learners)
def test_what_was_not_seen_in_training_is_answered(name):
    rows = TABLES["nulls everywhere"].drop("value")
    model = fit_model(rows, "label", "classification", name)
    strange = pl.DataFrame({"x": [1e308, None], "word": ["never", None], "day": [None, DAY], "flag": [False, None]})
    assert model.predict_rows(strange)["prediction"].is_not_null().all()
