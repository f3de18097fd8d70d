r"""Read lines of JSON that hold records alike, the most of nearly every file, without a Python object for each value.

A line that matches the pattern of a record is an object with these names, each once and in this order, and with a
text, a number, true, false or null for each: what `json` would read in it is what stands in the pattern's groups
(RFC 8259, sections 2 to 7). All other lines are left to `json`: nested values, NaN, half of a surrogate pair, what
is no JSON.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

_TEXT: Final = r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u(?:[0-9a-cA-CefEF][0-9a-fA-F]|[dD][0-7])[0-9a-fA-F]{2})*"'
_NUMBER: Final = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_VALUE: Final = rf"({_TEXT}|{_NUMBER}|true|false|null)"
_SPACE: Final = r"[ \t\r\n]*"
WIDEST: Final = 40
"""Names in a record that is read so; for more, `json` is as quick."""
_AT_ONCE: Final = 8
LONGEST_NUMBER: Final = 4000
"""Characters of a number; Python reads none of more than 4,300 digits."""
KEPT: Final = 4
"""Kinds of records, such as with and without a value that may be absent, that are looked for in a block of lines."""
_LOOKED_AT: Final = 20
FEWEST: Final = 100
"""Lines of a block below which no pattern is made."""


@dataclass(frozen=True)
class Record:
    """What records alike have in common.

    Args:
        names: Their names, in the order in which they stand.
        patterns: Regular expressions with a group for each value of some names, and one, but in the last, for the
            rest of the line, which the next is for: one for all names would be slow by the square of their number.
    """

    names: tuple[str, ...]
    patterns: tuple[str, ...]

    def values(self, lines: pl.Series) -> pl.DataFrame:
        """Return the values in each line as they are written, or null in each column where it is no such record."""
        columns: list[pl.Series] = []
        for pattern in self.patterns:
            *found, lines = lines.str.extract_groups(pattern).struct.unnest().get_columns()
            columns += found
        values = pl.DataFrame({str(place): column for place, column in enumerate((*columns, lines))})
        whole = values.select(pl.last().is_not_null()).to_series()
        return values.select(pl.when(whole).then(pl.all()))


@dataclass(frozen=True)
class Alike:
    """Records that are alike.

    Args:
        record: What they have in common.
        places: Where they stand in the lines that were asked for; not empty.
        values: Their values as they are written, a column for each name, called by its place: "0", "1", ...
    """

    record: Record
    places: pl.Series
    values: pl.DataFrame


def alike(lines: pl.Series, known: list[Record]) -> tuple[list[Alike], list[int]]:
    """Return the records of `lines` that are alike, and the places of the other lines.

    Args:
        lines: Lines of JSON.
        known: The kinds of records that stood in lines before; those that are found come in, the newest first.
    """
    rest = pl.DataFrame({"line": lines}).with_row_index("place")
    found: list[Alike] = []
    tried: list[Record] = []
    while len(tried) < KEPT and rest.height >= FEWEST:
        record = next((one for one in known if one not in tried), None) or _first(rest["line"], tried)
        if record is None:
            break
        tried.append(record)
        values = record.values(rest["line"])
        is_one = values["0"].is_not_null() & ~_holds_long_number(values)
        if is_one.any():
            found.append(Alike(record, rest["place"].filter(is_one), values.filter(is_one)))
            rest = rest.filter(~is_one)
    known[:] = [one.record for one in found]
    return found, rest["place"].to_list()


def texts(written: pl.Series) -> tuple[pl.Series, Counter[str]]:
    """Return values as the text that they are in a table, and how many there are of each kind (null is none).

    Args:
        written: Values as they are written in JSON.
    """
    head = written.str.head(1)
    is_text, is_null, is_boolean = head == '"', head == "n", head.is_in(["t", "f"])
    is_number = ~(is_text | is_null | is_boolean)
    is_fraction = is_number & written.str.contains(r"[.eE]")
    counts = {
        "text": is_text.sum(), "boolean": is_boolean.sum(), "fraction": is_fraction.sum(),
        "whole": (is_number & ~is_fraction).sum(),
    }  # fmt: skip
    frame = pl.DataFrame({"written": written, "text": is_text, "null": is_null})
    plain = pl.col("written").str.strip_prefix('"').str.strip_suffix('"')
    value = (
        pl.when("null").then(None).when("text").then(plain).when(pl.col("written") == "-0").then(pl.lit("0"))
        .otherwise("written")
    )  # fmt: skip
    values = frame.select(value.alias("value"))["value"]
    escaped = (is_text & written.str.contains("\\", literal=True)).arg_true()
    if len(escaped):
        values = values.scatter(escaped, [json.loads(one) for one in written.gather(escaped).to_list()])
    return values, Counter({kind: count for kind, count in counts.items() if count})


def _holds_long_number(values: pl.DataFrame) -> pl.Series:
    long = (pl.all().str.len_bytes() > LONGEST_NUMBER) & ~pl.all().str.starts_with('"')
    return values.select(pl.any_horizontal(long).fill_null(value=False).alias("long"))["long"]


def _first(lines: pl.Series, tried: Sequence[Record]) -> Record | None:
    """Return what the first record among `lines` looks like, if it is flat and not one of those `tried`."""
    for line in lines.head(_LOOKED_AT).to_list():
        record = _record(line)
        if record is not None and record not in tried:
            return record
    return None


def _record(line: str) -> Record | None:
    try:
        pairs = json.loads(line, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return None
    if not isinstance(pairs, tuple) or not 0 < len(pairs) <= WIDEST or not _is_flat([value for _, value in pairs]):
        return None
    names = tuple(name for name, _ in pairs)
    written = [json.dumps(name, ensure_ascii=False) for name in names]
    if len(set(names)) < len(names) or not all(name.isprintable() for name in names):
        return None
    return Record(names, tuple(_patterns([pl.escape_regex(name) for name in written])))


def _patterns(names: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(names), _AT_ONCE):
        fields = [f"{name}{_SPACE}:{_SPACE}{_VALUE}{_SPACE}" for name in names[start : start + _AT_ONCE]]
        head = rf"{_SPACE}\{{" if start == 0 else ","
        tail = rf"\}}{_SPACE}" if start + _AT_ONCE >= len(names) else r"((?s:.*))"
        yield f"^{head}{_SPACE}{f',{_SPACE}'.join(fields)}{tail}$"


def _is_flat(values: Sequence[Any]) -> bool:
    return not any(isinstance(value, tuple | list) for value in values)
