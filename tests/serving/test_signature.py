"""Signatures say what a request needs, and reading rows holds to it."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.serving.errors import RequestError
from engine.serving.rows import table_of
from engine.serving.signature import signature_of
from engine.serving.values import as_json, rows_to_json

TYPES = {
    "whole": pl.Int64(),
    "small": pl.UInt8(),
    "number": pl.Float64(),
    "exact": pl.Decimal(12, 3),
    "half": pl.Float32(),
    "flag": pl.Boolean(),
    "text": pl.String(),
    "kind": pl.Categorical(),
    "day": pl.Date(),
    "moment": pl.Datetime("us"),
    "zoned": pl.Datetime("us", "Asia/Shanghai"),
    "clock": pl.Time(),
    "span": pl.Duration("us"),
}
VALUES = {
    "whole": st.integers(-(2**63), 2**63 - 1),
    "small": st.integers(0, 255),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "exact": st.decimals(-(10**8), 10**8, places=3),
    "half": st.floats(allow_nan=False, allow_infinity=False, width=32),
    "flag": st.booleans(),
    "text": st.text(st.characters(codec="utf-8")),
    "kind": st.sampled_from(["a", "b", ""]),
    "day": st.dates(),
    "moment": st.datetimes(),
    "zoned": st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01")).map(
        lambda at: at.replace(tzinfo=UTC)
    ),
    "clock": st.times(),
    "span": st.integers(-(10**12), 10**12).map(lambda seconds: timedelta(seconds=seconds)),
}
ROWS = st.lists(st.fixed_dictionaries({name: st.none() | values for name, values in VALUES.items()}), min_size=1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def outcome(rows):
    """Return the table of some rows, or why they were refused."""
    try:
        return table_of(rows, TYPES)
    except RequestError as error:
        return error


@given(ROWS)
def test_every_value_survives_the_way_through_json(rows):
    table = pl.DataFrame(rows, schema=TYPES)
    assert table_of(rows_to_json(table), TYPES).equals(table)


@given(ROWS)
def test_rows_of_python_are_asked_as_they_are(rows):
    told = json.loads(json.dumps(as_json(rows), allow_nan=False))
    assert table_of(told, TYPES).equals(pl.DataFrame(rows, schema=TYPES))


def test_scalars_of_numpy_and_what_is_no_number_are_json():
    row = {"n": np.int64(5), "f": np.float32(0.5), "b": np.bool_(True), "t": np.datetime64("2026-01-31"), "x": np.nan}
    asked = {**row, "d": Decimal("NaN"), "i": Decimal(2**60), "l": (date(2026, 1, 31), {"a": Decimal("1.5")})}
    assert as_json([asked, 7]) == [
        {
            "n": 5,
            "f": 0.5,
            "b": True,
            "t": "2026-01-31",
            "x": None,
            "d": None,
            "i": 2**60,
            "l": ["2026-01-31", {"a": 1.5}],
        },
        7,
    ]


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(TYPES, JSON)), min_size=1, max_size=3))
def test_any_json_is_read_or_refused_with_row_and_field(rows):
    found = outcome(rows)
    if isinstance(found, RequestError):
        assert found.status == 422
        assert found.field in TYPES
        assert found.row in range(len(rows))
    else:
        assert found.schema == pl.Schema(TYPES)


@given(st.lists(JSON, max_size=3))
def test_any_list_is_read_or_refused(rows):
    with pytest.raises(RequestError):
        table_of(rows, TYPES)


@pytest.mark.parametrize(
    ("name", "given_value", "read"),
    [
        ("whole", 3.0, 3),
        ("number", 3, 3.0),
        ("day", "2026-01-31", date(2026, 1, 31)),
        ("moment", "2026-01-31T08:00:00+08:00", datetime.fromisoformat("2026-01-31")),
        ("moment", "2026-01-31", datetime.fromisoformat("2026-01-31")),
        ("clock", "13:45:00", time(13, 45)),
        ("moment", "2026-01-31t08:00:00.1234560z", datetime.fromisoformat("2026-01-31T08:00:00.123456")),
        ("moment", "2026-01-31 08:00:00,5+0030", datetime.fromisoformat("2026-01-31T07:30:00.5")),
        ("clock", "13:45", time(13, 45)),
        ("clock", "13:45:00.5", time(13, 45, 0, 500_000)),
        ("span", 1.5, timedelta(seconds=1.5)),
        ("span", 0.1 + 0.2, timedelta(seconds=0.3)),
        ("span", 1e9 + 0.000001, timedelta(seconds=10**9, microseconds=1)),
        ("span", 1_700_000_000.123456 - 1_700_000_000, timedelta(microseconds=123_456)),
        ("whole", 9007199254740993, 2**53 + 1),
        ("whole", 9007199254740991.0, 2**53 - 1),
        ("number", 1e300, 1e300),
        ("number", 2**60, 2.0**60),
    ],
)
def test_other_forms_of_a_value_are_understood(name, given_value, read):
    assert table_of([{name: given_value}], {name: TYPES[name]})[name].to_list() == [read]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("small", 256),
        ("whole", 10**30),
        ("number", 10**400),
        ("number", float("inf")),
        ("day", "31.01.2026"),
        ("day", 3),
        ("moment", "0001-01-01T00:00:00+08:00"),
        ("clock", "25:00"),
        ("clock", "13:45+02:00"),
        ("clock", "13:45:00Z"),
        ("clock", "134500"),
        ("clock", "T13:45"),
        ("clock", "13"),
        ("clock", "13:45:00.0000001"),
        ("day", "20240301"),
        ("day", "2024-W10-5"),
        ("day", "2024-061"),
        ("day", "2024-03-01T00:00:00"),
        ("day", "２０２４-03-01"),
        ("moment", "20240301T134500"),
        ("moment", "2024-W10-5T10:00"),
        ("moment", "2024-03-01x10:00"),
        ("moment", "2024-03-01T10:00:00.123456789Z"),
        ("moment", 1704067200),
        ("span", 1e-7),
        ("span", 12.345678912),
        ("span", "PT5S"),
        ("whole", 9007199254740993.0),
        ("whole", 9.3e18),
        ("whole", 1e18),
        ("whole", 3.5),
        ("whole", True),
        ("whole", "3"),
        ("number", 2**53 + 1),
        ("half", 1e39),
        ("span", 1e300),
        ("text", "\ud800"),
        ("flag", 1),
    ],
)
def test_what_does_not_fit_is_refused(name, value):
    with pytest.raises(RequestError, match=f"Row 0: '{name}' (must|is)"):
        table_of([{name: value}], {name: TYPES[name]})


def test_a_signature_has_typical_values_of_the_training_rows(churn, customers):
    age, plan, monthly = signature_of(churn, customers).inputs
    assert (age.minimum, age.maximum, age.example) == (20, 60, 40)
    assert (plan.top, plan.type) == (("pro", "free"), "string")
    assert monthly.minimum == 5.0


def test_columns_with_gaps_in_training_may_be_left_out(churn, customers):
    assert signature_of(churn, customers).optional == {"age"}
    assert signature_of(churn, customers.with_columns(monthly=float("nan"))).optional == {"age", "monthly"}
    assert signature_of(churn, customers.drop_nulls()).optional == frozenset()
    assert signature_of(churn, customers, optional=["plan"]).optional == {"plan"}
    assert signature_of(churn).optional == frozenset()


def test_a_signature_without_training_rows_still_says_types(churn):
    signature = signature_of(churn)
    assert [(field.name, field.type) for field in signature.inputs] == [
        ("age", "int64"),
        ("plan", "string"),
        ("monthly", "float64"),
    ]
    assert [field.name for field in signature.outputs] == ["prediction", "probability_no", "probability_yes"]
    assert type(signature).model_validate_json(signature.model_dump_json()) == signature
