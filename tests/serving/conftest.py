"""A small churn model by hand: a source, the steps to the learner, and the learner."""

import importlib
import warnings

import polars as pl
import pytest
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from engine.serving.gateway import Served
from engine.serving.signature import signature_of
from engine.serving.slice import Slice
from operators.model import Model, features_frame
from operators.path import Step
from operators.prepare.fill_missing import FillMissing
from operators.tables import Column, collected, lazy
from operators.transform.formula_column import FormulaColumn
from operators.transform.select_columns import SelectColumns

with warnings.catch_warnings():  # it would rather have another HTTP library; once imported it is silent
    warnings.simplefilter("ignore")
    importlib.import_module("starlette.testclient")


@pytest.fixture(scope="session")
def customers() -> pl.DataFrame:
    """Forty-one customers with an id, a gap in age, a date and a label that depends on the plan."""
    return pl.DataFrame(
        {
            "id": range(1000, 1041),
            "age": [None if i % 10 == 3 else 20 + i for i in range(41)],
            "plan": ["pro" if i % 3 else "free" for i in range(41)],
            "monthly": [5.0 + i / 4 for i in range(41)],
            "since": pl.date_range(pl.date(2024, 1, 1), pl.date(2024, 2, 10), eager=True),
            "churned": ["yes" if i % 3 == 0 else "no" for i in range(41)],
        }
    )


@pytest.fixture(scope="session")
def path(customers) -> tuple[Step, ...]:
    """Drop the id, fill the age with what was learnt, compute a yearly price."""
    fill = FillMissing(columns=("age",), statistic="median")
    return (
        Step("drop", SelectColumns(columns=("id",), mode="drop")),
        Step("fill", fill, fill.fit(lazy(customers))),
        Step("yearly", FormulaColumn(name="yearly", expression="monthly * 12")),
    )


def trained(path, table, target="churned", features=("age", "plan", "yearly")) -> Model:
    """Return a logistic regression of the rows of `table` after `path`."""
    rows = lazy(table)
    for step in path:
        rows = step.apply(rows)
    prepared = collected(rows)
    columns = tuple(Column(n, "string" if prepared[n].dtype == pl.String else "float64") for n in features)
    frame = features_frame(prepared, columns)
    words = [column.name for column in columns if column.type == "string"]
    encode = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), words), remainder=SimpleImputer(), sparse_threshold=0
    )
    learner = make_pipeline(encode, LogisticRegression(max_iter=5000)).fit(frame, prepared[target].to_list())
    return Model("classification", target, columns, "linear", learner, tuple(learner.classes_))


@pytest.fixture(scope="session")
def churn(customers, path) -> Slice:
    """The slice of the churn model."""
    return Slice.build(customers.schema, path, trained(path, customers))


@pytest.fixture(scope="session")
def served(churn, customers) -> Served:
    """The churn model behind a service."""
    return Served("churn", "churn", "1", churn, signature_of(churn, customers))


ROW = {"age": 41, "plan": "pro", "monthly": 9.5}


@pytest.fixture
def row() -> dict:
    """One row that can be answered."""
    return dict(ROW)
