"""Decide the type of each column of text from the whole file.

A spread sample proposes what a column is; all of its values decide:

- It is of a type when all its values can be read as it, or all but 5 %, or all but one of at least four.
  The rows with the others are rejected.
- Words such as `NA` mean missing in a column that has a type, and stay as they are in a column of text.
- Nothing is lost in silence: numbers with leading zeros, whole numbers that a column of floats could not hold,
  and dates that could be day-first or month-first stay text, with a finding that says so.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from engine.data.formats import Finding, ReadOptions
from engine.data.parsing import readers
from engine.data.parsing.readers import Reader

TOLERATED: Final = 0.05
SAMPLE: Final = 100
EXACT: Final = 2**53
TOGETHER: Final = 200
_LONG: Final = 19  # digits of the largest number of 64 bits
_TYPED = {"number", "boolean", "date", "datetime", "zoned", "slashed"}


@dataclass(frozen=True)
class Decision:
    """What column `column` (its internal name) becomes: read by `reader`, or text where that is None.

    `bad` says how many values cannot be read, so that their rows are rejected.
    """

    column: str
    name: str
    reader: Reader | None = None
    bad: int = 0
    findings: tuple[Finding, ...] = ()


def decide(
    table: pl.LazyFrame, names: Sequence[str], options: ReadOptions, *, together: int = TOGETHER
) -> list[Decision]:
    """Return a decision for each column of `table` (`c0`, `c1`, ...), called `names` by the user.

    `together` columns are in memory at a time.
    """
    decisions: list[Decision] = []
    for start in range(0, len(names), together):
        columns = {f"c{number}": names[number] for number in range(start, min(start + together, len(names)))}
        frame = table.select(list(columns)).collect()
        for column, name in columns.items():
            values = frame.select(text_of(column).alias(column))
            decisions.append(_decide(values, column, name, _sample(values[column]), options))
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
    some = values.gather_every(max(1, len(values) // 2000)).drop_nulls()
    return some.gather_every(max(1, len(some) // SAMPLE)).to_list()


def _decide(table: pl.DataFrame, column: str, name: str, sample: list[str], options: ReadOptions) -> Decision:
    if name in options.types:
        marks = (options.decimal, options.thousands)
        reader = readers.forced(options.types[name], *marks, day_first=options.day_first)
        return _judged(table, column, name, [reader] if reader else [], options, forced=True)
    words = _words(options)
    kinds = Counter(_kind_of(value, options) for value in sample if value.lower() not in words)
    if kinds["number"] > TOLERATED * kinds["code"]:
        kinds["number"] += kinds.pop("code", 0)  # 1e3 among other numbers is one
    kind, count = kinds.most_common(1)[0] if kinds else ("text", 0)
    if kind not in _TYPED or count < sum(kinds.values()) / 2:
        return Decision(column, name, findings=tuple(_about_text(table, column, name, kind, sample, options)))
    proposed, findings = _proposed(table, column, name, kind, options)
    decision = _judged(table, column, name, proposed, options)
    return Decision(column, name, decision.reader, decision.bad, (*findings, *decision.findings))


def _proposed(
    table: pl.DataFrame, column: str, name: str, kind: str, options: ReadOptions
) -> tuple[list[Reader], list[Finding]]:
    """Return the readers that may fit a column of this kind, strictest first, and what keeps it text."""
    if kind == "number":
        return _number_readers(table, column, name, options)
    if kind == "slashed":
        return _day_order(table, column, name, options)
    if kind == "datetime":
        formats = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")
        if table.select(pl.col(column).str.contains(r"\.\d{7,}$").any()).item():
            return [], [_kept(name, "finer_than_microseconds", "its times are finer than microseconds")]
        return [readers.moments(form) for form in formats], []
    if kind == "zoned":
        sentence = f"The times of column {name!r} have a zone: they are stored in UTC."
        return [readers.zoned_moments()], [Finding(kind="utc", column=name, sentence=sentence, severity="info")]
    return [readers.booleans() if kind == "boolean" else readers.dates()], []


def _number_readers(
    table: pl.DataFrame, column: str, name: str, options: ReadOptions
) -> tuple[list[Reader], list[Finding]]:
    text = readers.ungrouped(pl.col(column), options.decimal, options.thousands)
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
        broken=readers.floats(options.decimal).read(not_whole).is_not_null().any(),
    )
    zeros, huge, wide, broken = seen.row(0)
    if zeros is not None:
        return [], [
            _kept(name, "leading_zeros", f"values such as {zeros!r} would lose their leading zeros", example=zeros)
        ]
    if huge is not None:
        return [], [
            _kept(name, "long_numbers", f"{huge!r} has more digits than a number of 64 bits can hold", example=huge)
        ]
    if wide is not None and broken:
        return [], [_kept(name, "long_numbers", f"{wide!r} would be rounded among numbers with decimals", example=wide)]
    marks = (options.decimal, options.thousands)
    return [readers.floats(*marks) if broken else readers.integers(options.thousands, options.decimal)], []


def _day_order(table: pl.DataFrame, column: str, name: str, options: ReadOptions) -> tuple[list[Reader], list[Finding]]:
    """Return the reader for dates such as 31/12/2024, if their order can be told."""
    text = pl.col(column)
    parts = text.str.extract_groups(r"^(\d{1,2})([-/.])(\d{1,2})[-/.]\d{4}( .*)?$")
    first, second = (parts.struct.field(part).cast(pl.Int64, strict=False) for part in ("1", "3"))
    seen = table.select(
        day=first.max(),
        month=second.max(),
        mark=parts.struct.field("2").drop_nulls().first(),
        timed=parts.struct.field("4").is_not_null().any(),
        example=text.filter(first.is_not_null()).first(),
    )
    most_first, most_second, mark, timed, example = seen.row(0)
    if options.day_first is None and max(most_first, most_second) <= 12:  # noqa: PLR2004 (months)
        return [], [_kept(name, "ambiguous_dates", f"{example!r} may be day-first or month-first", example=example)]
    if options.day_first is None and min(most_first, most_second) > 12:  # noqa: PLR2004
        return [], [_kept(name, "mixed_dates", "some of its dates are day-first and others month-first")]
    told = max(most_first, most_second) > 12 >= min(most_first, most_second)  # noqa: PLR2004
    day_first = most_first > most_second if told else bool(options.day_first)
    form = mark.join(("%d", "%m", "%Y") if day_first else ("%m", "%d", "%Y"))
    sentence = f"Dates of column {name!r} such as {example!r} are read as {'day' if day_first else 'month'}-first."
    kind, values = "day_first" if day_first else "month_first", {"example": example}
    finding = Finding(kind=kind, column=name, sentence=sentence, severity="info", values=values)
    return [readers.moments(form) if timed else readers.dates((form,))], [finding]


def _judged(
    table: pl.DataFrame,
    column: str,
    name: str,
    proposed: Sequence[Reader],
    options: ReadOptions,
    *,
    forced: bool = False,
) -> Decision:
    """Return the first of `proposed` that reads enough of the column's values, or text."""
    text = pl.col(column)
    for reader in proposed:
        typed = reader.read(text)
        good = table.select(typed.count()).item()
        unread = table.select(value=text.filter(text.is_not_null() & typed.is_null()))["value"]
        missing = unread.str.to_lowercase().is_in(list(_words(options)))
        bad = len(unread) - int(missing.sum())
        if forced or tolerable(bad, good):
            said = unread.filter(missing).unique(maintain_order=True).head(3).to_list()
            return Decision(column, name, reader, bad, tuple(_missing_words(name, said, int(missing.sum()))))
    return Decision(column, name)


def _words(options: ReadOptions) -> frozenset[str]:
    return frozenset(word.lower() for word in options.null_words)


def _missing_words(name: str, said: list[str], count: int) -> list[Finding]:
    if not count:
        return []
    sentence = f"{count} values of column {name!r} such as {said[0]!r} are stored as missing."
    values = {"count": count, "example": said[0]}
    return [Finding(kind="missing_words", column=name, sentence=sentence, severity="info", values=values)]


def _about_text(
    table: pl.DataFrame, column: str, name: str, kind: str, sample: list[str], options: ReadOptions
) -> list[Finding]:
    """Say what a column that stays text may have been meant to be."""
    why = {
        "percent": "its values are percentages",
        "thousands": "its numbers have marks between thousands: say thousands ',' to read them",
        "comma": "its numbers have a decimal comma: say decimal ',' to read them",
        "code": "values such as '12E4' read as codes rather than as numbers",
    }
    if kind in why:
        example = next(value for value in sample if _kind_of(value, options) == kind)
        return [_kept(name, kind, f"{why[kind]} ({example!r})", example=example)]
    words = {form for word in options.null_words for form in (word, word.lower(), word.upper())} - {"-", "?"}
    found = table.select(pl.col(column).filter(pl.col(column).is_in(sorted(words))).first()).item()
    if found is None:
        return []
    sentence = f"{found!r} in column {name!r} is kept as text, not read as missing."
    return [Finding(kind="words_kept", column=name, sentence=sentence, severity="info", values={"example": found})]


def _kept(name: str, kind: str, why: str, **values: str) -> Finding:
    return Finding(kind=kind, column=name, sentence=f"Column {name!r} is kept as text: {why}.", values=values)


def _kind_of(value: str, options: ReadOptions) -> str:
    return readers.kind_of(value, decimal=options.decimal, thousands=options.thousands)
