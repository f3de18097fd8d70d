"""The same values are the same column, whichever file or request they come in, or a finding says why not."""

import csv
import datetime
import json
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data.formats import ReadOptions
from engine.data.parsing.families import READERS
from engine.serving.rows import table_of
from engine.serving.values import to_json

KINDS = {
    "whole": st.integers(-(10**30), 10**30) | st.integers(-(2**54), 2**54) | st.integers(-5, 5),
    "fraction": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-5, 5).map(lambda one: one / 4),
    "boolean": st.booleans(),
    "day": st.dates(datetime.date(1000, 1, 1)),  # Polars reads years of four digits from text
    "moment": st.datetimes(datetime.datetime.fromisoformat("1000-01-01")),
    "text": st.text("abcé😀 '\\,", min_size=1, max_size=6)
    | st.sampled_from(["inf", "true", "12", "007", "2024-01-05", "n/a"]),
}
TYPES = {
    "whole": pl.Decimal(38, 0), "fraction": pl.Float64, "boolean": pl.Boolean, "day": pl.Date,
    "moment": pl.Datetime("us"), "text": pl.String,
}  # fmt: skip
FORMATS = ("csv", "jsonl", "json", "parquet", "arrow")


def written(value):
    """Return a value as a program would write it into a CSV file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else "" if value is None else str(value)


def columns_of(path, rows, kind, form):
    """Write rows in a format, read them as a dataset would be, and return the column and what is said of it."""
    file = path / f"t.{form}"
    if form == "csv":
        with file.open("w", newline="", encoding="utf-8") as target:
            csv.writer(target).writerows([["n", "v"], *([number, written(value)] for number, value in rows)])
    elif form in ("jsonl", "json"):
        lines = [json.dumps({"n": number, "v": to_json(value)}) for number, value in rows]
        file.write_text("\n".join(lines) if form == "jsonl" else f"[{','.join(lines)}]", encoding="utf-8")
    else:
        values = [Decimal(value) if kind == "whole" and value is not None else value for _, value in rows]
        table = pl.DataFrame({"n": [number for number, _ in rows], "v": pl.Series(values, dtype=TYPES[kind])})
        (table.write_parquet if form == "parquet" else table.write_ipc)(file)
    family = {"json": "jsonl"}.get(form, form)
    options = ReadOptions(format=family, **({"delimiter": ",", "quote": '"', "header": True} if form == "csv" else {}))
    scratch = path / f"scratch-{form}"
    scratch.mkdir(exist_ok=True)
    reading = READERS[family](file, options, scratch)
    said = {finding.kind for finding in reading.findings if finding.column == "v" and finding.kind != "converted_type"}
    said |= {"rejected"} if reading.rejects.height else set()
    return reading.table.collect().sort("n")["v"], said


@pytest.mark.parametrize("kind", KINDS)
def test_one_rule_holds_for_all_ways_in(tmp_path, kind):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.none() | KINDS[kind], min_size=1, max_size=6).filter(any_present))
    def holds(values):
        rows = list(enumerate(values))
        read = {form: columns_of(tmp_path, rows, kind, form) for form in FORMATS}
        columns = {form: column for form, (column, said) in read.items() if not said}
        said = {form: kinds for form, (_, kinds) in read.items() if kinds}
        for column in columns.values():
            assert [written(value) for value in column] == [written(value) for value in values]
        if not said and kind != "text":  # columns that a file says to be text are left so
            assert len({column.dtype for column in columns.values()}) == 1
        if kind != "text":
            assert said == {} or said.keys() == set(FORMATS)
            assert len({(column.dtype, *column.to_list()) for column, _ in read.values()}) == 1

    holds()


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_reads_the_values_of_a_file_as_the_file_does(tmp_path, kind):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.none() | KINDS[kind], min_size=1, max_size=6).filter(any_present))
    def holds(values):
        column, said = columns_of(tmp_path, list(enumerate(values)), kind, "jsonl")
        if said:
            values = column.to_list()  # what it says was changed is asked for as it was read
        asked = [{"v": json.loads(json.dumps(to_json(value)))} for value in values]
        assert table_of(asked, {"v": column.dtype})["v"].to_list() == column.to_list()

    holds()


def any_present(values):
    """Return whether a column has a value at all: the type of nothing is a matter of the format."""
    return any(value is not None for value in values)


MOMENT = datetime.datetime(2024, 1, 5, 8, tzinfo=datetime.UTC)


@pytest.mark.parametrize("form", FORMATS)
def test_instants_with_an_offset_are_utc_everywhere(tmp_path, form):
    zone = datetime.timezone(datetime.timedelta(hours=2))
    text = MOMENT.astimezone(zone).isoformat()
    if form in ("parquet", "arrow"):
        table = pl.DataFrame({"v": [MOMENT]}, schema={"v": pl.Datetime("ms", "Europe/Paris")})
        (table.write_parquet if form == "parquet" else table.write_ipc)(tmp_path / "t")
    else:
        whole = {"csv": f"n,v\n1,{text}\n", "jsonl": json.dumps({"v": text}), "json": json.dumps([{"v": text}])}
        (tmp_path / "t").write_text(whole[form])
    reading = READERS[{"json": "jsonl"}.get(form, form)](tmp_path / "t", ReadOptions(), tmp_path)
    assert reading.table.collect()["v"].to_list() == [MOMENT.replace(tzinfo=None)]
    assert len(reading.findings) == 1
    asked = table_of([{"v": text}], {"v": pl.Datetime("us")})
    assert asked["v"].to_list() == [MOMENT.replace(tzinfo=None)]
