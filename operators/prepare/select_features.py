"""Keep the columns that say most."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import narwhals as nw
from pydantic import Field, model_validator

from operators.constant import is_constant
from operators.contract.card import ALL_ENGINES, Card
from operators.contract.contradictions import contradiction
from operators.contract.errors import MissingColumnError, ParameterError
from operators.contract.fields import hint
from operators.contract.fitted import FittedOperator
from operators.contract.operator import Example, frame
from operators.contract.tables import (
    NUMERIC,
    LazyTable,
    Schema,
    collected,
    empty_table,
    names_of,
    require_columns,
    schema_of,
)
from operators.contract.values.model import features_frame
from operators.learners.fitting import usable_features
from operators.learners.targets import fit_target, target_type, with_target
from operators.prepare.columns import figures, finite
from operators.prepare.relevance import METHODS, Judged
from operators.prepare.target_column import TaskChoice, check_target, task_of

Method = Literal["variance", "mutual_information", "association", "importance"]


class SelectFeatures(FittedOperator):
    """Keep the columns that say most of the target, or that vary at all, and drop the others.

    `variance` needs no target and judges numbers only, each in its own unit; other columns stay. `association` is
    -log10 of the probability that a column has nothing to do with the target (F and chi-squared tests: 1.3 stands
    for 0.05); `mutual_information`, in nats, also finds what is not a straight line; `importance` is a column's part
    in a small forest, in [0, 1]. The last two look at 20,000 rows at most. The `keep` columns with the highest scores
    stay, or all with at least `threshold`. The target, and columns that are not judged, always stay. Rows, their
    order and nulls stay as they are; nulls teach nothing where numbers are judged.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Select features", "zh": "特征选择"},
        category="prepare",
        engines=ALL_ENGINES,
        version=2,
        online="fitted",
        about={
            "zh": (
                "保留最能说明目标、或确有变化的列，删除其余的列。\n\n`variance` 不需要目标，只评判数值列，"
                "各用自己的单位，其他列保留。`association` 是该列与目标无关的概率的 -log10（F 检验与卡方检验，"
                "1.3 对应 0.05）；`mutual_information`（单位 nat）也能发现非线性关系；"
                "`importance` 是该列在小型森林中的贡献，范围 [0, 1]。后两种最多使用 20,000 行。"
                "保留得分最高的 `keep` 列，或得分不低于 `threshold` 的全部列。目标列和不评判的列始终保留。行、"
                "顺序和空值不变；评判数值时空值不参与。"
            )
        },
    )

    method: Method = Field(
        "association",
        description="What a column is judged by: how it varies, or what it says of the target",
        json_schema_extra=hint("评判依据：方差、互信息、统计检验的显著性、随机森林的重要性"),
    )
    target: str | None = Field(
        None,
        min_length=1,
        description="Column to predict; not needed for variance",
        json_schema_extra=hint(
            "要预测的列；按方差选择时不需要",
            "column",
            show_if={"method": ["mutual_information", "association", "importance"]},
        ),
    )
    columns: tuple[str, ...] = Field(
        (),
        description="Columns to choose among; all but the target when empty",
        json_schema_extra=hint("参与选择的列；留空表示除目标外的所有列", "columns"),
    )
    keep: int | None = Field(
        None,
        ge=1,
        le=100_000,
        description="Columns to keep, the best ones",
        json_schema_extra=hint("保留得分最高的列数"),
    )
    threshold: float | None = Field(
        None,
        ge=0,
        description="Score from which a column is kept; above 0 when neither this nor keep is set",
        json_schema_extra=hint("保留得分不低于该值的列；与列数都不填时保留得分大于 0 的列"),
    )
    task: TaskChoice = Field(
        "auto",
        description="Take the target as labels or as a number; texts and booleans are labels when auto",
        json_schema_extra=hint(
            "将目标视为标签或数值；auto 时文本和布尔值为标签",
            show_if={"method": ["mutual_information", "association", "importance"]},
        ),
    )
    seed: int = Field(
        0,
        ge=0,
        le=2**32 - 1,
        description="Seed of what is random: rows that are drawn, and the forest",
        json_schema_extra=hint("随机种子", advanced=True),
    )

    @model_validator(mode="after")
    def _consistent(self) -> "SelectFeatures":
        if self.method != "variance" and self.target is None:
            raise contradiction(
                "target", "the method {method} needs a target", "方法 {method} 需要指定目标列", method=self.method
            )
        if self.keep is not None and self.threshold is not None:
            raise contradiction(
                "keep",
                "columns are kept by number or by score, not by both: give keep or threshold",
                "保留列数与最低得分只能填写一个",
            )
        return self

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Check the columns; which of them stay depends on the rows."""
        del sources
        schema = inputs.get("train")
        if schema is not None:
            if self.target is not None:
                check_target(schema, self.target, self.task)
            self._candidates(empty_table(schema))
        return {"table": None, "state": None}

    def fit(self, train: LazyTable) -> dict[str, Any]:
        """Return `{"scores": {column: score}, "dropped": [column, ...]}`, the best score first.

        Raises:
            MissingColumnError: The target or one of `columns` is not in `train`.
            ColumnTypeError: One of them has a type that cannot be judged.
            EmptyTableError: No row has a target.
            LearnerError: The target has one label, or more than can be meant.
            ParameterError: No column would be left.
        """
        names = self._candidates(train)
        scores = self._variances(train, names) if self.method == "variance" else self._relevances(train, names)
        ranked = sorted(scores, key=lambda name: (-scores[name], names.index(name)))
        kept = {name for place, name in enumerate(ranked) if self._stays(place, scores[name])}
        dropped = [name for name in ranked if name not in kept]
        if not set(names_of(train)) - set(dropped) - {self.target}:
            best = max(scores.values(), default=0.0)
            raise ParameterError(
                f"No column would be left: the best score is {best:.4g}.",
                hint="Lower the threshold, or choose another method.",
                field="threshold",
            )
        return {"scores": {name: scores[name] for name in ranked}, "dropped": dropped}

    def _stays(self, place: int, score: float) -> bool:
        if self.keep is not None:
            return place < self.keep
        return score > 0 if self.threshold is None else score >= self.threshold

    def _candidates(self, table: LazyTable) -> list[str]:
        if self.target is not None and self.target in self.columns:
            raise ParameterError(
                f"The target {self.target!r} is among the columns.", hint="Take it out of `columns`.", field="columns"
            )
        require_columns(table, self.columns)
        if self.target is not None:
            require_columns(table, [self.target], field="target")
        return [name for name in self.columns or names_of(table) if name != self.target]

    def _variances(self, train: LazyTable, names: Sequence[str]) -> dict[str, float]:
        columns = [column for column in schema_of(train) if column.name in set(names) and column.type in NUMERIC]
        wanted: dict[tuple[str, str], nw.Expr] = {}
        for column in columns:
            value = finite(column).cast(nw.Float64())
            wanted |= {(column.name, "variance"): value.var(ddof=0), (column.name, "mean"): value.mean()}
            wanted |= {(column.name, "rows"): value.count()}
        found = figures(train, wanted)
        scores = {}
        for column in columns:
            variance, mean, rows = (found[column.name, part] for part in ("variance", "mean", "rows"))
            constant = variance is None or is_constant(variance**0.5, mean, rows)
            scores[column.name] = 0.0 if constant else float(variance)
        return scores

    def _relevances(self, train: LazyTable, names: Sequence[str]) -> dict[str, float]:
        assert self.target is not None  # noqa: S101 - the validator saw to it
        rows = with_target(collected(train.select(*names, self.target)), self.target)
        target = fit_target(rows, self.target, task_of(target_type(rows, self.target), self.task))
        usable = usable_features(rows, self.target, self.columns or None)
        frame_of_columns = features_frame(rows, usable)
        if not frame_of_columns.width:
            raise MissingColumnError(
                "There is no column to choose.", hint="Numbers, texts, booleans and moments can be judged."
            )
        found: dict[str, float] = METHODS[self.method](Judged(frame_of_columns, target, self.seed))
        return found

    def apply(self, values: Mapping[str, Any], table: LazyTable) -> LazyTable:
        """Return `table` without the columns that were dropped; one that is not there is not missed."""
        dropped = set(values["dropped"])
        names = names_of(table)
        kept = [name for name in names if name not in dropped]
        if not names or len(kept) == len(names):
            return table
        if not kept:
            raise ParameterError("No column would be left.", hint="Keep more columns.", field="keep")
        return table.select(*kept)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return each method, with labels and numbers, on columns with gaps, a constant one and noise."""
        rows = frame(
            row=list(range(16)),
            age=[22, 41, None, 35, 58, 29, 47, 33, 25, 52, 44, 31, 38, 27, 55, 49],
            plan=["a", "b", "a", None, "b", "a", "b", "a", "a", "b", "b", "a", "a", "a", "b", "b"],
            same=[1.0] * 16,
            left=[n in {0, 2, 3, 5, 7, 8, 11, 12, 13} for n in range(16)],
        )
        some, others = ("age", "plan", "same"), ("row", "plan", "same", "left")
        return [
            Example(cls(method="variance"), {"train": rows}),
            Example(cls(target="left", columns=some), {"train": rows}),
            Example(cls(target="age", columns=others, method="mutual_information", keep=2), {"train": rows}),
            Example(cls(target="left", columns=some, method="importance", threshold=0.05), {"train": rows}),
        ]
