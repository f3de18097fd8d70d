"""A small churn model by hand: a source, the steps to the learner, and the learner."""

import importlib
import random
import warnings
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from engine.config import Workspace
from engine.graph.binding import BoundPipeline
from engine.graph.pipeline import Pipeline
from engine.graph.topology import ordered
from engine.material import Material
from engine.serving.gateway import Served
from engine.serving.signature import signature_of
from engine.serving.slice import Slice
from engine.stores.outputs import OutputStore
from operators.contract.step import Step
from operators.contract.table_operator import TableOperator
from operators.contract.tables import collected, lazy
from operators.learners.fitting import fit_model
from operators.prepare.fill_missing import FillMissing
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


def trained(path, table, target="churned", features=("age", "plan", "yearly"), algorithm="linear"):
    """Return a model of the rows of `table` after `path`."""
    rows = lazy(table)
    for step in path:
        rows = step.apply(rows)
    return fit_model(collected(rows), target, "classification", algorithm, features=features)


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


class Quiet:
    """A context that reports to nobody."""

    seed = 0
    cancelled = False

    def report(self, step, metrics):
        """Forget it."""

    def checkpoint(self, state=None):
        """Keep nothing."""

    def map(self, function, items, *, share=1.0):
        """Do it here."""
        return map(function, items)


@pytest.fixture(scope="session")
def run_of():
    """Run a pipeline on tables by dataset name, and return the values of the run."""

    def run(workspace: Workspace, pipeline: Pipeline, **tables: pl.DataFrame) -> Material:
        bound = BoundPipeline.of(pipeline)
        store, outputs = OutputStore(workspace.outputs, workspace.key), {}
        for name in ordered(bound.pipeline):
            operator, run = bound.operators[name], Material(bound, store, outputs)
            if operator.card.name == "read_dataset":
                outputs[name] = {"table": store.put_table(lazy(tables[operator.dataset]))}
            elif not isinstance(operator, TableOperator):
                values = operator.invoke(run.inputs(name), Quiet())
                outputs[name] = {port.name: store.put(port.type, values[port.name]) for port in operator.output_ports()}
        return Material(bound, store, outputs)

    return run


@pytest.fixture(scope="session")
def many() -> pl.DataFrame:
    """Four hundred rows of every kind of column, with gaps, and two targets."""
    chance = random.Random(5)

    def gaps(values, share=0.1):
        return [None if chance.random() < share else value for value in values]

    numbers = [chance.gauss(50, 20) for _ in range(400)]
    plans = [chance.choice(["free", "pro", "team", "专业"]) for _ in range(400)]
    return pl.DataFrame(
        {
            "id": [f"c{i}" for i in range(400)],
            "amount": gaps(numbers),
            "visits": gaps([int(abs(number)) for number in numbers]),
            "plan": gaps(plans),
            "active": gaps([number > 45 for number in numbers]),
            "since": gaps([date(2024, 1, 1) + timedelta(days=i % 300) for i in range(400)]),
            "seen": gaps([datetime.fromisoformat("2025-01-01T10:00:00") + timedelta(hours=i) for i in range(400)]),
            "region": [chance.choice(["n", "s"]) for _ in range(400)],
            "left": ["yes" if n < 40 or p == "free" else "no" for n, p in zip(numbers, plans, strict=True)],
            "value": [number * 3 + chance.random() for number in numbers],
        }
    )
