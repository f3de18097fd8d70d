"""Samples: the size asked for, rows in order, the same draw on every engine."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from operators import SampleRows
from operators.contract.conversion import as_engine
from operators.contract.errors import MissingColumnError
from operators.contract.tables import collected


def table_of(rows):
    return pl.DataFrame({"row": range(rows), "key": [None if n % 7 == 0 else n % 3 for n in range(rows)]})


def sample(table, engine="polars", **parameters):
    return collected(SampleRows(**parameters).run(as_engine(table, engine)))


@given(
    rows=st.integers(0, 60),
    size=st.floats(0.001, 1).map(lambda share: {"share": share}) | st.integers(1, 80).map(lambda n: {"count": n}),
    stratify=st.sampled_from([None, "key"]),
    seed=st.integers(0, 2**63 - 1),
)
def test_a_sample_has_its_size_and_its_rows_in_order(rows, size, stratify, seed):
    table = table_of(rows)
    found = sample(table, **size, stratify=stratify, seed=seed)
    wanted = size.get("count") or int(rows * size["share"] + 0.5)
    assert found.height == min(max(wanted, 1), rows)
    assert found["row"].is_sorted()
    assert found["row"].is_unique().all()


@given(rows=st.integers(1, 80), share=st.floats(0.01, 1), seed=st.integers(0, 1000))
def test_every_stratum_keeps_its_share_up_to_one_row(rows, share, seed):
    table = table_of(rows)
    found = sample(table, share=share, stratify="key", seed=seed)
    kept = dict(found["key"].value_counts().rows())
    for key, size in table["key"].value_counts().rows():
        assert abs(kept.get(key, 0) - size * found.height / rows) < 1


@pytest.mark.parametrize("parameters", [{"share": 0.3}, {"count": 12}, {"share": 0.4, "stratify": "key"}])
def test_duckdb_draws_the_rows_that_polars_draws(parameters):
    table = table_of(101)
    assert sample(table, seed=5, **parameters).equals(sample(table, "duckdb", seed=5, **parameters))


def test_another_seed_gives_another_sample_and_the_same_seed_the_same():
    table = table_of(100)
    assert sample(table, seed=1).equals(sample(table, seed=1))
    assert not sample(table, seed=1).equals(sample(table, seed=2))


def test_a_size_is_a_share_or_a_number():
    with pytest.raises(ValidationError, match="not both"):
        SampleRows(share=0.5, count=3)


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(MissingColumnError, match="No column 'keyy'") as caught:
        sample(table_of(3), stratify="keyy")
    assert caught.value.field == "stratify"
