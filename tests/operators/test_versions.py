"""Several versions of an operator: found by number, and parameters of one that is gone carried forward."""

from typing import ClassVar

import pytest
from pydantic import Field

from operators.contract.card import Card
from operators.contract.errors import ParameterError
from operators.contract.table_operator import TableOperator
from operators.contract.tables import LazyTable
from operators.registry import BUILTIN, Registry, UnknownOperatorError


class HeadOld(TableOperator):
    """Keep the first rows."""

    card: ClassVar[Card] = Card(title={"en": "Head", "zh": "前几行"}, category="transform", name="head", version=2)
    count: int = Field(5, ge=1, description="Rows")

    def transform(self, table: LazyTable) -> LazyTable:
        return table.head(self.count)


class Head(HeadOld):
    """Keep the first rows; version 1 called them `n`, version 2 `count`."""

    card: ClassVar[Card] = Card(title={"en": "Head", "zh": "前几行"}, category="transform", name="head", version=3)
    count: ClassVar[int] = 0
    rows: int = Field(5, ge=1, description="Rows")

    @classmethod
    def upgrade(cls, version, parameters):
        called = {1: "n", 2: "count"}[version]
        return {("rows" if name == called else name): value for name, value in parameters.items()}


@pytest.fixture
def registry():
    return Registry(()).with_plugins(Head, HeadOld)


def test_versions_that_are_here_are_found_by_number(registry):
    assert registry.versions("head") == (2, 3)
    assert registry.find("head") is registry.find("head", 3) is Head
    assert registry.find("head", 2) is HeadOld
    with pytest.raises(UnknownOperatorError, match="no version 4"):
        registry.find("head", 4)


def test_a_version_that_is_kept_is_built_with_its_own_parameters(registry):
    assert registry.build("head", {"count": 2}, 2) == HeadOld(count=2)


def test_parameters_of_a_version_that_is_gone_are_carried_forward(registry):
    assert registry.build("head", {"n": 2}, 1) == Head(rows=2)


@pytest.mark.parametrize("parameters", [{"n": 2}, {"count": 2}, {"rows": 2}])
def test_a_pipeline_that_names_no_version_is_carried_forward(registry, parameters):
    assert registry.build("head", parameters) == Head(rows=2)


def test_faults_are_those_of_the_present_version(registry):
    with pytest.raises(ParameterError, match=r"rows: .*greater than or equal to 1"):
        registry.build("head", {"rows": 0})
    with pytest.raises(ParameterError, match="size: is not a parameter here"):
        registry.build("head", {"size": 2})


def test_what_a_workspace_brings_stands_beside_what_is_built_in(registry):
    more = BUILTIN.with_plugins(Head)
    assert set(more.operators) == {*BUILTIN.operators, "head"}
    assert "head" not in BUILTIN.operators
