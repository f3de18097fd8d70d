"""Turn categories into numbers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import narwhals as nw
from pydantic import Field

from operators.base import Card, Example, FittedOperator, frame
from operators.errors import ParameterError
from operators.fields import hint
from operators.prepare.columns import chosen, schema_after
from operators.prepare.indicators import counts_of, equals, label_of, require_new_names, text_of
from operators.tables import Column, LazyTable, Schema, names_of, require_columns

Method = Literal["ordinal", "one_hot", "frequency"]

_KINDS = frozenset({"string", "boolean"})
UNSEEN = -1


class EncodeCategories(FittedOperator):
    """Turn texts and booleans into numbers, by what the training rows hold.

    `ordinal`: the position among the training values in alphabetical order, from 0; a value not seen in training is
    -1. `frequency`: the share of the training rows with that value, in (0, 1]; 0 if not seen. For both a null
    stays null. `one_hot`: in place of the column, one column `column_value` for each training value, 1 in the
    rows that have it and else 0; a null or unseen value is 0 in all of them. Only the `limit` most frequent
    values of a column are learnt. Rows and their order stay. `one_hot`, an operator of its own, can do more with rare
    values, nulls and numbers.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Encode categories", "zh": "类别编码"}, category="prepare", online="fitted"
    )

    columns: tuple[str, ...] = Field(
        (),
        description="Text and boolean columns to encode; all of them when empty",
        json_schema_extra=hint("要编码的文本或布尔列；留空表示所有此类列", "columns"),
    )
    method: Method = Field(
        "one_hot",
        description="A number for each value, a column for each value, or how frequent the value is",
        json_schema_extra=hint("编码方式：序号、独热或频率"),
    )
    limit: int = Field(
        50,
        ge=1,
        le=10_000,
        description="At most so many values of a column are learnt, the most frequent ones",
        json_schema_extra=hint("每列最多学习的取值数量（取最常见的）"),
    )

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the schema; for one_hot it is not known before the run, as the columns depend on the rows."""
        del sources
        known = schema_after(self, inputs, self._neutral)
        return {"table": None, "state": None} if self.method == "one_hot" else known

    def _neutral(self, table: LazyTable) -> dict[str, Any]:
        return {column.name: [["", 1.0]] for column in chosen(table, self.columns, _KINDS, "encoding")}

    def fit(self, train: LazyTable) -> dict[str, Any]:
        """Return `{column: [[value, share of the rows with a value], ...]}`, values in alphabetical order.

        Raises:
            MissingColumnError: One of `columns` is not in `train`.
            ColumnTypeError: One of `columns` is neither text nor boolean.
            ParameterError: A new column would have the name of another.
        """
        columns = chosen(train, self.columns, _KINDS, "encoding")
        learnt = {column.name: _shares(train, column, self.limit) for column in columns}
        if self.method == "one_hot":
            labels = [label_of(name, value) for name, values in learnt.items() for value, _ in values]
            require_new_names([name for name in names_of(train) if name not in learnt], labels)
        return learnt

    def apply(self, values: Mapping[str, Any], table: LazyTable) -> LazyTable:
        """Return `table` with the learnt columns encoded.

        Raises:
            MissingColumnError: A learnt column is not in `table`.
            ParameterError: No column would be left.
        """
        require_columns(table, list(values))
        parts: list[nw.Expr] = []
        for name in names_of(table):
            if name not in values:
                parts.append(nw.col(name))
            elif self.method == "one_hot":
                parts.extend(equals(name, value, label_of(name, value)) for value, _ in values[name])
            else:
                parts.append(self._number(name, values[name]).alias(name))
        if not parts:
            raise ParameterError("No column would be left.", hint="Encode fewer columns.", field="columns")
        return table.select(*parts)

    def _number(self, name: str, learnt: Sequence[Sequence[Any]]) -> nw.Expr:
        kind: Any = nw.Int64() if self.method == "ordinal" else nw.Float64()
        default = UNSEEN if self.method == "ordinal" else 0.0
        numbers = [position if self.method == "ordinal" else share for position, (_, share) in enumerate(learnt)]
        text = nw.col(name).cast(nw.String())
        if not learnt:
            return nw.when(~text.is_null()).then(nw.lit(default)).cast(kind)
        known = [text_of(value) for value, _ in learnt]
        encoded = text.replace_strict(known, numbers, default=default, return_dtype=kind)
        return nw.when(~text.is_null()).then(encoded)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return each method on texts with a null, and on a boolean."""
        people = frame(city=["Rome", "Oslo", None, "Oslo"], member=[True, False, True, None], age=[1, 2, 3, 4])
        methods: tuple[Method, ...] = ("ordinal", "one_hot", "frequency")
        return [Example(cls(method=method), {"train": people}) for method in methods]


def _shares(train: LazyTable, column: Column, limit: int) -> list[list[Any]]:
    """Return `[value, share]` for the most frequent values, in alphabetical order."""
    counts = counts_of(train, column.name)
    total = sum(rows for _, rows in counts)
    return [[value, rows / total] for value, rows in sorted(counts[:limit])]
