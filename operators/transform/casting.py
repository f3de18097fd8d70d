"""Cast columns so that every engine agrees which values can be read, and what becomes of the others."""

from collections.abc import Mapping
from typing import Any, Final

import narwhals as nw
import polars as pl

from operators.contract.tables import INTEGERS, NUMERIC, TYPES, Column, LazyTable, lazy
from operators.sql.arithmetic import half_even

TEMPORAL: Final = frozenset({"date", "datetime"})
_FLOATS = NUMERIC - INTEGERS
_TRUE, _FALSE = r"^(?i:true|t|yes|y|1)$", r"^(?i:false|f|no|n|0)$"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SQL: Final[Mapping[str, str]] = {
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "uint8": "UTINYINT",
    "uint16": "USMALLINT",
    "uint32": "UINTEGER",
    "uint64": "UBIGINT",
    "float32": "FLOAT",
    "float64": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}


def cast_columns(
    table: LazyTable, columns: Mapping[str, Column], types: Mapping[str, str], *, strict: bool, cuts: bool = False
) -> LazyTable:
    """Return `table` with each column of `types` in its new type; nothing is computed.

    Args:
        table: Any number of rows.
        columns: The columns as they are, by name.
        types: Names of types, by column.
        cuts: Fractions become whole numbers by cutting towards zero, as they did first, and not by rounding.
        strict: Computing the table fails on a value that cannot be read; it becomes null otherwise.
    """
    if not types:
        return table
    readable = table.with_columns(
        *(_readable(columns[name], kind, strict=strict, cuts=cuts).alias(name) for name, kind in types.items())
    )
    native = readable.to_native()
    if isinstance(native, pl.LazyFrame):
        return lazy(native.with_columns(_polars(columns[name], kind, strict) for name, kind in types.items()))
    if table.implementation.is_duckdb():
        parts = ", ".join(f"{_duckdb(name, kind, strict)} AS {_quoted(name)}" for name, kind in types.items())
        return nw.from_native(native.project(f"* REPLACE ({parts})"))  # type: ignore[no-any-return]
    for name, kind in types.items():
        native = native.withColumn(name, _spark(name, kind, strict))
    return nw.from_native(native)  # type: ignore[no-any-return]


def _readable(column: Column, kind: str, *, strict: bool, cuts: bool) -> nw.Expr:
    """Return the column in a form that every engine reads alike; null or unreadable where it is no `kind`."""
    value = nw.col(column.name)
    if column.type == "string" and kind != "string":
        return _readable_text(value.str.strip_chars(), kind, strict=strict)
    if column.type in _FLOATS and kind in INTEGERS:
        return nw.when(value < 0).then(value.ceil()).otherwise(value.floor()) if cuts else half_even(value)
    return value


def _readable_text(text: nw.Expr, kind: str, *, strict: bool) -> nw.Expr:
    bad = nw.concat_str([nw.lit("unreadable: "), text]) if strict else nw.lit(None, nw.String())
    if kind == "boolean":
        chosen = nw.when(text.str.contains(_FALSE)).then(nw.lit("0")).otherwise(bad)
        return nw.when(text.str.contains(_TRUE)).then(nw.lit("1")).otherwise(chosen)
    if kind == "date":
        return nw.when(text.str.contains(f"^{_DAY}$")).then(text).otherwise(bad)
    if kind == "datetime":
        spaced = text.str.replace_all("T", " ", literal=True)
        moment = nw.when(text.str.contains(rf"^{_DAY}[ T][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]{{1,6}})?$")).then(
            spaced
        )
        midnight = nw.concat_str([text, nw.lit(" 00:00:00")])
        return moment.otherwise(nw.when(text.str.contains(f"^{_DAY}$")).then(midnight).otherwise(bad))
    pattern = _NUMBER if kind in _FLOATS else r"^[+-]?[0-9]+$"
    return nw.when(text.str.contains(pattern)).then(text).otherwise(bad)


def _polars(column: Column, kind: str, strict: bool) -> pl.Expr:
    value = pl.col(column.name)
    if column.type == "string" and kind == "date":
        return value.str.to_date("%Y-%m-%d", strict=strict)
    if column.type == "string" and kind == "datetime":
        return value.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=strict)
    if column.type == "string" and kind == "boolean":
        return value.cast(pl.Int8, strict=strict).cast(pl.Boolean)
    return value.cast(TYPES[kind], strict=strict)


def _duckdb(name: str, kind: str, strict: bool) -> str:
    return f"{'CAST' if strict else 'TRY_CAST'}({_quoted(name)} AS {_SQL.get(kind, 'VARCHAR')})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _spark(name: str, kind: str, strict: bool) -> Any:
    from pyspark.sql import functions

    column = functions.col("`" + name.replace("`", "``") + "`")
    target = {**_SQL, "datetime": "TIMESTAMP_NTZ"}.get(kind, "STRING")
    return column.cast(target) if strict else column.try_cast(target)
