"""A slice: the path from a source's columns to a prediction, as a service applies it to rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import polars as pl
from narwhals.exceptions import NarwhalsError
from polars.exceptions import PolarsError

from engine.errors import ServingError
from engine.serving.required import required_columns
from engine.serving.rows import table_of
from engine.serving.values import can_be_asked, json_type, to_json
from operators.contract.errors import OperatorError
from operators.contract.step import Step
from operators.contract.tables import LazyTable, collected, lazy
from operators.contract.values.model import DISTANCE, Model
from operators.row_numbers import unused_name

_ROW = "tandem row"
PROBABILITY = "probability_"


@dataclass(frozen=True)
class Slice:
    """Everything that turns rows of the source into answers; `build` makes one.

    Args:
        source: Columns of the source and their types.
        steps: What rows pass on the way to the learner; each does to one row what it does to many.
        model: The learner; it has no pending steps of its own.
        skipped: Nodes of the training path that a service leaves out: splits, sampling.
    """

    source: pl.Schema
    steps: tuple[Step, ...]
    model: Model
    skipped: tuple[str, ...] = ()

    @classmethod
    def build(cls, source: pl.Schema, path: Sequence[Step], model: Model, skipped: Sequence[str] = ()) -> Self:
        """Return the slice of a training path.

        Args:
            source: Columns of the source.
            path: The steps of the path in order, those that a service leaves out among them.
            model: What the trainer at the end of the path returned.
            skipped: Nodes that were left out already.

        Raises:
            ServingError: A step needs the whole table, or a required column cannot be asked for as JSON.
        """
        for step in path:
            if step.operator.online() == "refuse":
                name = step.operator.card.name
                raise ServingError(
                    f"Node {step.node!r} ({name}) needs the whole table, so no service can be made of it.",
                    hint="Put it before the dataset is stored, or use an operator that works row by row.",
                )
        kept = tuple(step for step in path if step.operator.online() != "skip")
        left_out = tuple(step.node for step in path if step.operator.online() == "skip")
        built = cls(source, kept, model.after(()), (*skipped, *left_out))
        for name, dtype in _required(built).items():
            if not can_be_asked(dtype):
                raise ServingError(
                    f"The model needs column {name!r}, whose type {dtype} has no form in JSON.",
                    hint="Cast the column, or drop it before training.",
                )
        return built

    @cached_property
    def required(self) -> Mapping[str, pl.DataType]:
        """The columns of the source that influence a prediction, with their types, in order."""
        names = required_columns(self.source, self.steps, [column.name for column in self.model.features])
        return {name: self.source[name] for name in names}

    @property
    def outputs(self) -> Mapping[str, str]:
        """The columns of an answer and the names of their types."""
        answered = self.model.answer(pl.DataFrame(schema={c.name: pl.Null for c in self.model.features}))
        return {name: json_type(dtype) for name, dtype in answered.schema.items()}

    def table_of(self, rows: Sequence[Any], optional: Collection[str] = frozenset()) -> pl.DataFrame:
        """Return JSON rows as a table of the required columns; those that are `optional` may be left out.

        Raises:
            RequestError: A row that cannot be answered.
        """
        return table_of(rows, self.required, known=self.source.names(), optional=optional)

    def answer(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Answer JSON rows, in order: `{"prediction", "probabilities"}` for each, see `documents`.

        Raises:
            RequestError: A row that cannot be answered.
            ServingError: The slice is broken.
        """
        return documents(self.predict(self.table_of(rows)))

    def predict(self, table: pl.DataFrame) -> pl.DataFrame:
        """Answer the rows of a table that has the required columns, in order.

        Raises:
            ServingError: A step does not keep rows one to one.
        """
        prepared = self.after(table, len(self.steps), [column.name for column in self.model.features])
        if len(prepared) != len(table):
            names = ", ".join(step.node for step in self.steps)
            raise ServingError(
                f"The steps {names} made {len(prepared)} of {len(table)} rows.",
                hint="A service needs steps that keep each row.",
            )
        return self.model.answer(prepared)

    def after(self, table: pl.DataFrame, count: int, columns: Sequence[str] = ()) -> pl.DataFrame:
        """Return rows after the first `count` steps, computed.

        Args:
            table: Rows with the required columns.
            count: In [0, number of steps].
            columns: What to compute; everything when empty.
        """
        rows = lazy(self._completed(table))
        for step in self.steps[:count]:
            rows = _joined(step, rows, len(table)) if step.beside else step.apply(rows)
        return collected(rows.select(*columns) if columns else rows)

    def whole(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return rows with the required columns in the columns of the source, the others null."""
        return self._completed(table).collect()

    def step(self, number: int, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows that are before the step of that number, from 0, as they are after it, computed."""
        step, table = self.steps[number], lazy(rows)
        return collected(_joined(step, table, len(rows)) if step.beside else step.apply(table))

    def _completed(self, table: pl.DataFrame) -> pl.LazyFrame:
        absent = [pl.lit(None, dtype).alias(name) for name, dtype in self.source.items() if name not in self.required]
        return table.lazy().with_columns(absent).select(self.source.names())


def _required(piece: Slice) -> Mapping[str, pl.DataType]:
    try:
        return piece.required
    except (OperatorError, PolarsError, NarwhalsError) as error:
        said = str(error).strip().splitlines()[0]
        skipped = ", ".join(map(repr, piece.skipped))
        raise ServingError(
            f"The steps do not lead to the model's columns once {skipped} are left out: {said}",
            hint="A service leaves out splits, sampling and predictions; the others must do without them.",
        ) from error


def _joined(step: Step, rows: LazyTable, count: int) -> LazyTable:
    """Apply a step that has tables beside it, and put the rows back in order: a join need not keep it."""
    number = unused_name([*rows.columns, *(name for table in step.beside.values() for name in table.columns)], _ROW)
    numbered = collected(rows).with_row_index(number)
    after = collected(step.apply(lazy(numbered)))
    if number not in after.columns or after[number].n_unique() != count or len(after) != count:
        raise ServingError(
            f"Node {step.node!r} ({step.operator.card.name}) does not give one row for each row it takes.",
            hint="Make the keys of the other table unique, and use a left join.",
        )
    return lazy(after.sort(number).drop(number))


def documents(answered: pl.DataFrame) -> list[dict[str, Any]]:
    """Return what `Model.answer` gave as JSON, one object for each row.

    `prediction` is the label or the number; a classifier adds `probabilities`, in [0, 1] by label, clusters add the
    `distance` of a row from the middle of its own.
    """
    labels = [name for name in answered.columns if name.startswith(PROBABILITY)]
    found = []
    for row in answered.iter_rows(named=True):
        document = {"prediction": to_json(row["prediction"])}
        if labels:
            document["probabilities"] = {name.removeprefix(PROBABILITY): to_json(row[name]) for name in labels}
        if DISTANCE in row:
            document["distance"] = to_json(row[DISTANCE])
        found.append(document)
    return found
