"""How good an algorithm is, by training it several times on parts of the rows."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple, Self

import polars as pl
from pydantic import Field, model_validator

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.common_fields import Seed, Target
from operators.contract.context import Context
from operators.contract.contradictions import contradiction
from operators.contract.errors import CancelledError, LearnerError, MissingColumnError, OperatorError
from operators.contract.fields import hint
from operators.contract.learner import Supervised
from operators.contract.operator import Example, Operator, frame
from operators.contract.tables import LazyTable, Schema, collected
from operators.contract.values.metrics import Metrics
from operators.contract.values.report import Report
from operators.learners.algorithm import Algorithm, learner_of
from operators.learners.fitting import usable_features
from operators.learners.targets import fit_target, with_target
from operators.scoring.figures import CLASSIFICATION, HIGHER_IS_BETTER, REGRESSION
from operators.train.folds import Array, FoldScore, assigned_folds, forward_folds, grouped_folds
from operators.train.supervised import check_columns, seed_of

Division = Literal["random", "group", "time"]


class Judged(NamedTuple):
    """What a cross-validation gives."""

    metrics: Metrics
    report: Report


@dataclass(frozen=True)
class _Fold:
    """Figures of one fold, or why there are none; JSON."""

    number: int
    figures: Mapping[str, float | None]
    error: str = ""


@dataclass(frozen=True, eq=False)
class _OnFold:
    """Trains and scores on one fold; picklable, and knows no platform."""

    score: FoldScore
    settings: Mapping[str, Any]

    def __call__(self, fold: int) -> _Fold:
        try:
            return _Fold(fold, self.score.figures(self.settings, fold))
        except OperatorError as error:
            return _Fold(fold, {}, str(error))


class CrossValidate(Operator):
    """Train an algorithm on all parts of the rows but one and score it on that one, each part in turn.

    `random` parts hold every label in its share; `group` keeps all rows of one value of `column` in one part; `time`
    cuts the rows in the order of `column` and trains only on what came before, so its first part is never scored.
    The metrics have the mean of each figure over the parts, and `<figure>_std` its sample standard deviation; a
    figure that no part defines is None. The report has the figures of every part. Rows without a target are left
    out. Steps that learn from the rows before this node have seen the parts that are held out: use rows as they
    leave the source or the split.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Cross-validate", "zh": "交叉验证"},
        category="evaluate",
        engines=ALL_ENGINES,
        version=2,
        about={
            "zh": (
                "把数据分成若干部分，轮流留出一部分评分，用其余部分训练算法。\n\n"
                "`random` 使每个标签在各部分中占比相同；`group` 使 `column` 取值相同的行在同一部分；"
                "`time` 按 `column` 的先后切分，只用之前的行训练，因此第一部分不评分。指标包含各部分的均值，"
                "`<figure>_std` 为样本标准差；没有任何部分能定义的指标为空。报告包含每一部分的指标。"
                "没有目标的行会被略去。此节点之前从数据中学习的步骤已经见过留出的部分："
                "请使用数据源或拆分之后未经处理的行。"
            )
        },
    )

    target: Target
    task: Supervised = Field(
        "classification", description="Predict a label or a number", json_schema_extra=hint("预测标签或数值")
    )
    algorithm: Algorithm = Field(
        "hist_gradient_boosting",
        description="Algorithm, by name or with its settings",
        json_schema_extra=hint("算法名称，或带参数的算法"),
    )
    folds: int = Field(
        5, ge=2, le=50, description="Parts that are scored in turn", json_schema_extra=hint("交叉验证的折数")
    )
    division: Division = Field(
        "random",
        description="How rows are divided: at random, whole groups, or in the order of time",
        json_schema_extra=hint("划分方式：随机（分类时按标签分层）、按组整体、按时间先后"),
    )
    column: str | None = Field(
        None,
        min_length=1,
        description="The column of groups or moments; not used by random",
        json_schema_extra=hint(
            "分组或时间所依据的列；随机划分时不使用", "column", show_if={"division": ["group", "time"]}
        ),
    )
    features: tuple[str, ...] | None = Field(
        None,
        min_length=1,
        description="Columns to learn from; all but the target, and the column of groups, when unset",
        json_schema_extra=hint("用于学习的列；不填则为除目标列和分组列外的所有列", "columns"),
    )
    balance: bool = Field(
        False,
        description="Give every class the same weight, however rare it is",
        json_schema_extra=hint("让每个类别的权重相同"),
    )
    seed: Seed = None
    share: float = Field(
        1.0, gt=0, le=64, description="CPUs that each part takes", json_schema_extra=hint("每一折占用的 CPU 数")
    )

    @model_validator(mode="after")
    def _column_where_needed(self) -> Self:
        if self.division != "random" and self.column is None:
            raise contradiction(
                "column",
                "the division {division} needs a column",
                "按 {division} 划分时需要指定列",
                division=self.division,
            )
        return self

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Check the target, the features and the column against the rows' schema.

        Raises:
            MissingColumnError: One of them is not there.
            ColumnTypeError: The target cannot be learnt.
            LearnerError: The target is among the features.
        """
        schema = inputs.get("table")
        if schema is not None:
            check_columns(schema, self.target, self.features, self.task)
            self._require_column([column.name for column in schema])
        learner_of(self.algorithm).require(self.task)
        return super().infer(inputs, sources)

    def run(self, table: LazyTable, *, context: Context) -> Judged:
        """Return the figures over all parts, and those of each.

        Raises:
            MissingColumnError: The target, a feature or the column is not in `table`.
            EmptyTableError: No row has a target.
            LearnerError: The target cannot be learnt, there are too few rows, or no part could be scored.
            CancelledError: The run was cancelled.
        """
        rows, seed = with_target(collected(table), self.target), seed_of(self.seed, context)
        self._require_column(rows.columns)
        learner = learner_of(self.algorithm)
        learner.require(self.task)
        features = self._features(rows)
        folds = self._divided(rows, seed)
        score = FoldScore(
            rows, folds, self.target, self.task, "", features, seed, self.balance, self.division == "time"
        )
        found = self._found(_OnFold(score, learner.model_dump(mode="json")), int(folds.max()) + 1, context)
        return self._judged(found, folds, learner.model_dump(mode="json"))

    def _require_column(self, names: Sequence[str]) -> None:
        if self.division != "random" and self.column is not None and self.column not in names:
            raise MissingColumnError.among(self.column, names, field="column")

    def _features(self, rows: pl.DataFrame) -> tuple[str, ...]:
        usable = [column.name for column in usable_features(rows, self.target, self.features)]
        grouped = self.features is None and self.division == "group"
        return tuple(name for name in usable if not (grouped and name == self.column))

    def _divided(self, rows: pl.DataFrame, seed: int) -> Array:
        outcome = fit_target(rows, self.target, self.task)
        if self.division == "random" or self.column is None:
            self._require_parts(rows.height, self.folds, "rows")
            return assigned_folds(outcome.values, self.folds, stratified=self.task == "classification", seed=seed)
        marks = rows.get_column(self.column)
        if self.division == "group":
            self._require_parts(marks.n_unique(), self.folds, "groups")
            return grouped_folds(marks, self.folds, seed)
        self._require_parts(rows.height, self.folds + 1, "rows")
        return forward_folds(marks, self.folds)

    def _require_parts(self, there: int, parts: int, what: str) -> None:
        if there < parts:
            raise LearnerError(
                f"{there} {what} cannot be divided into {parts} parts.",
                hint="Bring more rows, or ask for fewer folds.",
                field="folds",
            )

    def _found(self, on_fold: _OnFold, count: int, context: Context) -> list[_Fold]:
        """Return what came of each part, keeping each as it comes, so that an interrupted run goes on."""
        kept = context.checkpoint() or {}
        found = [_Fold(**one) for one in kept.get("folds", [])]
        if context.cancelled:
            raise CancelledError("The cross-validation was cancelled.", hint="Resume the run to go on.")
        todo = [fold for fold in range(count) if fold not in {one.number for one in found}]
        for one in context.map(on_fold, todo, share=self.share) if todo else ():
            found.append(one)
            context.checkpoint({"folds": [vars(fold) for fold in found]})
            context.report(len(found), {name: value for name, value in one.figures.items() if value is not None})
            if context.cancelled:
                raise CancelledError("The cross-validation was cancelled.", hint="Resume the run to go on.")
        return sorted(found, key=lambda one: one.number)

    def _judged(self, found: Sequence[_Fold], folds: Array, settings: Mapping[str, Any]) -> Judged:
        scored = [one for one in found if not one.error]
        if not scored:
            raise LearnerError(
                f"None of {len(found)} parts could be scored: {found[0].error}",
                hint="Try another algorithm or division, or more rows.",
                field="algorithm",
            )
        names = CLASSIFICATION if self.task == "classification" else REGRESSION
        summary: dict[str, float | None] = {}
        for name in names:
            values = [value for one in scored if (value := one.figures[name]) is not None]
            summary[name] = statistics.fmean(values) if values else None
            summary[f"{name}_std"] = statistics.stdev(values) if len(values) > 1 else None
        rows = int((folds >= 0).sum()) if self.division == "time" else len(folds)
        report = Report(
            algorithm=dict(settings),
            division=self.division,
            higher_is_better={name: HIGHER_IS_BETTER[name] for name in names},
            folds=[{**vars(one), "rows": int((folds == one.number).sum())} for one in found],
        )
        return Judged(Metrics(**summary, rows=rows, folds=len(scored)), report)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return labels at random, a number by groups, and labels in the order of time."""
        rows = frame(
            row=list(range(16)),
            age=[22, 41, None, 35, 58, 29, 47, 33, 25, 52, 44, 31, 38, 27, 55, 49],
            plan=["a", "b", "a", None, "b", "a", "b", "a", "a", "b", "b", "a", "a", "a", "b", "b"],
            left=[n % 5 in {0, 2} for n in range(16)],
        )
        ridge = {"target": "age", "task": "regression", "algorithm": "linear", "folds": 2}
        return [
            Example(cls(target="left", algorithm="linear", folds=3), {"table": rows}),
            Example(cls(**ridge, division="group", column="plan"), {"table": rows}),
            Example(cls(target="left", algorithm="linear", folds=2, division="time", column="row"), {"table": rows}),
        ]
