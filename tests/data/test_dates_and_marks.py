"""Dates, times and numbers are read as they are written, or stay text with a sentence that says why."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data.formats import ReadOptions
from tests.data.test_deciding import column, kinds, moment

DAYS = [(day, month) for day in range(1, 13) for month in range(1, 11)]
SPACES = {"space": " ", "no break": "\u00a0", "narrow": "\u202f", "thin": "\u2009"}


def day(*parts):
    return datetime.date(*parts)


@pytest.mark.parametrize(
    ("values", "read_as", "said"),
    [
        (["01-Mar-2024", "15-Apr-2024"], [day(2024, 3, 1), day(2024, 4, 15)], {"named_months"}),
        (["Mar 5, 2024", "June 15, 2024"], [day(2024, 3, 5), day(2024, 6, 15)], {"named_months"}),
        (["5 march 2024", "1st Sept 2024"], [day(2024, 3, 5), day(2024, 9, 1)], {"named_months"}),
        (["2024-Mar-05", "2024-DEC-31"], [day(2024, 3, 5), day(2024, 12, 31)], {"named_months"}),
        (["5. Mar 2024", "6.Apr.2024"], [day(2024, 3, 5), day(2024, 4, 6)], {"named_months"}),
        (["01-Mar-24", "02-Apr-99"], [day(2024, 3, 1), day(1999, 4, 2)], {"named_months", "two_digit_years"}),
        (["Mar 5, 24", "Apr 6, 24"], [day(2024, 3, 5), day(2024, 4, 6)], {"named_months", "two_digit_years"}),
        (["31/12/24", "01/02/69"], [day(2024, 12, 31), day(2069, 2, 1)], {"day_first", "two_digit_years"}),
        (["12/31/24", "01/02/70"], [day(2024, 12, 31), day(1970, 1, 2)], {"month_first", "two_digit_years"}),
        (["31.12.24", "01.02.24"], [day(2024, 12, 31), day(2024, 2, 1)], {"day_first", "two_digit_years"}),
        (["99-12-31", "98-01-02"], [day(1999, 12, 31), day(1998, 1, 2)], {"year_first", "two_digit_years"}),
    ],
)  # fmt: skip
def test_days_that_can_mean_one_thing_are_read(read, values, read_as, said):
    series, reading = column(read, [f'"{value}"' for value in values])
    assert (series.to_list(), kinds(reading)) == (read_as, said)


@pytest.mark.parametrize(
    ("values", "read_as"),
    [
        (["2024-01-05 2:30 PM", "2024-01-05 12:00 AM"], [(2024, 1, 5, 14, 30), (2024, 1, 5)]),
        (["2024-01-05 02:30:15pm", "2024-01-05 12:00:00 p.m."], [(2024, 1, 5, 14, 30, 15), (2024, 1, 5, 12)]),
        (["13/05/2024 2:30 PM", "01/06/2024 9:05 AM"], [(2024, 5, 13, 14, 30), (2024, 6, 1, 9, 5)]),
        (["05/13/2024, 2:30:01 PM", "06/01/2024, 9:05:00 AM"], [(2024, 5, 13, 14, 30, 1), (2024, 6, 1, 9, 5)]),
        (["Mar 5, 2024 2:30 PM", "Mar 6, 2024"], [(2024, 3, 5, 14, 30), (2024, 3, 6)]),
        (["05-Mar-2024 14:30", "06-Mar-24 09:15:01.5"], [(2024, 3, 5, 14, 30), (2024, 3, 6, 9, 15, 1, 500000)]),
        (["31/12/24 10:30", "01/01/25 11:00"], [(2024, 12, 31, 10, 30), (2025, 1, 1, 11)]),
    ],
)
def test_times_of_half_days_and_after_any_day_are_read(read, values, read_as):
    series, reading = column(read, [f'"{value}"' for value in values])
    assert series.to_list() == [moment(*parts) if len(parts) > 3 else moment(*parts, 0) for parts in read_as]
    assert reading.rejects.is_empty()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["01/02/24", "03/04/24"], {"ambiguous_dates"}),
        (["01-02-24", "30-04-24"], {"ambiguous_dates"}),
        (["24-01-05", "24-12-30"], {"ambiguous_dates"}),
        (["31/12/24", "12/31/24"], {"mixed_dates"}),
        (["2:30 PM", "11:05 AM"], {"clock"}),
        (["25:30:00", "49:00:00"], {"clock"}),
        (["1 day 02:00", "3 days 01:15:00"], {"span"}),
        (["1 day, 1:30:00", "12 days, 0:00:01"], {"span"}),
        (["P1DT2H", "PT36H"], {"span"}),
        (["€3.007,18", "€378,70"], {"currency"}),
        (["12.5 USD", "1,300 USD"], {"currency"}),
        (["12,5 %", "13 %"], {"percent"}),
        (["2024-01-05", "Jul 16, 2023", "31/12/2024"], {"several_forms"}),
    ],
)
def test_what_may_mean_two_things_stays_text_and_is_said(read, values, said):
    series, reading = column(read, [f'"{value}"' for value in values])
    assert (series.to_list(), kinds(reading)) == (values, said)


def test_dates_written_in_several_ways_are_read_where_that_is_asked_for(read):
    series, _ = column(read, ["2024-01-05", '"Jul 16, 2023"', "31/12/2024", "01-02-24"], types={"a": "date"})
    assert series.to_list() == [day(2024, 1, 5), day(2023, 7, 16), day(2024, 12, 31), day(2024, 2, 1)]


def test_days_and_moments_in_one_column_are_moments(read):
    series, reading = column(read, [*["2024-03-01"] * 43, "2024-03-08 09:30:00", "2024-03-09 10:00"])
    assert (series[0], series[43], len(series)) == (moment(2024, 3, 1, 0), moment(2024, 3, 8, 9, 30), 45)
    assert reading.rejects.is_empty()


def test_a_rare_moment_among_very_many_days_rejects_nothing(read):
    series, reading = column(read, [*["2024-03-01"] * 5001, "2024-03-08 09:30:00", *["2024-03-01"] * 4000])
    assert (str(series.dtype)[:8], reading.rejects.height) == ("Datetime", 0)


def test_a_year_of_two_digits_among_others_is_not_of_the_first_century(read):
    series, reading = column(read, [*["31/12/2024"] * 40, "30/12/24"])
    assert (min(series), reading.rejects["raw"].to_list()) == (day(2024, 12, 31), ["30/12/24,t"])
    series, _ = column(read, ["31/12/24", "30/11/23"], day_first=True, types={"a": "date"})
    assert series.to_list() == [day(2024, 12, 31), day(2023, 11, 30)]


@pytest.mark.parametrize("options", [{}, {"types": {"a": "date"}}])
def test_the_order_that_the_user_names_is_not_overridden_by_one_line(read, options):
    lines = [*(f"{day:02d}/{month:02d}/2024" for day, month in DAYS), "12/31/2024"]
    series, reading = column(read, lines, day_first=True, **options)
    assert series.to_list() == [day(2024, month, first) for first, month in DAYS]
    assert reading.rejects["raw"].to_list() == ["12/31/2024,t"]


def test_lines_in_another_order_than_the_user_names_are_said(read):
    lines = [*(f"{month:02d}/{day:02d}/2024" for day, month in DAYS), "31/12/2024"]
    series, reading = column(read, lines, day_first=False)
    assert series.to_list() == [day(2024, month, first) for first, month in DAYS]
    assert "not_month_first" in kinds(reading)


@pytest.mark.parametrize("mark", SPACES.values(), ids=SPACES.keys())
def test_french_thousands_are_read_on_request(read, mark):
    values = [f"1{mark}234,5", f"12{mark}345,5", "999,1", f"-1{mark}234{mark}567,25"]
    table, _ = read("n;b\n" + "".join(f"{value};t\n" for value in values), decimal=",", thousands=" ")
    assert table["n"].to_list() == [1234.5, 12345.5, 999.1, -1234567.25]


@pytest.mark.parametrize("mark", ["'", "’"])
def test_swiss_thousands_are_read_on_request(read, mark):
    series, _ = column(read, [f"1{mark}234.5", f"2{mark}345{mark}678"], thousands=mark)
    assert series.to_list() == [1234.5, 2345678.0]


@pytest.mark.parametrize(
    ("values", "like"),
    [
        (["1 234,5", "12 345,5", "999,1"], "1 234,5"),
        (["1\u202f234,5", "12\u202f345,5", "999,1"], "1 234,5"),
        (["1\u00a0234", "12\u00a0345", "999"], "1 234,5"),
        (["1'234.5", "12'345.5"], "1'234.5"),
        (["1.234,5", "12.345,5", "7,25"], "1.234,5"),
    ],
)
def test_how_numbers_are_written_is_said_unasked(read, values, like):
    series, reading = column(read, [f'"{value}"' for value in values])
    assert series.to_list() == values
    assert [finding.values["like"] for finding in reading.findings] == [like]


def test_columns_may_write_their_numbers_differently(read):
    options = {"numbers": {"b": {"decimal": ",", "thousands": "."}, "c": {"thousands": "'"}}}
    table, _ = read("a;b;c\n1.5;1.234,5;1'000\n2;7;2’500\n", **options)
    assert table.rows() == [(1.5, 1234.5, 1000), (2.0, 7.0, 2500)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numbers=st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=12),
    marks=st.sampled_from([(",", "."), (",", " "), (".", ","), (".", "'"), (".", " ")]),
    written=st.sampled_from([" ", "\u00a0", "\u202f"]),
)
def test_any_number_reads_back_as_it_was_written(read, numbers, marks, written):
    decimal, thousands = marks
    mark = written if thousands == " " else thousands
    texts = [f"{number / 100:,.2f}".translate(str.maketrans({",": mark, ".": decimal})) for number in numbers]
    table, _ = read("n\tb\n" + "".join(f"{text}\tt\n" for text in texts), decimal=decimal, thousands=thousands)
    assert table["n"].to_list() == [number / 100 for number in numbers]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moments=st.lists(st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2069, 12, 31)), min_size=1),  # noqa: DTZ001
    form=st.sampled_from(["%d-%b-%Y %H:%M:%S", "%B %d, %Y %I:%M:%S %p", "%Y-%m-%d %I:%M:%S %p", "%d %b %y %H:%M:%S"]),
)
def test_any_moment_reads_back_as_it_was_written(read, moments, form):
    whole = [moment.replace(microsecond=0) for moment in moments]
    table, _ = read("a\tb\n" + "".join(f"{moment.strftime(form)}\tt\n" for moment in whole))
    assert table["a"].to_list() == whole


def test_what_a_spreadsheet_writes_for_errors_is_missing_among_numbers(read):
    series, reading = column(read, ["1.5", "#DIV/0!", "2.5", "#VALUE!", "#REF!"])
    assert (series.to_list(), kinds(reading)) == ([1.5, None, 2.5, None, None], {"missing_words"})


def test_signs_and_blanks_stay_as_they_are(read):
    table, _ = read("i,d,t\n" + "".join(f'{i},{"+" if i % 2 else "-"}{i + 1},"  word {i % 3}  "\n' for i in range(20)))
    assert table["d"].to_list()[:3] == [-1, 2, -3]
    assert table["t"][0] == "  word 0  "


@pytest.mark.parametrize("example", ["1.234,5", "1 234,5", "1\u202f234,5", "1’234.5"])
def test_an_example_stands_for_the_marks(example):
    marks = ReadOptions(numbers={"a": example}).numbers["a"]
    assert example.translate(str.maketrans("\u202f’", " '")) == f"1{marks.thousands}234{marks.decimal}5"
    with pytest.raises(ValueError, match="written like one of"):
        ReadOptions(numbers={"a": "12"})


def test_marks_are_checked_where_they_enter():
    assert ReadOptions(thousands="\u202f").thousands == " "
    with pytest.raises(ValueError, match="both"):
        ReadOptions(numbers={"a": {"decimal": ",", "thousands": ","}})
    with pytest.raises(ValueError, match="cannot hold the names"):
        ReadOptions(header_row=2, skip_rows=2)
