"""Put the columns of two tables side by side where keys match."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import narwhals as nw
import polars as pl
from pydantic import Field, model_validator

from operators.contract.card import ALL_ENGINES, Card, Online
from operators.contract.contradictions import contradiction
from operators.contract.errors import ParameterError
from operators.contract.fields import hint
from operators.contract.losses import Loss, came_from
from operators.contract.operator import Example, frame
from operators.contract.ports import Beside
from operators.contract.table_operator import TableOperator
from operators.contract.tables import LazyTable, Schema, lazy, names_of
from operators.transform.join_keys import Keys

How = Literal["left", "inner", "full", "semi", "anti", "cross"]

_ADDING: frozenset[str] = frozenset({"left", "inner", "full", "cross"})


class JoinTables(TableOperator):
    """Match the rows of `left` with those of `right` by key.

    `left` keeps every left row; `inner` those with a match; `full` all rows of both; `semi` and `anti` the left rows
    with and without a match, adding no columns; `cross` pairs every row with every other and takes no key. A null key
    matches nothing; whole numbers match by value whatever their type, and NaN matches NaN. A row with several matches
    comes once for each. Keys come once, under their left names; other right columns whose name is taken get the suffix.
    Polars keeps the order of the left rows; DuckDB and Spark give any order.

    With `right_unique`, of several right rows with one key only the first in the order of their contents counts, so
    that no left row comes twice. A left join of that kind answers single rows at a service; no other join can.
    """

    alternative: ClassVar[str] = "Use a left join with one right row per key (right_unique)."
    may_repeat_rows: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        title={"en": "Join tables", "zh": "连接表"},
        category="transform",
        engines=ALL_ENGINES,
        version=2,
        online="refuse",
        about={
            "zh": (
                "按键匹配 `left` 与 `right` 的行。\n\n`left` 保留左表全部行；`inner` 保留有匹配的行；"
                "`full` 保留两表全部行；`semi` 和 `anti` 分别保留有匹配和没有匹配的左表行，不增加列；"
                "`cross` 两两组合，不需要键。空键不匹配任何行；整数不论类型按值匹配，NaN 与 NaN 匹配。"
                "有多个匹配的行会重复出现。键列只保留一份，"
                "使用左表的列名；右表其余重名的列加上后缀。Polars 保持左表的行序，DuckDB 和 Spark 不保证顺序。\n\n"
                "设置 `right_unique` 后，同一个键的多个右表行只取按内容排序的第一行，左表的行不会重复。"
                "只有这样的左连接可以用于在线服务。"
            )
        },
    )

    how: How = Field(
        "left",
        description="Which rows are kept: all left ones, those that match, all, or left ones with or without a match",
        json_schema_extra=hint("保留哪些行：左表全部、匹配的、两表全部、左表中有或没有匹配的"),
    )
    on: tuple[str, ...] = Field(
        (),
        description="Key columns, where both tables call them alike",
        json_schema_extra=hint("两表同名的键列", "columns", port="left"),
    )
    left_on: tuple[str, ...] = Field(
        (), description="Key columns of the left table", json_schema_extra=hint("左表的键列", "columns", port="left")
    )
    right_on: tuple[str, ...] = Field(
        (),
        description="Key columns of the right table, in the order of left_on",
        json_schema_extra=hint("右表的键列，与 left_on 顺序一致", "columns", port="right"),
    )
    suffix: str = Field(
        "_right",
        min_length=1,
        description="Appended to right columns whose name the left table has",
        json_schema_extra=hint("附加到右表重名列之后的后缀", advanced=True),
    )
    right_unique: bool = Field(
        False,
        description="Take one right row for each key, so that no left row is multiplied",
        json_schema_extra=hint("每个键只取右表一行，避免左表行重复"),
    )

    @model_validator(mode="after")
    def _keys_fit(self) -> "JoinTables":
        if self.on and (self.left_on or self.right_on):
            raise contradiction(
                "on",
                "keys are given by on, or by left_on and right_on, not by both",
                "两表键列与左右表各自的键列不能同时填写",
            )
        if len(self.left_on) != len(self.right_on):
            raise contradiction(
                "right_on", "left_on and right_on name as many columns", "左表键列与右表键列的数量必须相同"
            )
        if (self.how == "cross") == bool(self.on or self.left_on):
            if self.how == "cross":
                raise contradiction("on", "a cross join takes no key", "两两组合时不需要键列")
            raise contradiction("on", "a join needs a key: on", "连接需要指定键列")
        return self

    def online(self) -> Online:
        """Return `row` for a left join that cannot multiply rows, else `refuse`."""
        return "row" if self.how == "left" and self.right_unique else "refuse"

    def transform(self, left: LazyTable, right: Beside) -> LazyTable:
        """Return the joined rows.

        Raises:
            MissingColumnError: A key is not in its table.
            ColumnTypeError: Two keys have types that cannot match.
            ParameterError: Two columns would have the same name.
        """
        left_keys, right_keys = self._keys()
        alike = self._alike(left, right)
        left, right = alike.cast(left, left_keys), alike.cast(right, right_keys)
        if self.right_unique and right_keys:
            right = right.unique(right_keys, keep="first", order_by=names_of(right))
        if self.how not in _ADDING:
            return alike.restored(_joined(left, right, self.how, left_keys, right_keys))
        names = self._right_names(names_of(left), names_of(right), right_keys)
        keys = [names[key] for key in right_keys]
        joined = alike.restored(_joined(left, right.rename(names), self.how, left_keys, keys))
        if self.how == "full":
            merged = [
                nw.coalesce(nw.col(key), nw.col(other)).alias(key) for key, other in zip(left_keys, keys, strict=True)
            ]
            joined = joined.with_columns(*merged)
        kept = [name for old, name in names.items() if old not in right_keys]
        names_kept = [*names_of(left), *kept]
        if not names_kept:
            raise ParameterError("Neither table has columns.", hint="Connect tables with columns.")
        return joined.select(*names_kept)

    def losses(self, schemas: Mapping[str, Schema], values: Mapping[str, Any] | None = None) -> Sequence[Loss]:
        """Return left rows that find no match in a join that keeps them."""
        del values
        names, keys = [column.name for column in schemas["right"]], self._keys()[1]
        of_left = [column.name for column in schemas["left"]]
        carrier = next((new for old, new in self._right_names(of_left, names, keys).items() if old not in keys), "")
        if self.how not in {"left", "full"} or not carrier:
            return ()
        kept = came_from("left")
        return (Loss("unmatched", "", kept & ~came_from("right"), kept, marks=("left", "right"), carrier=carrier),)

    def apply_step(
        self, table: LazyTable, values: Mapping[str, Any] | None, beside: Mapping[str, LazyTable]
    ) -> LazyTable:
        """Join rows as `transform` does, looking only at the right rows they match: few, for one row at a service."""
        right, (left_keys, right_keys) = beside["right"], self._keys()
        if self.right_unique and right_keys:
            alike = self._alike(table, right)
            asked = alike.cast(table, left_keys).select(*(nw.col(name) for name in left_keys))
            found = alike.cast(right, right_keys).join(asked, how="semi", left_on=right_keys, right_on=left_keys)
            right = alike.right_restored(found)
        return super().apply_step(table, values, {"right": right})

    def _keys(self) -> tuple[list[str], list[str]]:
        return list(self.left_on or self.on), list(self.right_on or self.on)

    def _alike(self, left: LazyTable, right: LazyTable) -> Keys:
        """Return the types in which the keys are compared, such as int64 for int32 and int64."""
        fields = ("left_on", "right_on") if self.left_on else ("on", "on")
        left_keys, right_keys = self._keys()
        return Keys.of(left, right, (left_keys, right_keys), full=self.how == "full", fields=fields)

    def _right_names(self, left: list[str], right: list[str], keys: list[str]) -> dict[str, str]:
        """Return a name in the joined table for every right column; keys get names nobody has."""
        of_left, of_right, names = set(left), set(right), {}
        taken = set(left)
        for name in right:
            new = f"{name}{self.suffix}" if name in of_left and name not in keys else name
            if name in keys:
                while new in taken or new in of_right:
                    new = f"{new}_key"
            if new in taken:
                raise ParameterError(
                    f"Two columns would be called {new!r}.", hint="Choose another suffix.", field="suffix"
                )
            taken.add(new)
            names[name] = new
        return names

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return every kind of join, on keys with nulls, repeats and no match."""
        people = frame(name=["Ann", "Bo", "Cy", "Di"], city=[1, 2, None, 9], age=[30, 40, 50, 60])
        cities = frame(city=[1, 1, 2, None], age=[800, 800, 2700, 1], label=["Oslo", "Kristiania", "Rome", "?"])
        kinds: list[How] = ["inner", "left", "full", "semi", "anti"]
        tables = {"left": people, "right": cities}
        renamed = {"left": people, "right": cities.rename({"city": "id"})}
        return [
            Example(cls(on=("city",), right_unique=True), tables),
            *(Example(cls(how=how, on=("city",)), tables) for how in kinds),
            Example(cls(left_on=("city",), right_on=("id",), suffix="_city"), renamed),
            Example(cls(how="cross"), tables),
        ]


def _joined(left: LazyTable, right: LazyTable, how: str, left_keys: list[str], right_keys: list[str]) -> LazyTable:
    """Join, keeping the right keys; on Polars in the order of the left rows, which narwhals cannot ask for."""
    first, second = left.to_native(), right.to_native()
    if how == "cross":
        return left.join(right, how="cross")
    if not isinstance(first, pl.LazyFrame) or not isinstance(second, pl.LazyFrame):
        kind: Any = how
        return left.join(right, how=kind, left_on=left_keys, right_on=right_keys)
    order: Any = {"full": "left_right", "semi": "none", "anti": "none"}.get(how, "left")
    native_how: Any = how
    return lazy(
        first.join(
            second,
            how=native_how,
            left_on=left_keys,
            right_on=right_keys,
            coalesce=False if how in _ADDING else None,
            maintain_order=order,
        )
    )
