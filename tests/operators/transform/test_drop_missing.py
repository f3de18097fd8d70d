"""Rows with gaps go; which, is for the parameters to say."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from operators import DropMissing
from operators.contract.conversion import as_engine
from operators.contract.errors import MissingColumnError
from operators.contract.tables import collected

NAN = float("nan")
ROWS = pl.DataFrame({"row": [0, 1, 2, 3], "a": ["x", None, "", None], "b": [1.0, 2.0, NAN, None]})


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize(
    ("parameters", "kept"),
    [({}, [0]), ({"columns": ["a"]}, [0, 2]), ({"columns": ["b"]}, [0, 1]), ({"when": "all"}, [0, 1, 2, 3])],
)
def test_rows_without_a_value_go(engine, parameters, kept):
    assert collected(DropMissing(**parameters).transform(as_engine(ROWS, engine)))["row"].to_list() == kept


@given(st.lists(st.tuples(st.none() | st.integers(0, 9), st.none() | st.floats(allow_infinity=True)), max_size=12))
def test_any_keeps_whole_rows_and_all_keeps_rows_with_something(rows):
    table = pl.DataFrame(rows, schema={"a": pl.Int64, "b": pl.Float64}, orient="row").with_row_index("row")
    gaps = [[value is None or math.isnan(value) for value in row] for row in rows]
    for when, missing in (("any", any), ("all", all)):
        found = collected(DropMissing(columns=("a", "b"), when=when).transform(as_engine(table, "polars")))
        assert found["row"].to_list() == [number for number, row in enumerate(gaps) if not missing(row)]


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(MissingColumnError, match="No column 'bb'"):
        DropMissing(columns=["bb"]).transform(as_engine(ROWS, "polars"))
