"""What Polars, DuckDB and Spark say of values that do not fit, as one sentence that names them."""

import re
from typing import Final

from operators.contract.errors import ParameterError
from operators.contract.tables import INTEGERS

_WHOLE: Final = {"i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"}
_NAMES: Final = {"str": "string", "f32": "float32", "f64": "float64", "i128": "int128", "bool": "boolean"}
_POLARS: Final = re.compile(
    r"conversion from `(?P<old>[^`]+)` to `(?P<new>[^`]+)` failed in column '(?P<column>.*)' "
    r"for (?P<bad>\d+) out of (?P<all>\d+) values: \[(?P<values>.*?)\]",
    re.DOTALL,
)
_DUCKDB: Final = re.compile(r"Overflow (?:in|on) (?P<what>[^!\n]*)")
_DUCKDB_CAST: Final = re.compile(
    r"Type (?P<old>\S+) with value (?P<value>\S+) can't be cast because the value is out of range "
    r"for the destination type (?P<type>\S+)"
)
_DUCKDB_TEXT: Final = re.compile(r"Could not convert string (?P<value>'.*?') to (?P<type>[A-Z0-9]+)", re.DOTALL)
_SPARK: Final = re.compile(r"ARITHMETIC_OVERFLOW\][^\n]*?(?:'try_(?P<what>\w+)'|SQLSTATE)")
_SPARK_CAST: Final = re.compile(
    r"CAST_(?:OVERFLOW|INVALID_INPUT)\] The value (?P<value>'.*?'|\S+) of the type \"(?P<old>[^\"]+)\" "
    r"cannot be cast to \"(?P<new>[^\"]+)\"",
    re.DOTALL,
)
_SQL_NAMES: Final = {
    "tinyint": "int8",
    "smallint": "int16",
    "int": "int32",
    "bigint": "int64",
    "float": "float32",
    "double": "float64",
}
_WIDER: Final = "Compute in fractions, as in CAST(a AS DOUBLE) * b, or check the values with filter_rows."
_CASTING: Final = "cast_types can make such values null, filter_rows can leave them out."


def values_that_do_not_fit(error: BaseException) -> ParameterError | None:
    """Return the sentence where an engine failed for a value that has no place in the type it should become, else None.

    Args:
        error: Whatever computing a table raised.
    """
    text = str(error)
    if found := _POLARS.search(text):
        return _of_polars(found)
    if found := _SPARK_CAST.search(text):
        return _of_spark(found)
    if found := _DUCKDB_CAST.search(text):
        value, kind = found["value"], found["type"].lower()
        return _overflow(f"{value} ({kind})") if found["old"] == "INT128" else _unreadable(value, kind)
    if found := _DUCKDB_TEXT.search(text):
        kind = found["type"].lower()
        return _unreadable(found["value"], _SQL_NAMES.get(kind, kind))
    if found := _DUCKDB.search(text):
        return _overflow(found["what"])
    if found := _SPARK.search(text):
        return _overflow(f"{found['what']} of int64" if found["what"] else "int64")
    return None


def _of_polars(found: "re.Match[str]") -> ParameterError:
    old, new, value = _type(found["old"]), _type(found["new"]), found["values"].split(", ")[0].rstrip("…")
    if found["old"] == "i128" and found["new"] in _WHOLE:
        return _overflow(f"{value} ({new})")
    if found["column"].startswith("__POLARS"):
        return _unreadable(value, new)
    bad, every, column = found["bad"], found["all"], found["column"]
    return ParameterError(
        f"{bad} of {every} values of column {column!r} ({old}) do not fit in {new}: {value:.60}.", hint=_CASTING
    )


def _of_spark(found: "re.Match[str]") -> ParameterError:
    value, new = found["value"], _SQL_NAMES.get(found["new"].lower(), found["new"].lower())
    if found["old"].startswith("DECIMAL") and new in INTEGERS:  # a sum, or what DuckDB computes in more digits
        return _overflow(f"{value.removesuffix('BD')} ({new})")
    return _unreadable(value if value[:1] == "'" else value.rstrip("DLSFB"), new)


def _overflow(what: str) -> ParameterError:
    return ParameterError(f"Whole numbers overflow: {what.strip():.120}.", hint=_WIDER)


def _unreadable(value: str, kind: str) -> ParameterError:
    return ParameterError(f"The value {value:.60} does not fit in {kind}.", hint=_CASTING)


def _type(name: str) -> str:
    return {"i": "int", "u": "uint"}[name[0]] + name[1:] if name in _WHOLE else _NAMES.get(name, name)
