"""The type in which columns of several tables can stand one under the other."""

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from operators.contract.errors import ColumnTypeError
from operators.contract.tables import INTEGERS, NUMERIC, LazyTable, type_name


def common_types(tables: Mapping[str, LazyTable], names: Sequence[str], *, mixes_signs: bool = False) -> dict[str, Any]:
    """Return the narwhals type of each column, None where it stays as it is in every table.

    Args:
        tables: By the name of their port; only their schemas are looked at.
        names: Columns; a table may lack some.
        mixes_signs: Take uint64 and signed numbers to int64, as the first version did, which fails by what rows hold.

    Raises:
        ColumnTypeError: A column has types that do not go together.
    """
    schemas = {port: table.collect_schema() for port, table in tables.items()}
    return {
        name: _common(name, {port: schema[name] for port, schema in schemas.items() if name in schema}, mixes_signs)
        for name in names
    }


def _common(name: str, types: Mapping[str, Any], mixes_signs: bool) -> Any:
    kinds = {port: type_name(dtype) for port, dtype in types.items()}
    known = {port: kind for port, kind in kinds.items() if not _is_null(types[port], kind)}
    if not known:
        return None
    different = set(known.values())
    if len(different) == 1:
        return _alike(name, {port: types[port] for port in known}, different.pop())
    if different <= INTEGERS and "uint64" in different and not mixes_signs:
        if any(kind.startswith("int") for kind in different):
            raise _refusal(name, known)
        return nw.UInt64()
    if different <= NUMERIC:
        return nw.Int64() if different <= INTEGERS else nw.Float64()
    moments = {types[port] for port, kind in known.items() if kind == "datetime"}
    if different == {"date", "datetime"} and len(moments) == 1:
        return moments.pop()
    raise _refusal(name, known)


def _alike(name: str, types: Mapping[str, Any], kind: str) -> Any:
    """Return the type of columns of one kind, which may differ in their unit, categories or contents."""
    first, *others = types.values()
    if all(dtype == first for dtype in others):
        return first
    zones = {getattr(dtype, "time_zone", None) for dtype in types.values()}
    if kind == "unknown" or len(zones) > 1:
        raise _refusal(name, {port: str(dtype) for port, dtype in types.items()})
    return nw.String() if kind == "string" else first


def _is_null(dtype: Any, kind: str) -> bool:
    """True for a column that is all null and has no type: it goes with any other."""
    return kind == "unknown" and dtype == nw.Unknown


def _refusal(name: str, kinds: Mapping[str, str]) -> ColumnTypeError:
    told = list(dict.fromkeys((kind, port) for port, kind in kinds.items()))
    (first, port), (second, other) = told[0], next(pair for pair in told if pair[0] != told[0][0])
    return ColumnTypeError(
        f"Column {name!r} is {first} in the table {port!r} and {second} in {other!r}.",
        hint="Cast one of them with cast_types.",
        field="columns",
    )
