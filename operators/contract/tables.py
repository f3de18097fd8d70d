"""Tables as operators see them: lazy, and the same on Polars, DuckDB and Spark."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from operators.contract.errors import MissingColumnError, ParameterError

LazyTable = nw.LazyFrame[Any]
"""A table not computed yet; narwhals speaks to the engine behind it."""

# The names of column types, as pipelines, manifests and the command line write them.
TYPES: dict[str, Any] = {
    "int8": pl.Int8,
    "int16": pl.Int16,
    "int32": pl.Int32,
    "int64": pl.Int64,
    "uint8": pl.UInt8,
    "uint16": pl.UInt16,
    "uint32": pl.UInt32,
    "uint64": pl.UInt64,
    "float32": pl.Float32,
    "float64": pl.Float64,
    "boolean": pl.Boolean,
    "string": pl.String,
    "date": pl.Date,
    "datetime": pl.Datetime("us"),
    "duration": pl.Duration("us"),
    "time": pl.Time,
    "binary": pl.Binary,
    "null": pl.Null,
}
_NAMES: dict[type, str] = {
    nw.Int8: "int8",
    nw.Int16: "int16",
    nw.Int32: "int32",
    nw.Int64: "int64",
    nw.UInt8: "uint8",
    nw.UInt16: "uint16",
    nw.UInt32: "uint32",
    nw.UInt64: "uint64",
    nw.Float32: "float32",
    nw.Float64: "float64",
    nw.Boolean: "boolean",
    nw.String: "string",
    nw.Categorical: "string",
    nw.Enum: "string",
    nw.Date: "date",
    nw.Datetime: "datetime",
    nw.Duration: "duration",
    nw.Time: "time",
    nw.Binary: "binary",
}
INTEGERS = frozenset(name for name in TYPES if "int" in name)
NUMERIC = INTEGERS | {"float32", "float64"}


@dataclass(frozen=True)
class Column:
    """A column's name and the name of its type (a key of `TYPES`, or `unknown`)."""

    name: str
    type: str

    @property
    def is_numeric(self) -> bool:
        """True for integers and floats, not for booleans."""
        return self.type in NUMERIC


Schema = tuple[Column, ...]


def type_name(dtype: Any) -> str:
    """Return the name of a narwhals dtype; `unknown` where none of ours fits (nested, decimal)."""
    return _NAMES.get(dtype if isinstance(dtype, type) else type(dtype), "unknown")


def schema_of(table: LazyTable | nw.DataFrame[Any]) -> Schema:
    """Return the columns of `table`, without computing it."""
    return tuple(Column(name, type_name(dtype)) for name, dtype in table.collect_schema().items())


def names_of(table: LazyTable) -> list[str]:
    """Return the column names of `table`, without computing it.

    Raises:
        ParameterError: Two columns have the same name, as only a DuckDB table can.
    """
    names = list(table.columns)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ParameterError(f"Two columns are called {twice!r}.", hint="Give each column a name of its own.")
    return names


def require_names_apart(names: Iterable[str]) -> None:
    """Check that columns are called differently also where case does not count, as in SQL.

    Raises:
        ParameterError: Two differ in case only; DuckDB would call the second `name_1`.
    """
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise ParameterError(
                f"The columns {other!r} and {name!r} differ in case only, which SQL cannot tell apart.",
                hint="Rename one of them first; on the engine polars every other step knows them apart.",
            )


def empty_table(schema: Iterable[Column]) -> LazyTable:
    """Return a Polars table without rows; an `unknown` type becomes null."""
    frame = pl.LazyFrame(schema={column.name: TYPES.get(column.type, pl.Null) for column in schema})
    return nw.from_native(frame)


def put_back(schema: Schema, narrow: Schema, out: Schema) -> Schema:
    """Return `schema` with the columns `narrow` of it as they came out: at their places, gone, or new at the end."""
    asked, given = {column.name for column in narrow}, {column.name: column for column in out}
    kept: list[Column] = []
    for column in schema:
        if column.name not in asked:
            kept.append(column)
        elif column.name in given:
            kept.append(given[column.name])
    return (*kept, *(column for column in out if column.name not in asked))


def lazy(table: pl.DataFrame | pl.LazyFrame) -> LazyTable:
    """Return a Polars frame as operators take it."""
    return nw.from_native(table.lazy())


def collected(table: LazyTable) -> pl.DataFrame:
    """Compute `table` and return it as Polars, whatever engine it came from."""
    native = table.to_native()
    if isinstance(native, pl.LazyFrame):
        return native.collect()
    return table.collect(backend="polars").to_native()  # type: ignore[no-any-return]


def require_columns(table: LazyTable, columns: Sequence[str], *, field: str = "columns") -> Mapping[str, Column]:
    """Return the named columns of `table` by name.

    Raises:
        MissingColumnError: The first of `columns` that is not there.
    """
    schema = {column.name: column for column in schema_of(table)}
    for name in columns:
        if name not in schema:
            raise MissingColumnError.among(name, schema, field=field)
    return {name: schema[name] for name in columns}
