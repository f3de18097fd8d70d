"""Turn categories into the mean of the target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import polars as pl
from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.errors import ParameterError
from operators.contract.fields import hint
from operators.contract.fitted import FittedOperator
from operators.contract.learner import Matrix
from operators.contract.operator import Example, frame
from operators.contract.tables import (
    INTEGERS,
    LazyTable,
    Schema,
    collected,
    empty_table,
    lazy,
    names_of,
    require_columns,
)
from operators.learners.encoding import smoothed_means
from operators.learners.targets import Target, fit_target, target_type, with_target
from operators.prepare.columns import chosen
from operators.prepare.indicators import expressions_of, label_of, require_new_names, selected, text_of
from operators.prepare.target_column import TaskChoice, check_target, task_of
from operators.row_numbers import attached

_KINDS = frozenset({"string", "boolean"}) | INTEGERS
_PAIR = 2
MOST_CLASSES = 30


class TargetEncode(FittedOperator):
    """Replace a category by the mean of the target over the training rows that have it.

    The mean is of the number in the target, or the share of its higher label of two; with more labels there is one
    column `column_label` for each. It is smoothed: the overall mean counts for `smoothing` rows. Null is a category
    like any other; a value that training did not see has the overall mean. The training rows themselves are encoded
    out of fold, each by what the other folds say, so that none sees its own target; on Spark the folds go by the
    order of the rows' contents. Rows, their order and the target stay; rows without a target teach nothing.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Target encode", "zh": "目标编码"},
        category="prepare",
        engines=ALL_ENGINES,
        online="fitted",
        about={
            "zh": (
                "用训练数据中某类别的目标均值代替该类别。\n\n均值取自数值目标，或两个标签中较大者的占比；"
                "标签更多时，每个标签一列 `column_label`。均值经过平滑：总体均值相当于 `smoothing` 行。"
                "空值与其他类别一样；训练时未见过的值取总体均值。训练数据自身按折外方式编码，"
                "每行只用其他折的信息，不会看到自己的目标；Spark 按行内容的顺序分折。行、顺序和目标不变；"
                "没有目标的行不参与学习。"
            )
        },
    )

    target: str = Field(
        min_length=1, description="Column whose mean is taken", json_schema_extra=hint("用于计算均值的目标列", "column")
    )
    columns: tuple[str, ...] = Field(
        (),
        description="Text, boolean or whole-number columns; all texts but the target when empty",
        json_schema_extra=hint("要编码的文本、布尔或整数列；留空表示除目标列外的所有文本列", "columns"),
    )
    task: TaskChoice = Field(
        "auto",
        description="Take the target as labels or as a number; texts and booleans are labels when auto",
        json_schema_extra=hint("将目标视为标签或数值；auto 时文本和布尔值为标签"),
    )
    smoothing: float = Field(
        10.0,
        ge=0,
        le=1e6,
        description="Rows that the overall mean counts for in the mean of each category",
        json_schema_extra=hint("平滑强度：总体均值在每个类别均值中相当于多少行"),
    )
    folds: int = Field(
        5,
        ge=2,
        le=100,
        description="Parts of the training rows that are encoded by the rest",
        json_schema_extra=hint("训练数据分成几折，每折用其余各折编码"),
    )
    max_categories: int = Field(
        10_000,
        ge=1,
        le=1_000_000,
        description="At most so many categories of a column are learnt, the most frequent ones",
        json_schema_extra=hint("每列最多学习的类别数量（取最常见的）"),
    )
    seed: int = Field(
        0, ge=0, le=2**32 - 1, description="Another seed gives other folds", json_schema_extra=hint("随机种子")
    )

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the schema where the target is a number; else the columns depend on its labels."""
        del sources
        schema = inputs.get("train")
        if schema is None:
            return {"table": None, "state": None}
        check_target(schema, self.target, self.task)
        table, kinds = empty_table(schema), {column.name: column.type for column in schema}
        names = self._chosen(table)
        if task_of(kinds[self.target], self.task) == "classification":
            return {"table": None, "state": None}
        after = [type(column)(column.name, "float64" if column.name in names else column.type) for column in schema]
        return {"table": tuple(after), "state": None}

    def fit(self, train: LazyTable) -> dict[str, Any]:
        """Return `{"prior", "classes", "columns": {column: {"values", "means", "null", "labels"}}}`.

        `means` has a list for each of `labels`, the names of the new columns, with a mean for each of `values`.

        Raises:
            MissingColumnError: The target or one of `columns` is not in `train`.
            ColumnTypeError: One of them has a type that cannot be used.
            EmptyTableError: No row has a target.
            LearnerError: The target has one label, or more than can be meant.
            ParameterError: A new column would have the name of another.
        """
        names = self._chosen(train)
        lesson = self._lesson(collected(train.select(*dict.fromkeys([*names, self.target]))))
        learnt = {name: self._learnt(lesson, name) for name in names}
        if lesson.labels:
            kept = [name for name in names_of(train) if name not in learnt]
            require_new_names(kept, [label for one in learnt.values() for label in one["labels"]])
        return {"prior": lesson.prior, "classes": list(lesson.labels), "columns": learnt}

    def _chosen(self, table: LazyTable) -> list[str]:
        require_columns(table, [self.target], field="target")
        if self.target in self.columns:
            raise ParameterError(
                f"The target {self.target!r} is among the columns.", hint="Take it out of `columns`.", field="columns"
            )
        kinds = _KINDS if self.columns else frozenset({"string"})
        found = chosen(table, self.columns, kinds, "target encoding")
        return [column.name for column in found if column.name != self.target]

    def _lesson(self, rows: pl.DataFrame) -> "_Lesson":
        known = with_target(rows, self.target)
        target = fit_target(known, self.target, task_of(target_type(known, self.target), self.task))
        if len(target.classes) > MOST_CLASSES:
            raise ParameterError(
                f"The target {self.target!r} has {len(target.classes)} labels, and {MOST_CLASSES} are the most.",
                hint="Group its rare labels first, or take it as a number.",
                field="target",
            )
        return _Lesson(known, target)

    def _learnt(self, lesson: "_Lesson", name: str) -> dict[str, Any]:
        categories = _categories(lesson.rows[name], self.max_categories)
        codes, size = _codes(lesson.rows[name], categories)
        folds = np.zeros(lesson.rows.height, dtype=np.int64)
        means, _ = smoothed_means(codes, lesson.outcomes, folds, size, prior_rows=self.smoothing)
        values = categories.to_list()
        labels = [label_of(name, label) for label in lesson.labels] or [name]
        null = means[len(values)].tolist()
        return {"values": values, "means": means[: len(values)].T.tolist(), "null": null, "labels": labels}

    def apply(self, values: Mapping[str, Any], table: LazyTable) -> LazyTable:
        """Return `table` with the learnt columns encoded.

        Raises:
            MissingColumnError: A learnt column is not in `table`.
        """
        learnt = values["columns"]
        require_columns(table, list(learnt))
        words, parts = expressions_of(table), list[Any]()
        for name in names_of(table):
            parts.extend(_encoded(name, learnt[name], values["prior"], words) if name in learnt else [words.col(name)])
        return selected(table, parts)

    def apply_to_training(self, values: Mapping[str, Any], train: LazyTable) -> LazyTable:
        """Return the training rows, encoded out of fold; the folds are drawn by row number."""
        learnt = values["columns"]
        if not learnt:
            return train
        asked = list(dict.fromkeys([*learnt, self.target]))
        encoded = attached(train, asked, lambda rows: self._out_of_fold(values, rows))
        return encoded.select(*names_of(self.apply(values, train)))

    def _out_of_fold(self, values: Mapping[str, Any], rows: pl.DataFrame) -> pl.DataFrame:
        number = rows.columns[-1]
        lesson = self._lesson(rows)
        folds = (np.random.default_rng(self.seed).permutation(rows.height) % self.folds)[lesson.rows[number].to_numpy()]
        _, folds = np.unique(folds, return_inverse=True)  # a fold without a target is none
        everywhere = np.zeros_like(folds)
        _, prior = smoothed_means(everywhere, lesson.outcomes, folds, 1, prior_rows=0.0)
        columns = collected(self.apply(values, lazy(rows.drop(number))))
        found = {}
        for name, learnt in values["columns"].items():
            codes, size = _codes(lesson.rows[name], pl.Series(learnt["values"], dtype=rows[name].dtype))
            _, own = smoothed_means(codes, lesson.outcomes, folds, size, prior_rows=self.smoothing)
            own = np.where((codes == size - 1)[:, None], prior, own)
            for place, label in enumerate(learnt["labels"]):
                encoded = columns[label].to_numpy().copy()
                encoded[lesson.rows[number].to_numpy()] = own[:, place]
                found[label] = encoded
        return pl.DataFrame(found)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return a number, two labels and several, on texts with nulls and a row without a target."""
        rows = frame(
            row=list(range(12)),
            city=["Rome", "Oslo", None, "Oslo", "Rome", "Bonn", "Rome", "Oslo", None, "Rome", "Oslo", "Rome"],
            floor=[1, 2, 2, 1, 2, None, 1, 2, 1, 1, 2, 2],
            rent=[900.0, 700.5, 650.0, None, 1000.0, 720.0, 880.0, 690.0, 610.0, 940.0, 720.0, 910.0],
            let=[True, False, True, True, None, False, True, False, False, True, False, True],
            kind=["flat", "house", "flat", "room", "flat", "room", "flat", "house", "room", "flat", "house", "flat"],
        )
        columns = ("city", "floor")
        return [
            Example(cls(target="let", columns=columns, folds=3), {"train": rows}),
            Example(cls(target="rent", columns=columns, folds=3), {"train": rows}),
            Example(cls(target="kind", smoothing=0, max_categories=2), {"train": rows}),
        ]


@dataclass(frozen=True)
class _Lesson:
    """Training rows with a target, and what it is."""

    rows: pl.DataFrame
    target: Target

    @property
    def outcomes(self) -> Matrix:
        return self.target.outcomes

    @property
    def prior(self) -> list[float]:
        return [float(mean) for mean in self.outcomes.mean(axis=0)]

    @property
    def labels(self) -> tuple[Any, ...]:
        """Labels that have a column of their own; none where one column says it all."""
        return self.target.classes if len(self.target.classes) > _PAIR else ()


def _categories(values: pl.Series, limit: int) -> pl.Series:
    """Return the most frequent values, in order; null is not among them."""
    counts = values.drop_nulls().rename("text").value_counts(name="rows")
    return counts.sort("rows", "text", descending=[True, False])["text"].head(limit).sort()


def _codes(values: pl.Series, categories: pl.Series) -> tuple[Matrix, int]:
    """Return the number of each value's category, shape (n,), and how many there are: null and any other last."""
    null, other = len(categories), len(categories) + 1
    numbers = pl.Series(range(null), dtype=pl.Int64)
    if not null:
        codes = pl.Series([other], dtype=pl.Int64).new_from_index(0, len(values))
    else:
        codes = values.replace_strict(categories, numbers, default=other, return_dtype=pl.Int64)
    return np.where(values.is_null().to_numpy(), null, codes.to_numpy()), other + 1


def _encoded(name: str, learnt: Mapping[str, Any], prior: Sequence[float], words: Any) -> list[Any]:
    value = words.col(name)
    known = [text_of(one) for one in learnt["values"]]
    parts = []
    for place, label in enumerate(learnt["labels"]):
        encoded = words.lit(prior[place])
        if known:
            text, means = value.cast(words.String), learnt["means"][place]
            encoded = text.replace_strict(known, means, default=prior[place], return_dtype=words.Float64)
        null = words.lit(learnt["null"][place])
        parts.append(words.when(value.is_null()).then(null).otherwise(encoded).alias(label))
    return parts
