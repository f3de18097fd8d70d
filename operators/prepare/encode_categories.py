"""Turn categories into numbers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.errors import ParameterError
from operators.contract.fields import hint
from operators.contract.fitted import FittedOperator
from operators.contract.losses import Loss, before
from operators.contract.operator import Example, frame
from operators.contract.tables import Column, LazyTable, Schema, names_of, require_columns
from operators.prepare.columns import chosen, schema_after
from operators.prepare.indicators import (
    counts_of,
    equals,
    expressions_of,
    label_of,
    require_new_names,
    selected,
    text_of,
)

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
        title={"en": "Encode categories", "zh": "类别编码"},
        category="prepare",
        engines=ALL_ENGINES,
        online="fitted",
        about={
            "zh": (
                "根据训练数据的取值，把文本和布尔值变为数字。\n\n`ordinal`：按字母顺序从 0 开始的序号，"
                "训练时未见过的值为 -1；`frequency`：该值在训练数据中的占比，范围 (0, 1]，未见过的为 0；"
                "两者的空值都仍为空值。`one_hot`：用每个训练取值对应的列 `column_value` 代替原列，"
                "有该值的行为 1，其余为 0；空值和未见过的值在所有列中为 0。每列只学习最常见的 `limit` 个取值。"
                "行及其顺序不变。独立的 `one_hot` 算子对罕见值、空值和数字有更多选项。"
            )
        },
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
        words, parts = expressions_of(table), list[Any]()
        for name in names_of(table):
            if name not in values:
                parts.append(words.col(name))
            elif self.method == "one_hot":
                parts.extend(equals(name, value, label_of(name, value), words) for value, _ in values[name])
            else:
                parts.append(self._number(name, values[name], words).alias(name))
        if not parts:
            raise ParameterError("No column would be left.", hint="Encode fewer columns.", field="columns")
        return selected(table, parts)

    def _number(self, name: str, learnt: Sequence[Sequence[Any]], words: Any) -> Any:
        kind = words.Int64 if self.method == "ordinal" else words.Float64
        default = UNSEEN if self.method == "ordinal" else 0.0
        numbers = [position if self.method == "ordinal" else share for position, (_, share) in enumerate(learnt)]
        text = words.col(name).cast(words.String)
        if not learnt:
            return words.when(~text.is_null()).then(words.lit(default)).cast(kind)
        known = [text_of(value) for value, _ in learnt]
        encoded = text.replace_strict(known, numbers, default=default, return_dtype=kind)
        return words.when(~text.is_null()).then(encoded)

    def losses(self, schemas: Mapping[str, Schema], values: Mapping[str, Any] | None = None) -> Sequence[Loss]:
        """Return the values that are not among those learnt, as they are rarer than the limit."""
        del schemas
        found = []
        for name, learnt in (values or {}).items():
            known = [value for value, _ in learnt]
            there, needs = ~before(name, "train").is_null(), {"train": (name,)}
            if known:
                carrier = label_of(name, known[0]) if self.method == "one_hot" else name
                lost = there & ~before(name, "train").is_in(known)
                found.append(Loss("other", name, lost, there, needs, carrier=carrier))
        return found

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
