"""What a port is for is declared: a division whose sides have other names is one all the same."""

from typing import Annotated, ClassVar, NamedTuple

import pytest

from engine.graph import wiring
from engine.graph.pipeline import Pipeline
from engine.graph.problems import check
from operators.contract.card import Card
from operators.contract.operator import Example, Operator, frame
from operators.contract.ports import As, HeldOut, TrainRows
from operators.contract.tables import Column, LazyTable
from operators.registry import BUILTIN
from operators.testing.checks import CheckFailedError, check_roles

SOURCES = {"dataset:people": (Column("age", "int64"), Column("left", "boolean"))}
LEAKS = """
name: leaks
nodes:
  read: {operator: read_dataset, with: {dataset: people}}
  fill: {operator: fill_missing, with: {columns: [age]}, from: {train: read}}
  divide: {operator: time_split, from: {table: fill}}
  fit: {operator: train_classifier, with: {target: left}, from: {train: divide.training}}
"""


class Divided(NamedTuple):
    training: TrainRows
    holdout: HeldOut


class TimeSplit(Operator):
    """Divide rows by a time."""

    card: ClassVar[Card] = Card(title={"en": "Divide by time", "zh": "按时间划分"}, category="sample", online="skip")

    def run(self, table: LazyTable) -> Divided:
        return Divided(table.head(3), table.tail(3))

    def infer(self, inputs, sources):
        return {"training": inputs["table"], "holdout": inputs["table"]}


class Unsaid(NamedTuple):
    training: LazyTable
    holdout: LazyTable


class UnsaidSplit(TimeSplit):
    card: ClassVar[Card] = Card(title={"en": "Unsaid", "zh": "未说明"}, category="sample", online="skip")

    def run(self, table: LazyTable) -> Unsaid:
        return Unsaid(table, table)


class TwoMainTables(TimeSplit):
    card: ClassVar[Card] = Card(title={"en": "Two", "zh": "两个"}, category="sample")

    def run(self, table: LazyTable, other: LazyTable) -> LazyTable:
        return table


@pytest.fixture
def known(monkeypatch):
    """The registry knows a division whose sides are called otherwise."""
    more = {**BUILTIN.operators, "time_split": TimeSplit}
    monkeypatch.setitem(BUILTIN.__dict__, "operators", more)


@pytest.mark.usefixtures("known")
def test_what_is_fitted_before_any_division_is_told():
    found = check(Pipeline.from_text(LEAKS), SOURCES).problems
    assert [(one.node, one.severity) for one in found] == [("fill", "warning")]
    assert "'fill' is fitted before 'divide' splits the rows" in found[0].sentence


@pytest.mark.usefixtures("known")
def test_a_score_is_offered_the_rows_that_are_held_out():
    wanted = wiring.suggested(Pipeline.from_text(LEAKS), "score_classifier", after="fit")
    assert wanted["from"] == {"model": "fit.model", "table": "divide.holdout"}


@pytest.mark.parametrize("kind", [UnsaidSplit, TwoMainTables])
def test_an_author_is_told_to_say_what_tables_are_for(kind):
    with pytest.raises(CheckFailedError, match=r"annotate|say which side"):
        check_roles(Example(kind(), {"table": frame(a=[1])}))


def test_a_role_may_stand_within_or_around_what_may_be_open():
    class Two(TwoMainTables):
        card: ClassVar[Card] = Card(title={"en": "Two", "zh": "两个"}, category="sample")

        def run(
            self,
            table: LazyTable,
            within: Annotated[LazyTable, As("beside")] | None = None,
            around: Annotated[LazyTable | None, As("beside")] = None,
        ) -> LazyTable:
            return table

    beside = ("beside", True)
    assert [(port.role, port.optional) for port in Two.input_ports()] == [("rows", False), beside, beside]
