"""Decide the type of each column of a JSON file by the kinds of its values; the odd ones as in a CSV file.

- Numbers are numbers, as exactly as a type can hold them; `true` and `false` are booleans; NaN is missing.
- Text stays text, also where it looks like numbers; dates and times in ISO form, which JSON can only write as
  text, are read as they are in a CSV file.
- A column with values of several kinds is read as the same values in a CSV file would be: by what nearly all of
  them are, so that the rows with the others are rejected, or else as text.
- Objects and lists become JSON text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from engine.data.formats import Finding, ReadOptions
from engine.data.parsing import exact, noticing, readers
from engine.data.parsing.deciding import TOGETHER, Decision, decide
from engine.data.parsing.json_columns import Seen

_NUMBERS: Final = {"whole", "fraction"}
_NESTED: Final = {"object", "list"}
_DATED: Final = {"date", "datetime"}
_OF_NUMBERS: Final = {"leading_zeros", "long_numbers", "code"}


def decide_json(
    table: pl.LazyFrame,
    seen: Mapping[str, Seen],
    names: Sequence[str],
    options: ReadOptions,
    *,
    together: int = TOGETHER,
) -> list[Decision]:
    """Return a decision for each column of `table`.

    Args:
        table: Text, as `JsonColumns` makes it.
        seen: What the columns held, in their order.
        names: What the columns are called in the dataset.
        options: Of these, the words for missing, the order of days and the types of columns matter.
        together: Columns that are in memory at a time.
    """
    columns = list(zip(seen.values(), names, strict=True))
    asked = [(one, name) for one, name in columns if _is_like_csv(one, name, options)]
    like_csv = _as_in_csv(table, asked, options, together)
    return [like_csv.get(one.column) or _plain(table, one, name) for one, name in columns]


def _is_like_csv(one: Seen, name: str, options: ReadOptions) -> bool:
    kinds = set(one.kinds) - {"gap"}
    is_plain = bool(kinds & _NESTED) or kinds <= _NUMBERS or kinds == {"boolean"}
    return name in options.types or not is_plain


def _plain(table: pl.LazyFrame, one: Seen, name: str) -> Decision:
    """Return the decision for a column of numbers, of booleans, of objects and lists, or of nothing."""
    kinds = set(one.kinds) - {"gap"}
    if kinds & _NESTED:
        decision = Decision(one.column, name, findings=tuple(_about_nested(one, name)), keeps_empty=True)
    elif kinds == {"boolean"}:
        decision = Decision(one.column, name, readers.booleans())
    elif kinds == {"whole"}:
        decision = exact.whole_numbers(_values(table, one), one.column, name)
    elif kinds or one.kinds["gap"]:
        decision = exact.fractions(_values(table, one), one.column, name)
    else:
        decision = Decision(one.column, name)
    return replace(decision, findings=(*decision.findings, *_about_gaps(one, name)))


def _values(table: pl.LazyFrame, one: Seen) -> pl.Series:
    return table.select(one.column).collect()[one.column]


def _as_in_csv(
    table: pl.LazyFrame, asked: Sequence[tuple[Seen, str]], options: ReadOptions, together: int
) -> dict[str, Decision]:
    """Return decisions as for a CSV file, by column; marks in numbers are those of JSON where it wrote them."""
    marks = options.model_copy(update={"decimal": ".", "thousands": None, "numbers": {}})
    found: dict[str, Decision] = {}
    for group, how in (
        ([pair for pair in asked if set(pair[0].kinds) & _NUMBERS], marks),
        ([pair for pair in asked if not set(pair[0].kinds) & _NUMBERS], options),
    ):
        texts = table.select(pl.col(one.column).alias(f"c{place}") for place, (one, _) in enumerate(group))
        decisions = decide(texts, [name for _, name in group], how, together=together) if group else []
        for (one, name), read in zip(group, decisions, strict=True):
            is_text = set(one.kinds) - {"gap"} == {"text"} and name not in options.types
            decision = replace(_of_text(read) if is_text else read, column=one.column, keeps_empty=True)
            found[one.column] = replace(decision, findings=(*decision.findings, *_about_kinds(one, decision)))
    return found


def _of_text(decision: Decision) -> Decision:
    """Return the decision for a column that holds text alone: dates are read, numbers in quotes are text."""
    if decision.reader is not None and decision.reader.type in _DATED:
        return decision
    findings = [finding for finding in decision.findings if finding.kind not in _OF_NUMBERS]
    if decision.reader is not None:
        kind = "quoted_booleans" if decision.reader.type == "boolean" else "quoted_numbers"
        what = "true and false" if kind == "quoted_booleans" else "numbers"
        sentence = f"Column {decision.name!r} is kept as text: its {what} stand in quotes."
        findings = [Finding(kind=kind, column=decision.name, sentence=sentence, severity="info")]
    return replace(decision, reader=None, bad=0, findings=tuple(findings))


def _about_kinds(one: Seen, decision: Decision) -> list[Finding]:
    """Say what a column held that held more than text."""
    findings = _about_gaps(one, decision.name)
    if set(one.kinds) - {"gap"} != {"text"}:
        findings.append(_mixed(one, decision.name, is_text=decision.reader is None))
    return findings


def _mixed(one: Seen, name: str, *, is_text: bool) -> Finding:
    counts = {
        "numbers": one.kinds["whole"] + one.kinds["fraction"],
        "texts": one.kinds["text"],
        "booleans": one.kinds["boolean"],
        "nested": one.kinds["object"] + one.kinds["list"],
    }
    read = "it is kept as text" if is_text else "it has the type of most of them"
    sentence = (
        f"Column {name!r} holds values of several kinds ({counts['numbers']} numbers, {counts['texts']} texts, "
        f"{counts['booleans']} true or false, {counts['nested']} objects or lists): {read}."
    )
    return Finding(kind="mixed_text" if is_text else "mixed_typed", column=name, sentence=sentence, values=counts)


def _about_nested(one: Seen, name: str) -> list[Finding]:
    kinds = set(one.kinds) - {"gap"}
    if not kinds <= _NESTED:
        return [_mixed(one, name, is_text=True)]
    return [noticing.converted(name, " or ".join(sorted(kinds)), "JSON text")]


def _about_gaps(one: Seen, name: str) -> list[Finding]:
    counts = (
        (one.kinds["gap"], noticing.gaps),
        (one.nested_gaps, noticing.nested_gaps),
        (one.zeros, noticing.zero_characters),
    )
    return [notice(name, count) for count, notice in counts if count]
