"""The types in which the keys of two tables are compared, so that equal keys match whatever engine looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw

from operators.contract.errors import ColumnTypeError
from operators.contract.tables import INTEGERS, LazyTable, require_columns, type_name

_UNITS: Final = ("s", "ms", "us", "ns")


@dataclass(frozen=True)
class Keys:
    """Which columns are compared, and in what type.

    Args:
        left: Key columns of the left table.
        right: Those of the right table, in the same order.
        common: The narwhals type that both are cast to; None where they are alike.
        back: The type that a left key has afterwards; None where it stays in the common one.
        own: The type of each right key.
    """

    left: Sequence[str]
    right: Sequence[str]
    common: Sequence[Any]
    back: Sequence[Any]
    own: Sequence[Any]

    @classmethod
    def of(
        cls, left: LazyTable, right: LazyTable, names: tuple[Sequence[str], Sequence[str]], *, full: bool, fields: Any
    ) -> "Keys":
        """Return the keys of two tables, whose schemas are looked at.

        Args:
            left: The left table.
            right: The right table.
            names: Key columns of both.
            full: The rows of both are kept, so that a key must have room for those of either.
            fields: Names of the parameters that say the keys of the left and of the right.

        Raises:
            MissingColumnError: A key is not in its table.
            ColumnTypeError: Two keys have types that cannot match.
        """
        require_columns(left, names[0], field=fields[0])
        require_columns(right, names[1], field=fields[1])
        if not names[0]:
            return cls((), (), (), (), ())
        first, second = left.collect_schema(), right.collect_schema()
        pairs = [(name, first[name], second[other]) for name, other in zip(*names, strict=True)]
        common = [_common(*pair, full=full, field=fields[0]) for pair in pairs]
        back = [own if kind == nw.Int128 else None for (_, own, _), kind in zip(pairs, common, strict=True)]
        return cls(*names, common, back, [own for _, _, own in pairs])

    def cast(self, table: LazyTable, names: Sequence[str]) -> LazyTable:
        """Return a table with its keys `names` in the common types."""
        return _cast(table, names, self.common)

    def restored(self, table: LazyTable) -> LazyTable:
        """Return joined rows with the left keys in their own types, where the common one was made for comparing."""
        return _cast(table, self.left, self.back)

    def right_restored(self, table: LazyTable) -> LazyTable:
        """Return rows of the right table with its keys in their own types."""
        changed = [own if kind is not None else None for own, kind in zip(self.own, self.common, strict=True)]
        return _cast(table, self.right, changed)


def _cast(table: LazyTable, names: Sequence[str], kinds: Sequence[Any]) -> LazyTable:
    parts = [nw.col(name).cast(kind) for name, kind in zip(names, kinds, strict=True) if kind is not None]
    return table.with_columns(*parts) if parts else table


def _common(name: str, left: Any, right: Any, *, full: bool, field: str) -> Any:
    """Return the type in which two keys are compared; None where they have it."""
    if left == right:
        return None
    kinds = {type_name(left), type_name(right)}
    if nw.Unknown in {left, right}:  # all null
        return right if left == nw.Unknown else left
    common = None
    if kinds <= INTEGERS:
        common = _whole(kinds, full=full)
    elif kinds == {"string"}:
        common = nw.String()
    elif kinds == {"datetime"} and (left.time_zone is None) == (right.time_zone is None):
        common = nw.Datetime(_finer(left, right), left.time_zone)
    elif kinds == {"duration"}:
        common = nw.Duration(_finer(left, right))
    if common is not None:
        return common
    told = [str(dtype) if len(kinds) == 1 or "unknown" in kinds else type_name(dtype) for dtype in (left, right)]
    raise ColumnTypeError(
        f"Key {name!r} is {told[0]} on the left, {told[1]} on the right.",
        hint="Cast one of them with cast_types.",
        field=field,
    )


def _whole(kinds: set[str], *, full: bool) -> Any:
    """Return a type for whole numbers: int128 where no other has room for uint64 beside negative ones."""
    if "uint64" not in kinds:
        return nw.Int64()
    if all(kind.startswith("uint") for kind in kinds):
        return nw.UInt64()
    return None if full else nw.Int128()


def _finer(left: Any, right: Any) -> Any:
    return max(left.time_unit, right.time_unit, key=_UNITS.index)
