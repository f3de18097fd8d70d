"""Turn each category into a column of 0 and 1."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import narwhals as nw
from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.errors import ParameterError
from operators.contract.fields import hint
from operators.contract.fitted import FittedOperator
from operators.contract.losses import Loss, before
from operators.contract.operator import Example, frame
from operators.contract.tables import INTEGERS, LazyTable, Schema, empty_table, names_of, require_columns
from operators.prepare.columns import chosen
from operators.prepare.indicators import (
    counts_of,
    equals,
    expressions_of,
    indicator,
    label_of,
    require_new_names,
    selected,
)

_CATEGORIES = frozenset({"string", "boolean"})
_NAMED = _CATEGORIES | INTEGERS


class OneHot(FittedOperator):
    """Put, in place of a column, one column of 0 and 1 for each of its categories.

    `column_value` is 1 in the rows that have the value. The `max_categories` most frequent values of the training
    rows get a column, those rarer than `min_share` none; with `other` the rare ones share `column_other` with every
    value that training did not see, else such a row is 0 in all columns, as is a null unless it has a column. With
    `drop` the first category, in alphabetical order, is told by zeros alone. Rows and their order stay.
    """

    card: ClassVar[Card] = Card(
        title={"en": "One-hot", "zh": "独热编码"},
        category="prepare",
        engines=ALL_ENGINES,
        online="fitted",
        about={
            "zh": (
                "把一列替换为每个类别一列的 0 和 1。\n\n有该值的行在 `column_value` 中为 1。"
                "训练数据中最常见的 `max_categories` 个取值各占一列，占比低于 `min_share` 的不单独成列；"
                "设置 `other` 后，罕见值与训练时未见过的值共用 `column_other`，否则这样的行在所有列中为 0，"
                "没有单独成列的空值也是如此。设置 `drop` 时，按字母顺序的第一个类别只用全 0 表示。"
                "行及其顺序不变。"
            )
        },
    )

    columns: tuple[str, ...] = Field(
        (),
        description="Text, boolean or whole-number columns; all texts and booleans when empty",
        json_schema_extra=hint("要编码的文本、布尔或整数列；留空表示所有文本列和布尔列", "columns"),
    )
    max_categories: int = Field(
        20,
        ge=1,
        le=1000,
        description="At most so many values of a column get a column, the most frequent ones",
        json_schema_extra=hint("每列最多为多少个取值建立新列（取最常见的）"),
    )
    min_share: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Values rarer than this share of the rows with a value get no column",
        json_schema_extra=hint("占比低于该值的取值不单独成列"),
    )
    other: bool = Field(
        True,
        description="Give the values that are rare or not known one column together",
        json_schema_extra=hint("将罕见或未知的取值合并为一列"),
    )
    nulls: Literal["zeros", "column"] = Field(
        "zeros",
        description="Whether a null is 0 in all columns, or has a column of its own where training has nulls",
        json_schema_extra=hint("空值在所有新列中为 0，或（训练数据有空值时）单独成列"),
    )
    drop: Literal["none", "first", "binary"] = Field(
        "none",
        description="Leave out the column of the first category: never, always, or where there are two",
        json_schema_extra=hint("是否省略第一个类别的列：从不、总是、仅当只有两个类别时"),
    )

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Check the columns; the schema is not known before the run, as it depends on the rows."""
        del sources
        schema = inputs.get("train")
        if schema is not None:
            self._chosen(empty_table(schema))
        return {"table": None, "state": None}

    def fit(self, train: LazyTable) -> dict[str, Any]:
        """Return `{column: {"values", "labels", "known", "other", "null"}}`.

        `values` have the columns `labels`; `known` are those and what `drop` left out; `other` and `null` are names
        of columns, or null.

        Raises:
            MissingColumnError: One of `columns` is not in `train`.
            ColumnTypeError: One of `columns` is neither text nor boolean nor whole number.
            ParameterError: A new column would have the name of another.
        """
        learnt = {column: self._learnt(train, column) for column in self._chosen(train)}
        kept = [name for name in names_of(train) if name not in learnt]
        require_new_names(kept, [label for one in learnt.values() for label in _labels(one)])
        return learnt

    def _chosen(self, table: LazyTable) -> list[str]:
        kinds = _NAMED if self.columns else _CATEGORIES
        return [column.name for column in chosen(table, self.columns, kinds, "one-hot encoding")]

    def _learnt(self, train: LazyTable, column: str) -> dict[str, Any]:
        counts = counts_of(train, column)
        total = sum(rows for _, rows in counts)
        known = sorted(value for value, rows in counts[: self.max_categories] if rows >= self.min_share * total)
        drops = self.drop == "first" or (self.drop == "binary" and len(counts) == len(known) == 2)  # noqa: PLR2004
        values = known[1:] if drops else known
        labels = [label_of(column, value) for value in values]
        null = None
        if self.nulls == "column" and _has_nulls(train, column):
            null = _free(f"{column}_null", labels)
        other = _free(f"{column}_other", [*labels, null]) if self.other else None
        return {"values": values, "labels": labels, "known": known, "other": other, "null": null}

    def apply(self, values: Mapping[str, Any], table: LazyTable) -> LazyTable:
        """Return `table` with the learnt columns encoded.

        Raises:
            MissingColumnError: A learnt column is not in `table`.
            ParameterError: No column would be left.
        """
        require_columns(table, list(values))
        words, parts = expressions_of(table), list[Any]()
        for name in names_of(table):
            parts.extend(_encoded(name, values[name], words) if name in values else [words.col(name)])
        if not parts:
            raise ParameterError("No column would be left.", hint="Encode fewer columns.", field="columns")
        return selected(table, parts)

    def losses(self, schemas: Mapping[str, Schema], values: Mapping[str, Any] | None = None) -> Sequence[Loss]:
        """Return the values that have no column of their own."""
        del schemas
        found = []
        for name, learnt in (values or {}).items():
            there, needs = ~before(name, "train").is_null(), {"train": (name,)}
            labels = _labels(learnt)
            if learnt["known"] and labels:
                lost = there & ~before(name, "train").is_in(learnt["known"])
                found.append(Loss("other", name, lost, there, needs, carrier=labels[0]))
        return found

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return texts and booleans with nulls, rare values, dropped columns, and whole numbers."""
        people = frame(
            city=["Rome", "Oslo", None, "Oslo", "Bonn", "Oslo"],
            member=[True, False, True, None, True, True],
            floor=[1, 2, 2, None, 3, 2],
        )
        return [
            Example(cls(), {"train": people}),
            Example(cls(max_categories=1, nulls="column"), {"train": people}),
            Example(cls(min_share=0.3, other=False), {"train": people}),
            Example(cls(columns=("member", "floor"), drop="first", nulls="column"), {"train": people}),
            Example(cls(columns=("member",), drop="binary", other=False), {"train": people}),
        ]


def _encoded(name: str, learnt: Mapping[str, Any], words: Any) -> list[Any]:
    value = words.col(name)
    parts = [equals(name, known, label, words) for known, label in zip(learnt["values"], learnt["labels"], strict=True)]
    if learnt["other"] is not None:
        elsewhere = ~value.is_null()
        if learnt["known"]:
            elsewhere = elsewhere & ~value.is_in(learnt["known"])
        parts.append(indicator(elsewhere, learnt["other"], words))
    if learnt["null"] is not None:
        parts.append(indicator(value.is_null(), learnt["null"], words))
    return parts


def _labels(learnt: Mapping[str, Any]) -> list[str]:
    return [*learnt["labels"], *(name for name in (learnt["other"], learnt["null"]) if name is not None)]


def _free(name: str, taken: Sequence[str | None]) -> str:
    """Return `name`, numbered where a value of the column has it already."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def _has_nulls(train: LazyTable, column: str) -> bool:
    found = train.select(nw.col(column).is_null().any().alias("found")).collect(backend="polars").to_native()
    return bool(found["found"][0]) if len(found) else False
