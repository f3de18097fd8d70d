"""Every operator keeps every promise of the contract."""

import pytest

from operators.registry import BUILTIN
from operators.testing.checks import CHECKS, check_spark_agrees

EXAMPLES = [
    pytest.param(example, id=f"{name}-{number}")
    for name, kind in BUILTIN.operators.items()
    for number, example in enumerate(kind.examples())
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("example", EXAMPLES)
def test_operator_keeps_the_contract(example, check):
    check(example)


@pytest.mark.parametrize("kind", BUILTIN.operators.values(), ids=BUILTIN.operators)
def test_every_operator_has_examples(kind):
    assert kind.examples()


@pytest.mark.spark
@pytest.mark.parametrize("example", EXAMPLES)
def test_spark_gives_what_polars_gives(spark, example):
    check_spark_agrees(example)
