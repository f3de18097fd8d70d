"""Find the settings of an algorithm that predict best, and train with them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, NamedTuple, Self

import numpy as np
import polars as pl
from pydantic import Field, model_validator

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.common_fields import Features, Seed, Target
from operators.contract.context import Context
from operators.contract.contradictions import contradiction
from operators.contract.errors import ColumnTypeError, LearnerError
from operators.contract.fields import hint
from operators.contract.learner import Supervised
from operators.contract.operator import Example, frame
from operators.contract.ports import Validation
from operators.contract.tables import LazyTable, Schema, collected
from operators.contract.trainer import Trainer
from operators.contract.values.model import Model
from operators.contract.values.report import Report
from operators.learners.algorithm import SearchAlgorithm, learner_of
from operators.learners.fitting import fit_model, usable_features
from operators.learners.linear import Linear
from operators.learners.targets import fit_target, with_target
from operators.scoring.figures import CLASSIFICATION, HIGHER_IS_BETTER, REGRESSION
from operators.train.candidates import Space
from operators.train.folds import FoldScore, assigned_folds
from operators.train.search import Plan, Search, Trial, best
from operators.train.supervised import check_columns, report_rows, seed_of

Metric = Literal[
    "auto", "roc_auc", "accuracy", "balanced_accuracy", "precision", "recall", "f1", "average_precision", "log_loss",
    "brier", "r2", "mae", "rmse", "median_absolute_error", "mape", "max_error",
]  # fmt: skip


class Found(NamedTuple):
    """What a search gives."""

    model: Model
    report: Report


class HyperparameterSearch(Trainer):
    """Try settings of one algorithm, or of several, and train on all rows with the best.

    The defaults are tried first, then what Optuna suggests within the bounds that the learner's fields declare;
    settings that are given stay as they are. Each candidate is scored on `folds` parts of the training rows in turn,
    or on the `validation` rows; one that falls behind the median is dropped early. The report has `metric`,
    `direction`, `best` and `trials`, each with its number, algorithm, value, folds and status.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Hyperparameter search", "zh": "超参数搜索"},
        category="train",
        engines=ALL_ENGINES,
        version=2,
        about={
            "zh": (
                "尝试一个或多个算法的不同参数，用最好的参数在全部行上训练。\n\n先尝试默认参数，"
                "再在算法声明的范围内采用 Optuna 建议的参数；已指定的参数保持不变。"
                "每个候选轮流在训练数据的 `folds` 个部分上评分，或在 `validation` 上评分；"
                "落后于中位数的候选会提前放弃。报告包含 `metric`、`direction`、`best` 和 `trials`，"
                "每次尝试都有编号、算法、得分、折数和状态。"
            )
        },
    )

    target: Target
    task: Supervised = Field(
        "classification", description="Predict a label or a number", json_schema_extra=hint("预测标签或数值")
    )
    algorithm: SearchAlgorithm = Field(
        "auto",
        description="Algorithm, by name or with the settings that are to stay; `auto` chooses among several",
        json_schema_extra=hint("算法名称，或带固定参数的算法；auto 表示在多个算法中选择"),
    )
    trials: int = Field(30, ge=1, le=10_000, description="Candidates to try", json_schema_extra=hint("尝试的候选数量"))
    timeout_s: float | None = Field(
        None,
        gt=0,
        description="Seconds after which no more candidates are started; no limit when unset",
        json_schema_extra=hint("超过该秒数后不再开始新的候选；不填则不限"),
    )
    metric: Metric = Field(
        "auto",
        description="What decides; roc_auc for labels and rmse for numbers when `auto`",
        json_schema_extra=hint("评判指标；auto 时分类用 roc_auc，回归用 rmse"),
    )
    folds: int = Field(
        3, ge=2, le=20, description="Parts of the rows held out in turn", json_schema_extra=hint("交叉验证的折数")
    )
    features: Features = None
    balance: bool = Field(
        False,
        description="Give every class the same weight, however rare it is",
        json_schema_extra=hint("让每个类别的权重相同", advanced=True),
    )
    seed: Seed = None
    at_once: int = Field(
        4,
        ge=1,
        le=256,
        description="Candidates tried side by side",
        json_schema_extra=hint("同时尝试的候选数量", advanced=True),
    )
    share: float = Field(
        1.0,
        gt=0,
        le=64,
        description="CPUs that each candidate takes",
        json_schema_extra=hint("每个候选占用的 CPU 数", advanced=True),
    )

    @model_validator(mode="after")
    def _metric_fits_the_task(self) -> Self:
        known = CLASSIFICATION if self.task == "classification" else REGRESSION
        if self.metric not in {"auto", *known}:
            raise contradiction(
                "metric",
                "the metric {metric!r} does not judge {task}; choose one of {known}",
                "指标 {metric} 不适用于 {task}；请选择：{known}",
                metric=self.metric,
                task=self.task,
                known=", ".join(known),
            )
        return self

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Check the target and the features against the training rows' schema.

        Raises:
            MissingColumnError: One of them is not there.
            ColumnTypeError: The target cannot be learnt.
        """
        schema = inputs.get("train")
        if schema is not None:
            check_columns(schema, self.target, self.features, self.task)
        return super().infer(inputs, sources)

    def train(self, train: LazyTable, validation: Validation | None = None, *, context: Context) -> Found:
        """Return a model with the best settings, trained on all of `train`, and what was tried.

        Raises:
            MissingColumnError: The target or a feature is not in `train`.
            EmptyTableError: No row has a target.
            LearnerError: The target cannot be learnt, or no candidate could be scored.
            CancelledError: The run was cancelled.
        """
        every = collected(train)
        rows, seed = with_target(every, self.target), seed_of(self.seed, context)
        report_rows(every.get_column(self.target), context)
        score = self._score(rows, None if validation is None else collected(validation), seed)
        search = Search(Space.of(self.algorithm), self._plan(seed, int(score.folds.max()) + 1), score, context)
        trials = search.run()
        winner = self._winner(trials)
        settings = winner["algorithm"]
        model = fit_model(
            rows,
            self.target,
            self.task,
            learner_of(settings),
            features=self.features,
            seed=seed,
            balance=self.balance,
        )
        return Found(model, self._report(trials, winner, rows.height))

    def _score(self, rows: pl.DataFrame, validation: pl.DataFrame | None, seed: int) -> FoldScore:
        """Return what scores a candidate, with the rows divided into folds."""
        outcome = fit_target(rows, self.target, self.task)
        usable = [column.name for column in usable_features(rows, self.target, self.features)]
        absent = frozenset[str]()
        if validation is None:
            if rows.height < self.folds:
                raise LearnerError(
                    f"{rows.height} rows cannot be divided into {self.folds} folds.",
                    hint="Bring more rows, or ask for fewer folds.",
                    field="folds",
                )
            labels = self.task == "classification"
            folds = assigned_folds(outcome.values, self.folds, stratified=labels, seed=seed)
        else:
            known = with_target(validation, self.target)
            absent = frozenset(usable) - set(known.columns)
            asked = [*usable, self.target]
            held_out = known.select(name for name in asked if name in known.columns)
            folds = np.repeat([-1, 0], [rows.height, held_out.height])
            rows = _stacked(rows.select(asked), held_out)
        return FoldScore(
            rows, folds, self.target, self.task, self._metric, self.features, seed, self.balance, absent=absent
        )

    @property
    def _metric(self) -> str:
        if self.metric == "auto":
            return "roc_auc" if self.task == "classification" else "rmse"
        return self.metric

    def _plan(self, seed: int, folds: int) -> Plan:
        maximize = HIGHER_IS_BETTER[self._metric]
        return Plan(self.trials, folds, self.at_once, self.share, self.timeout_s, maximize, seed)

    def _winner(self, trials: Sequence[Trial]) -> Trial:
        found = best(trials, maximize=HIGHER_IS_BETTER[self._metric])
        if found is None:
            reason = next((trial["error"] for trial in trials if trial["error"]), "None was tried.")
            raise LearnerError(
                f"None of {len(trials)} candidates could be scored: {reason}",
                hint="Try another metric or algorithm, or more rows.",
                field="metric",
            )
        return found

    def _report(self, trials: Sequence[Trial], winner: Trial, rows: int) -> Report:
        shown: list[dict[str, Any]] = [{k: v for k, v in trial.items() if k != "drawn"} for trial in trials]
        return Report(
            metric=self._metric,
            direction="maximize" if HIGHER_IS_BETTER[self._metric] else "minimize",
            rows=rows,
            best=shown[winner["number"]],
            trials=shown,
        )

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return a search for a label and one for a number."""
        rows = frame(
            age=[22, 41, None, 35, 58, 29, 47, 33, 25, 52, 44, 31],
            plan=["a", "b", "a", None, "b", "a", "b", "a", "a", "b", "b", "a"],
            left=[True, False, True, True, False, True, False, True, True, False, False, True],
        )
        ridge = Linear(max_iter=200)
        return [
            Example(cls(target="left", algorithm="linear", trials=3, folds=2, seed=1), {"train": rows}),
            Example(cls(target="age", task="regression", algorithm=ridge, trials=3, folds=2), {"train": rows}),
        ]


def _stacked(rows: pl.DataFrame, held_out: pl.DataFrame) -> pl.DataFrame:
    """Return training and validation rows in one table, with nulls where the latter lack a column."""
    for name, kind in held_out.schema.items():
        trained = rows.schema[name]
        alike = kind.is_(trained) or (kind.is_numeric() and trained.is_numeric()) or pl.Null in {kind, trained}
        if not alike and not (_is_text(kind) and _is_text(trained)):
            raise ColumnTypeError(
                f"Column {name!r} is {trained} in the training rows and {kind} in the validation rows.",
                hint="Cast one of them with cast_types.",
                field="features",
            )
    return pl.concat([rows, held_out], how="diagonal_relaxed")


def _is_text(kind: pl.DataType) -> bool:
    return isinstance(kind, pl.String | pl.Categorical | pl.Enum)
