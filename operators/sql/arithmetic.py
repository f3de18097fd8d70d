"""Numbers in SQL expressions: whole numbers in types wide enough, and casts that round as DuckDB rounds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw

from operators.contract.tables import INTEGERS
from operators.sql.syntax import Node

Expr = nw.Expr

WHOLE: Final = frozenset({"+", "-", "*", "//", "%", "mod", "abs"})
"""What gives a whole number of whole numbers."""
_UNSIGNED_TOO: Final = WHOLE - {"-"}
_DECIMAL_TOO: Final = frozenset({"+", "-", "*", "%", "mod", "abs", "round"})
_MOST_BITS: Final = 62  # of a value in int64 that may be negated
_HALF: Final = 0.5
_EXACT: Final = 2.0**52  # a fraction of this size is whole


@dataclass(frozen=True)
class Operand:
    """One side of whole arithmetic: the name of its type, and its value where it is a constant."""

    kind: str
    value: int | None = None

    @property
    def is_unsigned(self) -> bool:
        """True where it cannot be negative."""
        return self.kind.startswith("uint") if self.value is None else self.value >= 0

    @property
    def bits(self) -> int:
        """How many bits its size may take."""
        if self.value is not None:
            return self.value.bit_length()
        size = int(self.kind.removeprefix("u").removeprefix("int"))
        return size if self.kind.startswith("u") else size - 1


def whole_types(name: str, operands: Sequence[Operand], *, checked: bool) -> tuple[Any, Any]:
    """Return the type to compute `name` in, and the type of what comes out: int64, or uint64 of uint64 and the like.

    A result that does not fit fails when it is computed, as no engine may wrap: DuckDB and Spark see to that, Polars
    does it where the last cast is from int128.

    Args:
        name: One of `WHOLE`.
        operands: One or two.
        checked: Whether the engine itself fails where its arithmetic overflows.
    """
    large = any(operand.kind == "uint64" and operand.value is None for operand in operands)
    unsigned = large and name in _UNSIGNED_TOO and all(operand.is_unsigned for operand in operands)
    result = nw.UInt64() if unsigned else nw.Int64()
    bits = [operand.bits for operand in operands]
    most = {"*": sum(bits), "+": max(bits) + 1, "-": max(bits) + 1}.get(name, max(bits))
    needs_more = large or (not checked and most > _MOST_BITS)
    return (nw.Int128() if needs_more else nw.Int64()), result


def is_decimal(node: Node, type_of: Callable[[Node], str]) -> bool:
    """Return whether DuckDB computes an expression in decimals: constants such as 0.5, and they with whole numbers."""
    kind = node["class"]
    if kind == "CONSTANT":
        return bool(node["value"]["type"]["id"] == "DECIMAL")
    if kind == "CAST":
        return bool(node["cast_type"]["id"] == "DECIMAL")
    if kind != "FUNCTION" or node["function_name"].lower() not in _DECIMAL_TOO:
        return False
    parts = node["children"][:1] if node["function_name"].lower() == "round" else node["children"]
    decimal = [is_decimal(part, type_of) for part in parts]
    others = (part for part, known in zip(parts, decimal, strict=True) if not known)
    return any(decimal) and all(type_of(part) in INTEGERS for part in others)


def floor(value: Expr) -> Expr:
    """Return the next whole number below each, as a fraction; NaN and infinity stay.

    Spark rounds to int64, in which NaN would be 0 and a large number an error.
    """
    return _where_it_has_a_fraction(value, nw.Expr.floor)


def ceil(value: Expr) -> Expr:
    """Return the next whole number above each, as `floor` does."""
    return _where_it_has_a_fraction(value, nw.Expr.ceil)


def _where_it_has_a_fraction(value: Expr, rounded: Callable[[Expr], Expr]) -> Expr:
    small = value.abs() < _EXACT
    some = nw.when(small).then(value).otherwise(nw.lit(0.0))
    return nw.when(small).then(rounded(some).cast(nw.Float64())).otherwise(value)


def half_even(value: Expr) -> Expr:
    """Return fractions rounded to whole ones, halves to the even one: a DOUBLE in DuckDB and PostgreSQL."""
    value = value.cast(nw.Float64())
    below = floor(value)
    rest = value - below
    up = (rest > _HALF) | ((rest == _HALF) & (below % 2 != 0))
    return nw.when(up).then(below + 1).otherwise(below)


def half_away(value: Expr) -> Expr:
    """Return fractions rounded to whole ones, halves away from zero: a decimal, or a text, in DuckDB and PostgreSQL."""
    size = value.cast(nw.Float64()).abs()
    below = floor(size)
    rounded = nw.when(size - below >= _HALF).then(below + 1).otherwise(below)
    return nw.when(value < 0).then(-rounded).otherwise(rounded)


def to_scale(value: Expr, digits: int) -> Expr:
    """Return numbers rounded to `digits` after the point, halves away from zero."""
    return half_away(value.cast(nw.Float64()) * 10.0**digits) / 10.0**digits


def whole_text(text: Expr, target: Any) -> Expr:
    """Return texts as whole numbers: digits as they are, what has a fraction or an exponent rounded."""
    trimmed = text.str.strip_chars()
    plain = trimmed.str.contains(r"^[+-]?[0-9]+$")
    digits = nw.when(plain).then(trimmed).cast(target)
    others = nw.when(~plain).then(trimmed).cast(nw.Float64())
    return nw.coalesce(digits, half_away(others).cast(target))
