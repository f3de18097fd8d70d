"""Say what a column that stays text may have been meant to be, and what would read it."""

from collections import Counter

import polars as pl

from engine.data.formats import Finding, ReadOptions
from engine.data.parsing.glance import SHORT
from engine.data.parsing.kinds import example_of, kind_of, marks_of
from engine.data.parsing.moments import DATED

_WHY = {
    "percent": "its values are percentages",
    "currency": "its values have the sign of a currency",
    "code": "values such as '12E4' read as codes rather than as numbers",
    "clock": "its values may be times of day or durations",
    "span": "its values are durations",
}
_QUIET = {"clock", "span"}


def about_text(table: pl.DataFrame, column: str, name: str, sample: list[str], options: ReadOptions) -> list[Finding]:
    """Return what is worth knowing about a column of text.

    Args:
        table: The values of `column`, without the blanks around them.
        column: Its internal name.
        name: What the user calls it.
        sample: Some of its values.
        options: How the user wants the file to be read.
    """
    words = {word.lower() for word in options.null_words}
    values = [value for value in sample if value.lower() not in words]
    kinds = Counter(kind_of(value) for value in values)
    found = (
        _about_numbers(name, values, options) or _about_kind(name, values, kinds) or _about_dates(name, values, kinds)
    )
    return found or _about_words(table, column, name, options)


def kept(name: str, kind: str, why: str, **values: str) -> Finding:
    """Return the finding that column `name` is kept as text."""
    return Finding(kind=kind, column=name, sentence=f"Column {name!r} is kept as text: {why}.", values=values)


def _about_numbers(name: str, values: list[str], options: ReadOptions) -> list[Finding]:
    """Say how the numbers of a column are written, where that is not how they are to be read."""
    marks = marks_of(values)
    if marks is None or (marks.decimal, marks.thousands) == options.marks(name):
        return []
    example = max(values, key=lambda value: (not value.isdecimal(), len(value)))
    like = example_of(marks)
    if (marks.decimal, marks.thousands) == (".", ","):
        why = f"its numbers have marks between thousands: say thousands ',' to read them ({example!r})"
        return [kept(name, "thousands", why, example=example, like=like)]
    if (marks.decimal, marks.thousands) == (",", None):
        why = f"its numbers have a decimal comma: say decimal ',' to read them ({example!r})"
        return [kept(name, "comma", why, example=example, like=like)]
    between = repr(marks.thousands) if marks.thousands else "none"
    why = f"its numbers are written like {like} ({example!r}): say decimal {marks.decimal!r} and thousands {between}"
    return [kept(name, "number_marks", why, example=example, like=like)]


def _about_kind(name: str, values: list[str], kinds: Counter[str]) -> list[Finding]:
    kind, count = kinds.most_common(1)[0] if kinds else ("text", 0)
    if kind not in _WHY or count < len(values) / 2:
        return []
    example = next(value for value in values if kind_of(value) == kind)
    finding = kept(name, kind, f"{_WHY[kind]} ({example!r})", example=example)
    return [finding.model_copy(update={"severity": "info"})] if kind in _QUIET else [finding]


def _about_dates(name: str, values: list[str], kinds: Counter[str]) -> list[Finding]:
    """Say that a column holds dates written in several ways."""
    dated = [kind for kind in DATED if kinds[kind]]
    if len(dated) < 2 or sum(kinds[kind] for kind in dated) < len(values) / 2:  # noqa: PLR2004
        return []
    examples = [next(value for value in values if kind_of(value) == kind) for kind in dated][:3]
    why = f"its dates are written in several ways ({', '.join(examples)}): read it as dates to convert them"
    return [kept(name, "several_forms", why, examples=", ".join(examples))]


def _about_words(table: pl.DataFrame, column: str, name: str, options: ReadOptions) -> list[Finding]:
    words = {form for word in options.null_words for form in (word, word.lower(), word.upper())} - {"-", "?"}
    if table.height <= SHORT:
        found = next((value for value in table[column].to_list() if value in words), None)
    else:
        found = table.select(pl.col(column).filter(pl.col(column).is_in(sorted(words))).first()).item()
    if found is None:
        return []
    sentence = f"{found!r} in column {name!r} is kept as text, not read as missing."
    return [Finding(kind="words_kept", column=name, sentence=sentence, severity="info", values={"example": found})]
