"""Values at the ends of what a type holds: a right value or a sentence, and a state that is JSON."""

import json

import polars as pl
import pytest

from operators.contract.conversion import as_engine
from operators.contract.errors import ColumnTypeError
from operators.contract.tables import collected, lazy, schema_of
from operators.prepare.clip_outliers import ClipOutliers
from operators.prepare.fill_missing import FillMissing
from operators.prepare.scale_numeric import ScaleNumeric

engines = pytest.mark.parametrize("engine", ["polars", "duckdb"])
HUGE = pl.DataFrame({"a": [1e308, -1e308, 1.5e308, 0.0]})


@engines
@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        (pl.Int8, 300, pl.Int64),
        (pl.UInt8, -1, pl.Int64),
        (pl.Int16, -40_000, pl.Int64),
        (pl.UInt32, 2**40, pl.Int64),
        (pl.Int8, 7, pl.Int8),
        (pl.UInt64, 7, pl.UInt64),
        (pl.Int8, 0.5, pl.Float64),
    ],
)
def test_a_constant_that_the_column_has_no_room_for_widens_it_as_promised(kind, value, wanted, engine):
    rows = pl.DataFrame({"a": pl.Series([1, None], dtype=kind)})
    operator = FillMissing(columns=("a",), statistic="constant", value=value)
    filled = collected(operator.apply(operator.fit(as_engine(rows, engine)), as_engine(rows, engine)))
    assert filled.schema == {"a": wanted}
    assert filled["a"].to_list() == [1, value]
    assert operator.infer({"train": schema_of(lazy(rows))}, {})["table"] == schema_of(lazy(filled))


@pytest.mark.parametrize(("kind", "value"), [(pl.Int64, 1e30), (pl.UInt64, -1), (pl.Int8, 1e19)])
def test_a_constant_that_no_whole_number_has_room_for_is_refused_before_the_run(kind, value):
    schema = schema_of(lazy(pl.DataFrame({"a": pl.Series([1, None], dtype=kind)})))
    with pytest.raises(ColumnTypeError, match=r"Column 'a' is u?int"):
        FillMissing(columns=("a",), statistic="constant", value=value).infer({"train": schema}, {})


def test_numbers_too_far_apart_to_be_scaled_are_refused_with_their_column():
    for method in ("standard", "min_max"):
        with pytest.raises(ColumnTypeError, match="Column 'a' holds numbers that lie too far apart"):
            ScaleNumeric(method=method).fit(lazy(HUGE))


@engines
def test_bounds_and_scales_at_the_end_of_floats_are_json(engine):
    rows = pl.DataFrame({"a": [1.7e308] * 5})
    values = ScaleNumeric().fit(as_engine(rows, engine))
    assert values == {"a": {"center": 1.7e308, "scale": 1.0}}
    bounds = ClipOutliers().fit(as_engine(HUGE, engine))
    assert json.dumps(bounds, allow_nan=False)
    assert collected(ClipOutliers().apply(bounds, lazy(HUGE))).equals(HUGE)
