"""Bring the columns of a typed table to the types that datasets have, without losing a value in silence.

| type | becomes |
|---|---|
| decimal without decimals, 128-bit integer | int64 where all values fit, else text |
| decimal | float64 where that changes no whole part, int64 where all are whole, else text |
| datetime, duration, time | the same in microseconds, datetimes in UTC |
| struct, list, map | JSON text |
| categorical | text |

One pass over the table finds out what would be lost.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from engine.data.formats import Finding
from engine.data.parsing import exact, noticing

_DAY: Final = 86_400
_FIRST, _LAST = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31, in days since 1970
_PER_SECOND: Final = {"ns": 10**9, "us": 10**6, "ms": 10**3}
_LARGEST: Final = 2**63 - 1

Seen = Mapping[str, Any]
"""What the pass over the table says of a column: `missing`, and what its type asks for."""


@dataclass(frozen=True)
class Plain:
    """A column as a dataset has it, and what is said of it."""

    value: pl.Expr
    findings: tuple[Finding, ...] = ()


def plain_types(table: pl.LazyFrame, *, nan_is_missing: bool = False) -> tuple[pl.LazyFrame, list[Finding]]:
    """Return `table` with each type that datasets do not have as the nearest that they have, and what is said of it.

    Args:
        table: Its rows are looked at once where its types need it.
        nan_is_missing: Whether NaN is stored as missing, as in text files.
    """
    schema = table.collect_schema()
    asked = {
        f"{place} {what}": value
        for place, (name, dtype) in enumerate(schema.items())
        for what, value in _questions(pl.col(name), dtype).items()
    }
    answers = table.select(**asked).collect().row(0, named=True) if asked else {}
    seen: list[dict[str, Any]] = [{} for _ in schema]
    for key, value in answers.items():
        place, _, what = key.partition(" ")
        seen[int(place)][what] = value
    plain = [
        _plain(table, name, dtype, told, nan_is_missing=nan_is_missing)
        for told, (name, dtype) in zip(seen, schema.items(), strict=True)
    ]
    columns = [one.value.alias(name) for one, name in zip(plain, schema, strict=True)]
    return table.select(columns), [finding for one in plain for finding in one.findings]


def _questions(column: pl.Expr, dtype: Any) -> dict[str, pl.Expr]:
    """Return what has to be known about all values of a column, as expressions that give one value."""
    if dtype.is_nested():
        leaves = [(~leaf.is_finite()).sum() for leaf in _floats(column, dtype)]
        return {"gaps": pl.sum_horizontal(leaves)} if leaves else {}
    if dtype.is_float():
        return {"gaps": column.is_nan().sum()}
    if isinstance(dtype, (pl.String, pl.Categorical, pl.Enum)):
        return {"zeros": column.cast(pl.String).str.contains("\0", literal=True).sum()}
    if isinstance(dtype, (pl.Int128, pl.UInt128)) or (isinstance(dtype, pl.Decimal) and not dtype.scale):
        large = column.filter(column.is_not_null() & column.cast(pl.Int64, strict=False).is_null())
        return {"large": large.first().cast(pl.String)}
    if isinstance(dtype, pl.Decimal):
        return {"long": _is_long(column, dtype).any()}
    return _questions_of_times(column, dtype)


def _questions_of_times(column: pl.Expr, dtype: Any) -> dict[str, pl.Expr]:
    found = {}
    if (limits := _limits(dtype)) is not None:
        found["far"] = (~column.to_physical().is_between(*limits)).sum()
    if isinstance(dtype, pl.Time) or getattr(dtype, "time_unit", "") == "ns":
        found["cut"] = (column.to_physical() % 1000 != 0).sum()
    return found


def _plain(table: pl.LazyFrame, name: str, dtype: Any, seen: Seen, *, nan_is_missing: bool) -> Plain:
    column = pl.col(name)
    if dtype.is_nested():
        said = (noticing.nested_gaps(name, seen["gaps"]),) if seen.get("gaps") else ()
        return Plain(_json(column, dtype), (noticing.converted(name, str(dtype), "JSON text"), *said))
    if dtype.is_float():
        value = column.cast(pl.Float32) if isinstance(dtype, pl.Float16) else column
        is_gone = nan_is_missing and seen["gaps"]
        return Plain(value.fill_nan(None), (noticing.gaps(name, seen["gaps"]),)) if is_gone else Plain(value)
    if "zeros" in seen:
        said = (noticing.zero_characters(name, seen["zeros"]),) if seen["zeros"] else ()
        return Plain(column.cast(pl.String), said)
    if "large" in seen or "long" in seen:
        return _exact(table, name, dtype, seen)
    if dtype.is_temporal():
        return _times(name, dtype, seen)
    return Plain(column.cast(pl.String) if isinstance(dtype, pl.Null) else column)


def _exact(table: pl.LazyFrame, name: str, dtype: Any, seen: Seen) -> Plain:
    """Return a column of decimals or of 128-bit integers."""
    column = pl.col(name)
    as_text = column.cast(pl.String)
    if "large" in seen:
        if seen["large"] is not None:
            return Plain(as_text, (noticing.long_numbers(name, seen["large"]),))
        return Plain(column.cast(pl.Int64), (noticing.converted(name, str(dtype), "int64"),))
    told = noticing.converted(name, str(dtype), "float64")
    if not seen["long"]:
        return Plain(_float(column), (told,))
    lost = exact.loss(table.filter(_is_long(column, dtype)).select(as_text).collect().to_series())
    if lost.whole is not None:
        whole = column.cast(pl.Int64, strict=False)
        if table.select((whole.cast(dtype, strict=False).ne_missing(column)).any()).collect().item():
            return Plain(as_text, (noticing.long_numbers(name, lost.whole),))
        return Plain(whole, (noticing.converted(name, str(dtype), "int64"),))
    return Plain(_float(column), (told, noticing.rounded(name, lost.decimals)) if lost.decimals else (told,))


def _is_long(column: pl.Expr, dtype: Any) -> pl.Expr:
    """Return where decimals have so many digits that a float may not keep them all."""
    sure: float = 10.0 ** (exact.SURE - dtype.scale)
    return column.cast(pl.Float64).abs() >= 0.99 * sure


def _float(column: pl.Expr) -> pl.Expr:
    """Return decimals as the nearest floats, which Polars' own cast of decimals may miss by one place."""
    return column.cast(pl.String).cast(pl.Float64)


def _times(name: str, dtype: Any, seen: Seen) -> Plain:
    """Return a column of dates, datetimes, times or durations."""
    column, findings = pl.col(name), []
    if isinstance(dtype, pl.Datetime) and (dtype.time_zone or dtype.time_unit != "us"):
        told = "UTC, to the microsecond" if dtype.time_zone else "microseconds"
        findings.append(noticing.converted(name, str(dtype), told))
    elif isinstance(dtype, pl.Duration) and dtype.time_unit != "us":
        findings.append(noticing.converted(name, str(dtype), "microseconds"))
    findings += [noticing.cut_times(name, seen["cut"])] if seen.get("cut") else []
    findings += [noticing.far_times(name, seen["far"])] if seen.get("far") else []
    if seen.get("far"):
        column = pl.when(column.to_physical().is_between(*(_limits(dtype) or (0, 0)))).then(column)
    if isinstance(dtype, pl.Time):
        column = (column.to_physical() // 1000 * 1000).cast(pl.Time)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        column = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    if isinstance(dtype, (pl.Datetime, pl.Duration)):
        column = column.dt.cast_time_unit("us")
    return Plain(column, tuple(findings))


def _limits(dtype: Any) -> tuple[int, int] | None:
    """Return the least and the largest physical value that can be shown and computed with; None where all can."""
    if isinstance(dtype, pl.Date):
        return _FIRST, _LAST
    if isinstance(dtype, pl.Datetime) and dtype.time_unit != "ns":
        second = _PER_SECOND[dtype.time_unit]
        return _FIRST * _DAY * second, (_LAST + 1) * _DAY * second - 1
    if isinstance(dtype, pl.Duration) and dtype.time_unit == "ms":
        return -_LARGEST // 1000, _LARGEST // 1000
    return None


def _floats(value: pl.Expr, dtype: Any) -> Iterator[pl.Expr]:
    """Yield the floats inside a nested column, flat."""
    if dtype.is_float():
        yield value
    elif isinstance(dtype, pl.List):
        yield from _floats(value.explode(), dtype.inner)
    elif isinstance(dtype, pl.Array):
        yield from _floats(value.cast(pl.List(dtype.inner)).explode(), dtype.inner)
    elif isinstance(dtype, pl.Struct):
        for field in dtype.fields:
            yield from _floats(value.struct.field(field.name), field.dtype)


def _json(column: pl.Expr, dtype: Any) -> pl.Expr:
    """Return nested values as JSON text; a value that is missing stays so, at every depth."""
    if "Binary" in repr(dtype):
        return column.map_batches(_python_json, return_dtype=pl.String)
    value = column.cast(pl.List(dtype.inner)) if isinstance(dtype, pl.Array) else column
    text = pl.struct(value.alias("v")).struct.json_encode()  # {"v":...}
    return pl.when(column.is_not_null()).then(text.str.slice(5, text.str.len_chars() - 6))


def _python_json(values: pl.Series) -> pl.Series:
    """Write values that hold bytes, as base64 (RFC 4648)."""
    texts = [
        None if value is None else json.dumps(value, ensure_ascii=False, default=_told) for value in values.to_list()
    ]
    return pl.Series(values.name, texts, dtype=pl.String)


def _told(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
