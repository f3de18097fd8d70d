"""The functions that SQL expressions may call, each as a narwhals expression that all engines share."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw

from operators.contract.errors import ExpressionError
from operators.sql.arithmetic import ceil, floor

Expr = nw.Expr

# DuckDB writes INTERVAL 3 DAY as to_days(3); narwhals writes it 3d.
INTERVALS: Final[Mapping[str, str]] = {
    "to_years": "y",
    "to_months": "mo",
    "to_days": "d",
    "to_hours": "h",
    "to_minutes": "m",
    "to_seconds": "s",
}
_EXACT = 2.0**52  # above it a float has no fraction to round


@dataclass(frozen=True)
class Arguments:
    """The arguments of one call: as expressions, or as constants."""

    nodes: Sequence[Any]
    expr: Callable[[Any], Expr]
    raw: Callable[[Any], Any]

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, position: int) -> Expr:
        return self.expr(self.nodes[position])

    def all(self) -> list[Expr]:
        """Return every argument as an expression."""
        return [self.expr(node) for node in self.nodes]

    def text(self, position: int) -> str:
        """Return the text constant at `position`.

        Raises:
            ExpressionError: It is no text, or not a constant.
        """
        value = self.raw(self.nodes[position])
        if not isinstance(value, str):
            raise ExpressionError(f"{value!r} is not a text.", hint="Write it in single quotes.")
        return value

    def whole(self, position: int, default: int = 0, *, least: int = -(2**31)) -> int:
        """Return the whole number at `position`, or `default` where the call is shorter.

        Raises:
            ExpressionError: It is no whole number in [least, 2**31), or not a constant.
        """
        value = self.raw(self.nodes[position]) if position < len(self.nodes) else default
        if not isinstance(value, int) or not least <= value < 2**31:
            raise ExpressionError(f"{value!r} is not a whole number that fits here.", hint="Write it out, as in 2.")
        return value


@dataclass(frozen=True)
class Function:
    """What a function makes of its arguments, and how many it takes (both ends closed)."""

    usage: str
    least: int
    most: int
    build: Callable[[Arguments], Expr]

    @property
    def arity(self) -> str:
        """How many arguments, in words."""
        return str(self.least) if self.least == self.most else f"{self.least} to {self.most}"


def like_pattern(pattern: str, operator: str) -> str:
    """Return the regular expression of a LIKE pattern; `~~*` and `!~~*` pass over case."""
    parts = {"%": ".*", "_": "."}
    body = "".join(parts.get(sign, re.escape(sign)) for sign in pattern)
    return f"(?{'is' if operator.endswith('*') else 's'})^{body}$"


def read_moment(text: Expr, kind: str) -> Expr:
    """Return a text such as 2026-11-23 or 2026-11-23 08:30:00 as a date or datetime."""
    if kind == "date":
        return text.str.to_date("%Y-%m-%d")
    spaced = text.str.replace_all("T", " ", literal=True)
    midnight = nw.concat_str([text, nw.lit(" 00:00:00")])
    moment = nw.when(text.str.contains("^.{10}$")).then(midnight).otherwise(spaced)
    return moment.str.to_datetime("%Y-%m-%d %H:%M:%S")


def _divided(left: Expr, right: Expr) -> Expr:
    """Return left / right as a fraction; null where `right` is zero."""
    return nw.when(right != 0).then(left / right)


def _negated(value: Expr) -> Expr:
    return value * -1  # Polars has no sign for int128


def _modulo(left: Expr, right: Expr) -> Expr:
    rest = nw.when(right != 0).then(left.abs() % right.abs())
    return nw.when(left < 0).then(_negated(rest)).otherwise(rest)


def _whole_division(left: Expr, right: Expr) -> Expr:
    count = nw.when(right != 0).then(left.abs() // right.abs())
    return nw.when((left < 0) == (right < 0)).then(count).otherwise(_negated(count))


def _rounded(arguments: Arguments) -> Expr:
    digits = arguments.whole(1)
    value = arguments[0].cast(nw.Float64())
    scale = 10.0**digits
    size = value.abs() * scale
    whole = nw.when(size < _EXACT).then((size + 0.5).floor()).otherwise(size) / scale
    return nw.when(value < 0).then(-whole).otherwise(whole)


def _sign(value: Expr) -> Expr:
    return nw.when(value > 0).then(nw.lit(1)).otherwise(nw.when(value < 0).then(nw.lit(-1)).otherwise(value * 0))


def _logarithm(value: Expr, base: float | None = None) -> Expr:
    positive = nw.when(value > 0).then(value)
    return positive.log() if base is None else positive.log(base=base)


def _minus(arguments: Arguments) -> Expr:
    return _negated(arguments[0]) if len(arguments) == 1 else arguments[0] - arguments[1]


def _plus(arguments: Arguments) -> Expr:
    return arguments[0] if len(arguments) == 1 else arguments[0] + arguments[1]


def _joined(parts: Sequence[Expr], *, ignore_nulls: bool) -> Expr:
    return nw.concat_str([part.cast(nw.String()) for part in parts], ignore_nulls=ignore_nulls)


def _substring(arguments: Arguments) -> Expr:
    start, length = arguments.whole(1), arguments.whole(2, 2**31 - 1, least=0)
    if start == 0:
        raise ExpressionError("substr counts from 1.", hint="Write substr(x, 1, 3).")
    return arguments[0].str.slice(start - 1 if start > 0 else start, length)


def _null_if(arguments: Arguments) -> Expr:
    value, other = arguments[0], arguments[1]
    return nw.when(~(value == other).fill_null(False)).then(value)


def _quarter(value: Expr) -> Expr:
    return (value.dt.month() + 2) // 3


_PARTS: Final[Mapping[str, Callable[[Expr], Expr]]] = {
    "year": lambda value: value.dt.year(),
    "quarter": _quarter,
    "month": lambda value: value.dt.month(),
    "day": lambda value: value.dt.day(),
    "hour": lambda value: value.dt.hour(),
    "minute": lambda value: value.dt.minute(),
    "second": lambda value: value.dt.second(),
    "dow": lambda value: value.dt.weekday() % 7,
    "dayofweek": lambda value: value.dt.weekday() % 7,
    "weekday": lambda value: value.dt.weekday() % 7,
    "isodow": lambda value: (value.dt.weekday() + 6) % 7 + 1,  # Spark counts Sunday as 0
    "doy": lambda value: value.dt.ordinal_day(),
    "dayofyear": lambda value: value.dt.ordinal_day(),
}
_TRUNCATIONS: Final[Mapping[str, str]] = {
    "year": "1y",
    "quarter": "1q",
    "month": "1mo",
    "day": "1d",
    "hour": "1h",
    "minute": "1m",
    "second": "1s",
}


def _named(choices: Mapping[str, Any], name: Any, what: str) -> Any:
    key = str(name).lower().removesuffix("s")
    if key not in choices:
        raise ExpressionError(f"No {what} {name!r}.", hint=f"It may be one of {', '.join(sorted(choices))}.")
    return choices[key]


def _date_part(arguments: Arguments) -> Expr:
    part: Callable[[Expr], Expr] = _named(_PARTS, arguments.text(0), "part of a date")
    return part(arguments[1]).cast(nw.Int64())


def _date_truncated(arguments: Arguments) -> Expr:
    moment = arguments[1].cast(nw.Datetime("us"))
    truncated = moment.dt.truncate(_named(_TRUNCATIONS, arguments.text(0), "unit of time"))
    return truncated.cast(nw.Datetime("us"))  # Spark adds a time zone


def _ticks(moment: Expr, unit: str) -> Expr:
    """Return how many of `unit` had begun at `moment` since year 1, by the calendar: engines share no other way."""
    year = moment.dt.year().cast(nw.Int64())
    if unit in {"year", "quarter", "month"}:
        per_year = {"year": 1, "quarter": 4, "month": 12}[unit]
        return year if unit == "year" else year * per_year + _PARTS[unit](moment).cast(nw.Int64())
    past = year - 1
    count = past * 365 + past // 4 - past // 100 + past // 400 + moment.dt.ordinal_day().cast(nw.Int64())
    for finer, size in (("hour", 24), ("minute", 60), ("second", 60)):
        if unit == "day":
            break
        count = count * size + _PARTS[finer](moment).cast(nw.Int64())
        if unit == finer:
            break
    return count


def days_between(first: Expr, last: Expr) -> Expr:
    """Return how many days `last` is after `first`; both are dates."""
    return _ticks(last, "day") - _ticks(first, "day")


def _date_difference(arguments: Arguments) -> Expr:
    """Count the boundaries of the unit that lie between two moments, as DuckDB does."""
    unit = arguments.text(0).lower().removesuffix("s")
    _named(_TRUNCATIONS, unit, "unit of time")
    first, last = arguments[1].cast(nw.Datetime("us")), arguments[2].cast(nw.Datetime("us"))
    return _ticks(last, unit) - _ticks(first, unit)


def _part_of_first(part: Callable[[Expr], Expr]) -> Callable[[Arguments], Expr]:
    return lambda arguments: part(arguments[0]).cast(nw.Int64())


_FLOAT = nw.Float64()

# names that mean the same, how it is written, fewest and most arguments, what it makes of them
_DEFINITIONS: Final[Sequence[tuple[str, str, int, int, Callable[[Arguments], Expr]]]] = (
    ("+", "a + b", 1, 2, _plus),
    ("-", "a - b", 1, 2, _minus),
    ("*", "a * b", 2, 2, lambda a: a[0] * a[1]),
    ("/ divide", "a / b", 2, 2, lambda a: _divided(a[0], a[1])),
    ("//", "a // b", 2, 2, lambda a: _whole_division(a[0], a[1])),
    ("% mod", "a % b", 2, 2, lambda a: _modulo(a[0], a[1])),
    ("** ^ pow power", "power(a, b)", 2, 2, lambda a: a[0].cast(_FLOAT) ** a[1].cast(_FLOAT)),
    ("abs", "abs(x)", 1, 1, lambda a: a[0].abs()),
    ("ceil ceiling", "ceil(x)", 1, 1, lambda a: ceil(a[0].cast(_FLOAT))),
    ("floor", "floor(x)", 1, 1, lambda a: floor(a[0].cast(_FLOAT))),
    ("round", "round(x, 2)", 1, 2, _rounded),
    ("sign", "sign(x)", 1, 1, lambda a: _sign(a[0])),
    ("sqrt", "sqrt(x)", 1, 1, lambda a: nw.when(a[0] >= 0).then(a[0]).cast(_FLOAT).sqrt()),
    ("exp", "exp(x)", 1, 1, lambda a: a[0].cast(_FLOAT).exp()),
    ("ln", "ln(x)", 1, 1, lambda a: _logarithm(a[0].cast(_FLOAT))),
    ("log log10", "log10(x)", 1, 1, lambda a: _logarithm(a[0].cast(_FLOAT), 10.0)),
    ("log2", "log2(x)", 1, 1, lambda a: _logarithm(a[0].cast(_FLOAT), 2.0)),
    ("greatest", "greatest(a, b)", 1, 99, lambda a: nw.max_horizontal(*a.all())),
    ("least", "least(a, b)", 1, 99, lambda a: nw.min_horizontal(*a.all())),
    ("coalesce", "coalesce(a, b)", 1, 99, lambda a: nw.coalesce(*a.all())),
    ("ifnull", "ifnull(a, b)", 2, 2, lambda a: nw.coalesce(*a.all())),
    ("nullif", "nullif(a, b)", 2, 2, _null_if),
    ("if iff", "if(condition, a, b)", 3, 3, lambda a: nw.when(a[0]).then(a[1]).otherwise(a[2])),
    ("isnan", "isnan(x)", 1, 1, lambda a: a[0].cast(_FLOAT).is_nan()),
    ("isfinite", "isfinite(x)", 1, 1, lambda a: a[0].cast(_FLOAT).is_finite()),
    ("lower lcase", "lower(x)", 1, 1, lambda a: a[0].str.to_lowercase()),
    ("upper ucase", "upper(x)", 1, 1, lambda a: a[0].str.to_uppercase()),
    ("length len char_length", "length(x)", 1, 1, lambda a: a[0].str.len_chars().cast(nw.Int64())),
    ("trim", "trim(x)", 1, 1, lambda a: a[0].str.strip_chars()),
    ("ltrim", "ltrim(x)", 1, 1, lambda a: a[0].str.strip_chars_start()),
    ("rtrim", "rtrim(x)", 1, 1, lambda a: a[0].str.strip_chars_end()),
    ("substr substring", "substr(x, 1, 3)", 2, 3, _substring),
    ("left", "left(x, 3)", 2, 2, lambda a: a[0].str.slice(0, a.whole(1, least=0))),
    ("right", "right(x, 3)", 2, 2, lambda a: a[0].str.slice(-a.whole(1, least=1))),
    ("replace", "replace(x, 'a', 'b')", 3, 3, lambda a: a[0].str.replace_all(a.text(1), a.text(2), literal=True)),
    ("contains", "contains(x, 'a')", 2, 2, lambda a: a[0].str.contains(a.text(1), literal=True)),
    ("starts_with prefix", "starts_with(x, 'a')", 2, 2, lambda a: a[0].str.starts_with(a.text(1))),
    ("ends_with suffix", "ends_with(x, 'a')", 2, 2, lambda a: a[0].str.ends_with(a.text(1))),
    ("regexp_matches", "regexp_matches(x, '[0-9]+')", 2, 2, lambda a: a[0].str.contains(a.text(1))),
    ("||", "a || b", 2, 2, lambda a: _joined(a.all(), ignore_nulls=False)),
    ("concat", "concat(a, b)", 1, 99, lambda a: _joined(a.all(), ignore_nulls=True)),
    ("date_part datepart", "date_part('year', x)", 2, 2, _date_part),
    ("date_trunc datetrunc", "date_trunc('month', x)", 2, 2, _date_truncated),
    ("date_diff datediff", "date_diff('day', a, b)", 3, 3, _date_difference),
    *((part, f"{part}(x)", 1, 1, _part_of_first(build)) for part, build in _PARTS.items()),
)

FUNCTIONS: Final[Mapping[str, Function]] = {
    name: Function(usage, least, most, build)
    for names, usage, least, most, build in _DEFINITIONS
    for name in names.split()
}
