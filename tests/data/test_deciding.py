"""Types are decided on the whole file, and nothing is lost in silence."""

import datetime

import pytest


def moment(*parts):
    return datetime.datetime(*parts)  # noqa: DTZ001 (datasets hold times without a zone)


def kinds(reading):
    return {finding.kind for finding in reading.findings}


def column(read, values, **options):
    """Read one column of values beside a column of text."""
    table, reading = read("a,b\n" + "".join(f"{value},t\n" for value in values), delimiter=",", **options)
    return table["a"], reading


@pytest.mark.parametrize(
    ("values", "type_name", "read_as"),
    [
        (["1", "-2", "+3"], "Int64", [1, -2, 3]),
        (["1", "2.5", ".5"], "Float64", [1.0, 2.5, 0.5]),
        (["1e3", "2.5E-3"], "Float64", [1000.0, 0.0025]),
        (["true", "False", "TRUE"], "Boolean", [True, False, True]),
        (["2024-01-05", "2024-1-6"], "Date", [datetime.date(2024, 1, 5), datetime.date(2024, 1, 6)]),
        (["2024年1月5日"], "Date", [datetime.date(2024, 1, 5)]),
        (["31/12/2024", "01/02/2024"], "Date", [datetime.date(2024, 12, 31), datetime.date(2024, 2, 1)]),
        (["12/31/2024", "01/02/2024"], "Date", [datetime.date(2024, 12, 31), datetime.date(2024, 1, 2)]),
        (["2024-01-05 10:30", "2024-01-05T10:30:01.5"], "Datetime", [
            moment(2024, 1, 5, 10, 30), moment(2024, 1, 5, 10, 30, 1, 500000),
        ]),
        (["2024-01-05T10:30:00+02:00"], "Datetime", [moment(2024, 1, 5, 8, 30)]),
        ([" 1 ", "2  "], "Int64", [1, 2]),
        (["yes", "no"], "String", ["yes", "no"]),
    ],
)  # fmt: skip
def test_values_are_read_as_what_they_are(read, values, type_name, read_as):
    series, _ = column(read, values)
    assert str(series.dtype).startswith(type_name)
    assert series.to_list() == read_as


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["007", "123", "4567"], "leading_zeros"),
        (["12345678901234567890", "1"], "long_numbers"),
        (["9007199254740993", "1.5"], "long_numbers"),
        (["01/02/2024", "03/04/2024"], "ambiguous_dates"),
        (["31/12/2024", "12/31/2024"], "mixed_dates"),
        (["12%", "13.5%"], "percent"),
        (['"1,234"', '"5,678,901"'], "thousands"),
        (['"1,5"', '"2,75"'], "comma"),
        (["12E4", "13E5"], "code"),
        (["2024-01-01 10:00:00.123456789", "2024-01-01 10:00:00"], "finer_than_microseconds"),
    ],
)
def test_what_a_type_would_lose_stays_text_and_is_said(read, values, kind):
    series, reading = column(read, values)
    assert series.to_list() == [value.strip('"') for value in values]
    assert kinds(reading) == {kind}


def test_the_first_whole_number_that_a_float_cannot_hold_stays_exact(read):
    series, _ = column(read, ["9007199254740993", "1"])
    assert series.to_list() == [9007199254740993, 1]


def test_a_leading_zero_at_the_end_of_a_long_file_is_seen(read):
    series, reading = column(read, [*map(str, range(1, 30_000)), "00042"])
    assert series[-1] == "00042"
    assert kinds(reading) == {"leading_zeros"}


def test_words_for_missing_are_missing_in_a_column_of_numbers(read):
    series, reading = column(read, ["1", "NA", "n/a", "", "-", "5"])
    assert series.to_list() == [1, None, None, None, None, 5]
    assert kinds(reading) == {"missing_words"}


def test_na_is_a_country_in_a_column_of_text(read):
    series, reading = column(read, ["FR", "NA", "DE"])
    assert series.to_list() == ["FR", "NA", "DE"]
    assert "kept as text" in reading.findings[0].sentence


def test_an_empty_field_is_missing_in_any_column(read):
    table, _ = read('a,b\n1,\n,""\n3,x\n')
    assert table.rows() == [(1, None), (None, None), (3, "x")]


def test_a_few_bad_values_in_a_hundred_are_rejected(read):
    series, reading = column(read, [*map(str, range(95)), *["bad"] * 5])
    assert (str(series.dtype), len(series), reading.rejects.height) == ("Int64", 95, 5)


def test_a_column_with_more_of_them_is_text_and_loses_no_row(read):
    series, reading = column(read, [*map(str, range(90)), *["bad"] * 10])
    assert (str(series.dtype), len(series), reading.rejects.height) == ("String", 100, 0)


def test_two_numbers_and_a_word_are_text(read):
    series, reading = column(read, ["1", "two", "3"])
    assert (series.to_list(), reading.rejects.height) == (["1", "two", "3"], 0)


def test_a_type_the_user_asks_for_is_given(read):
    series, reading = column(read, ["1", "two", "3"], types={"a": "int64"})
    assert (series.to_list(), reading.rejects["column"].to_list()) == ([1, 3], ["a"])
    assert column(read, ["1", "2"], types={"a": "string"})[0].to_list() == ["1", "2"]


def test_decimal_commas_are_read_on_request(read):
    table, _ = read("a;b\n1,5;x\n2,25;y\n", decimal=",")
    assert table["a"].to_list() == [1.5, 2.25]


def test_a_number_too_large_for_a_float_is_no_infinity(read):
    series, reading = column(read, ["1.5", "2.5", "3.5", "1e400"])
    assert (series.to_list(), reading.rejects.height) == ([1.5, 2.5, 3.5], 1)


def test_infinity_by_name_is_a_number(read):
    assert column(read, ["1.5", "inf", "-Infinity"])[0].to_list() == [1.5, float("inf"), float("-inf")]


def test_a_column_without_values_is_text(read):
    table, _ = read("a,b\n,1\n,2\n")
    assert str(table["a"].dtype) == "String"
