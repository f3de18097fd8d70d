"""Decide the type of each column of text from the whole file.

A spread sample proposes what a column is; all of its values decide:

- It is of a type when all its values can be read as it, or all but 5 %, or all but one of at least four.
  The rows with the others are rejected.
- Words such as `NA` mean missing in a column that has a type, and stay as they are in a column of text.
- Nothing is lost in silence: numbers with leading zeros, whole numbers that a column of floats could not hold,
  and dates that could be day-first or month-first stay text, with a finding that says so.
- What the user says holds: with `day_first` no value is read in the other order, whatever the others look like.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from engine.data.formats import Finding, ReadOptions
from engine.data.parsing import moments, readers
from engine.data.parsing.about_text import about_text, kept
from engine.data.parsing.day_order import DayParts, format_of, parts_of
from engine.data.parsing.glance import at_a_glance
from engine.data.parsing.kinds import kind_of
from engine.data.parsing.readers import Reader

TOLERATED: Final = 0.05
SAMPLE: Final = 100
EXACT: Final = 2**53
TOGETHER: Final = 200
_LOOKS: Final = 5
_LONG: Final = 19  # digits of the largest number of 64 bits
_MONTHS: Final = 12
_FINE: Final = r"\.\d{6}\d*[1-9]"  # a fraction of a second that microseconds cannot hold
_TYPED = {"number", "boolean", "date", "datetime", "halves", "zoned", "slashed", "short", "named"}


@dataclass(frozen=True)
class Decision:
    """What column `column` (its internal name) becomes: read by `reader`, or text where that is None.

    `bad` says how many values cannot be read, so that their rows are rejected. Text that is empty is missing, unless
    `keeps_empty`: where a file can say null, "" is a value.
    """

    column: str
    name: str
    reader: Reader | None = None
    bad: int = 0
    findings: tuple[Finding, ...] = ()
    keeps_empty: bool = False


def decide(
    table: pl.LazyFrame, names: Sequence[str], options: ReadOptions, *, together: int = TOGETHER
) -> list[Decision]:
    """Return a decision for each column of `table` (`c0`, `c1`, ...), called `names` by the user.

    `together` columns are in memory at a time; of a wide table, where each look at it costs much, a fifth.
    """
    decisions: list[Decision] = []
    together = max(together, len(names) // _LOOKS) if together > 1 else 1
    for start in range(0, len(names), together):
        columns = {f"c{number}": names[number] for number in range(start, min(start + together, len(names)))}
        frame = table.select([text_of(column).alias(column) for column in columns]).collect()
        for column, name in columns.items():
            plain = at_a_glance(frame[column], options.marks(name), options) if name not in options.types else None
            if plain is not None:
                decisions.append(Decision(column, name, plain))
            else:
                decisions.append(_decide(frame[column].to_frame(), column, name, _sample(frame[column]), options))
    return decisions


def text_of(column: str) -> pl.Expr:
    """Return the text of a column without the blanks around it; empty text is missing."""
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)


def tolerable(bad: int, good: int) -> bool:
    """Return whether a column with so many unreadable values has the type of the others."""
    return good > 0 and (bad <= TOLERATED * (bad + good) or (bad == 1 and good >= 3))  # noqa: PLR2004


def _sample(values: pl.Series) -> list[str]:
    """Return about `SAMPLE` present values from all over a column."""
    some = [value for value in values[:: max(1, len(values) // 2000)].to_list() if value is not None]
    return some[:: max(1, len(some) // SAMPLE)]


def _decide(table: pl.DataFrame, column: str, name: str, sample: list[str], options: ReadOptions) -> Decision:
    if name in options.types:
        reader = _forced(table, column, name, options)
        return _judged(table, column, name, [reader] if reader else [], options, forced=True)
    kind, share = _kind_of_all(sample, name, options)
    if kind not in _TYPED or share < 0.5:  # noqa: PLR2004 (half)
        return Decision(column, name, findings=tuple(about_text(table, column, name, sample, options)))
    proposed, findings = _proposed(table, column, name, kind, options)
    decision = _judged(table, column, name, proposed, options)
    if proposed and decision.reader is None:
        findings = about_text(table, column, name, sample, options)
    elif decision.reader is not None and kind in ("slashed", "short"):
        findings = [*findings, *_contradictions(decision, options)]
    return Decision(column, name, decision.reader, decision.bad, (*findings, *decision.findings))


def _kind_of_all(sample: list[str], name: str, options: ReadOptions) -> tuple[str, float]:
    """Return what most values of a sample look like, and their share; a day alone is a kind of time with a day."""
    words = _words(options)
    decimal, thousands = options.marks(name)
    kinds = Counter(
        kind_of(value, decimal=decimal, thousands=thousands) for value in sample if value.lower() not in words
    )
    if kinds["number"] > TOLERATED * kinds["code"]:
        kinds["number"] += kinds.pop("code", 0)  # 1e3 among other numbers is one
    for finer, coarser in (("datetime", "date"), ("halves", "datetime")):
        if kinds[finer] and kinds[coarser]:
            kinds[finer] += kinds.pop(coarser)
    kind, count = kinds.most_common(1)[0] if kinds else ("text", 0)
    return kind, count / max(sum(kinds.values()), 1)


def _forced(table: pl.DataFrame, column: str, name: str, options: ReadOptions) -> Reader | None:
    """Return the reader for a type the user asked for; None for text.

    Days such as 31/12/2024 are read where the user or the other values say in which order they are.
    """
    type_name = options.types[name]
    decimal, thousands = options.marks(name)
    if type_name in ("date", "datetime"):
        day_first = options.day_first
        if day_first is None and (parts := parts_of(table, column)) and len(told := _orders(parts, options)) == 1:
            day_first = told == ["dmy"]
        days = () if day_first is None else moments.slashed_days(day_first=day_first)
        return moments.any_day(days) if type_name == "date" else moments.any_moment(days)
    return {
        "string": None,
        "int64": readers.integers(thousands, decimal),
        "float64": readers.floats(decimal, thousands),
        "boolean": readers.booleans(),
    }[type_name]


def _proposed(
    table: pl.DataFrame, column: str, name: str, kind: str, options: ReadOptions
) -> tuple[list[Reader], list[Finding]]:
    """Return the readers that may fit a column of this kind, strictest first, and what keeps it text."""
    if kind == "number":
        return _number_readers(table, column, name, options)
    if kind in ("slashed", "short"):
        return _ordered_days(table, column, name, options)
    if kind == "zoned":
        if table.select(pl.col(column).str.contains(_FINE).any()).item():
            return [], [_too_fine(name)]
        sentence = f"The times of column {name!r} have a zone: they are stored in UTC."
        return [moments.zoned_moments()], [Finding(kind="utc", column=name, sentence=sentence, severity="info")]
    if kind == "named":
        return _named_days(table, column, name)
    if kind in ("datetime", "halves"):
        return _moments(table, column, name, halves=kind == "halves")
    return [readers.booleans()] if kind == "boolean" else [moments.dates(), moments.moments(bare=True)], []


def _moments(table: pl.DataFrame, column: str, name: str, *, halves: bool) -> tuple[list[Reader], list[Finding]]:
    text = pl.col(column)
    if table.select(text.str.contains(r"\.\d{7,}").any()).item():
        return [], [kept(name, "finer_than_microseconds", "its times are finer than microseconds")]
    days = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")
    if halves:
        half = table.select(text.filter(text.str.contains(r"(?i)\d ?[ap]\.?m\.?$")).first()).item()
        return [moments.moments(*days, halves=True, bare=True)], [_halves(name, half)]
    return [*(moments.moments(day) for day in days), moments.moments(bare=True), moments.moments(*days, bare=True)], []


def _named_days(table: pl.DataFrame, column: str, name: str) -> tuple[list[Reader], list[Finding]]:
    text = pl.col(column)
    timed, short, example = table.select(
        timed=text.str.contains(r"\d:\d\d").any(),
        short=moments.reordered(text).str.contains(r"^\d+ \w+ \d\d(?:\D|$)").any(),
        example=text.drop_nulls().first(),
    ).row(0)
    sentence = f"Dates of column {name!r} such as {example!r} are read by the English name of the month."
    findings = [
        Finding(kind="named_months", column=name, sentence=sentence, severity="info", values={"example": example})
    ]
    if short:
        findings.append(_short_years(name, example))
    return [moments.named_moments() if timed else moments.named_days()], findings


def _too_fine(name: str) -> Finding:
    return kept(name, "finer_than_microseconds", "its times are finer than microseconds")


def _halves(name: str, example: str) -> Finding:
    sentence = f"Times of column {name!r} such as {example!r} are read as hours from 0 to 23."
    return Finding(kind="half_days", column=name, sentence=sentence, severity="info", values={"example": example})


def _short_years(name: str, example: str) -> Finding:
    sentence = f"Years of two digits in column {name!r}, such as in {example!r}, are read as 1970 to 2069."
    return Finding(kind="two_digit_years", column=name, sentence=sentence, values={"example": example})


def _number_readers(
    table: pl.DataFrame, column: str, name: str, options: ReadOptions
) -> tuple[list[Reader], list[Finding]]:
    decimal, thousands = options.marks(name)
    text = readers.ungrouped(pl.col(column), decimal, thousands)
    whole = text.cast(pl.Int64, strict=False)
    bare = text.str.strip_chars_start("+-")
    zero_first = bare.str.starts_with("0") & (bare.str.len_bytes() > 1)
    led_by_zero = text.filter(zero_first & ~bare.str.starts_with("0."))
    not_whole = text.filter(whole.is_null())
    long_ones = not_whole.filter(not_whole.str.len_bytes() >= _LONG)
    seen = table.select(
        zeros=led_by_zero.filter(led_by_zero.str.contains(r"^[+-]?0\d")).first(),
        huge=long_ones.filter(long_ones.str.contains(r"^[+-]?\d+$")).first(),
        wide=text.filter(whole.abs() > EXACT).first(),
        broken=readers.floats(decimal).read(not_whole).is_not_null().any(),
    )
    zeros, huge, wide, broken = seen.row(0)
    if zeros is not None:
        return [], [
            kept(name, "leading_zeros", f"values such as {zeros!r} would lose their leading zeros", example=zeros)
        ]
    if huge is not None:
        return [], [
            kept(name, "long_numbers", f"{huge!r} has more digits than a number of 64 bits can hold", example=huge)
        ]
    if wide is not None and broken:
        return [], [kept(name, "long_numbers", f"{wide!r} would be rounded among numbers with decimals", example=wide)]
    return [readers.floats(decimal, thousands) if broken else readers.integers(thousands, decimal)], []


def _orders(parts: DayParts, options: ReadOptions) -> list[str]:
    """Return the orders of day, month and year that fit a column, or the one that the user named."""
    if options.day_first is not None:
        return ["dmy" if options.day_first else "mdy"]
    return parts.orders(short=_is_short(parts))


def _is_short(parts: DayParts) -> bool:
    return parts.third < 100  # noqa: PLR2004 (years of two digits)


def _ordered_days(
    table: pl.DataFrame, column: str, name: str, options: ReadOptions
) -> tuple[list[Reader], list[Finding]]:
    """Return the reader for dates such as 31/12/2024 or 31-12-24, if their order is told or can be."""
    parts = parts_of(table, column)
    if parts is None:
        return [], []
    example, orders = parts.example, _orders(parts, options)
    if len(orders) > 1:
        what = "day-first or month-first" if "ymd" not in orders else "day-first, month-first or year-first"
        return [], [kept(name, "ambiguous_dates", f"{example!r} may be {what}", example=example)]
    if not orders:
        return [], [kept(name, "mixed_dates", "some of its dates are day-first and others month-first")]
    short = _is_short(parts)
    form = format_of(orders[0], parts.mark, short=short)
    kind, what = {"d": ("day_first", "day"), "m": ("month_first", "month"), "y": ("year_first", "year")}[orders[0][0]]
    sentence = f"Dates of column {name!r} such as {example!r} are read as {what}-first."
    findings = [Finding(kind=kind, column=name, sentence=sentence, severity="info", values={"example": example})]
    if short:
        findings.append(_short_years(name, example))
    if not parts.timed:
        return [moments.dates((form,))], findings
    return [moments.moments(form, halves=parts.halves, bare=parts.bare)], findings


def _contradictions(decision: Decision, options: ReadOptions) -> list[Finding]:
    """Say how many dates are not in the order that the user named."""
    if options.day_first is None or not decision.bad:
        return []
    order = "day" if options.day_first else "month"
    sentence = f"{decision.bad} values of column {decision.name!r} are no dates with the {order} first: rejected."
    kind = f"not_{order}_first"
    return [Finding(kind=kind, column=decision.name, sentence=sentence, values={"count": decision.bad})]


def _judged(
    table: pl.DataFrame,
    column: str,
    name: str,
    proposed: Sequence[Reader],
    options: ReadOptions,
    *,
    forced: bool = False,
) -> Decision:
    """Return the one of `proposed` that reads most of the column's values, if that is enough, or text."""
    text = pl.col(column)
    best = Decision(column, name)
    for reader in proposed:
        typed = reader.read(text)
        good = table.select(typed.count()).item()
        unread = table.select(value=text.filter(text.is_not_null() & typed.is_null()))["value"]
        missing = unread.str.to_lowercase().is_in(list(_words(options)))
        bad = len(unread) - int(missing.sum())
        if (forced or tolerable(bad, good)) and (best.reader is None or bad < best.bad):
            said = unread.filter(missing).unique(maintain_order=True).head(3).to_list()
            best = Decision(column, name, reader, bad, tuple(_missing_words(name, said, int(missing.sum()))))
        if best.reader is not None and not best.bad:
            break
    return best


def _words(options: ReadOptions) -> frozenset[str]:
    return frozenset(word.lower() for word in options.null_words)


def _missing_words(name: str, said: list[str], count: int) -> list[Finding]:
    if not count:
        return []
    sentence = f"{count} values of column {name!r} such as {said[0]!r} are stored as missing."
    values = {"count": count, "example": said[0]}
    return [Finding(kind="missing_words", column=name, sentence=sentence, severity="info", values=values)]
