"""The proof that batch and online agree: stored rows go both ways before anything is released.

Batch is how a run answers: all rows as one lazy table through the steps and the learner. Online is how a
service answers: each row by itself, written as JSON, read again and validated, by a slice that was stored and loaded.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import polars as pl
from narwhals.exceptions import NarwhalsError
from polars.exceptions import PolarsError

from engine.errors import EngineError, ReplayError
from engine.serving.errors import RequestError
from engine.serving.slice import Slice, documents
from engine.serving.values import rows_to_json, to_json
from operators.contract.errors import OperatorError
from operators.contract.step import Step
from operators.contract.tables import collected, lazy
from operators.contract.values.model import Model
from operators.row_numbers import unused_name

ROWS = 200
TOLERANCE = 1e-6
"""Largest difference of a number, absolute up to 1 and relative beyond."""
_ROW = "tandem row"


@dataclass(frozen=True)
class Replay:
    """What a replay found: how many rows agreed, and how far their numbers were apart at most."""

    rows: int
    max_abs_difference: float


@dataclass(frozen=True)
class Answered:
    """Rows as clients send them and what a slice answered, kept with it to see later whether it still does.

    Args:
        rows: JSON rows of the columns that are required.
        answers: One for each row.
    """

    rows: Sequence[Mapping[str, Any]]
    answers: Sequence[Mapping[str, Any]]

    @classmethod
    def by(cls, piece: Slice, rows: pl.DataFrame) -> Self:
        """Return what a slice answers to rows of its source; those that cannot be asked about are left out."""
        asked = _questions(piece, rows.filter(_finite(piece, rows)))
        return cls(asked, piece.answer(asked) if asked else [])

    def still(self, piece: Slice) -> bool:
        """Tell whether a slice gives these answers, numbers within the tolerance."""
        try:
            found = piece.answer(self.rows) if self.rows else []
        except (EngineError, OperatorError, PolarsError, NarwhalsError, ArithmeticError, ValueError, TypeError):
            return False
        return all(_gap(dict(one), other) is not None for one, other in zip(self.answers, found, strict=True))


def replay(piece: Slice, model: Model, steps: Sequence[Step], rows: pl.DataFrame) -> Replay:
    """Answer stored rows of the source both ways and return how far apart the answers are.

    Args:
        piece: The slice as it was loaded.
        model: The model as the run keeps it.
        steps: The steps of the run, those left out online excepted.
        rows: Rows of the source; one with infinities where the model looks cannot be asked about and is left out.

    Raises:
        ReplayError: They differ; it names the row, and the first node and column where they part.
    """
    asked = rows.filter(_finite(piece, rows))
    batch = documents(model.answer(_batch(steps, asked)))
    largest = 0.0
    for number, (row, expected) in enumerate(zip(_questions(piece, asked), batch, strict=True)):
        online = _online(piece, row, number)
        gap = _gap(expected, online)
        if gap is None:
            raise _parted(piece, steps, asked, number, f"{_told(expected)} in the batch and {_told(online)} online")
        largest = max(largest, gap)
    return Replay(len(asked), largest)


def _finite(piece: Slice, rows: pl.DataFrame) -> pl.Expr:
    floats = [name for name in piece.required if rows.schema[name].is_float()]
    return pl.all_horizontal(pl.lit(True), *(~pl.col(name).is_infinite().fill_null(False) for name in floats))


def _batch(steps: Sequence[Step], rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows after `steps`, in order: numbered, since a join may shuffle them."""
    number = _number_of(rows)
    table = lazy(rows.with_row_index(number))
    for step in steps:
        table = step.apply(table)
    after = collected(table)
    return after.sort(number) if number in after.columns else after


def _number_of(rows: pl.DataFrame) -> str:
    return unused_name(rows.columns, _ROW)


def _questions(piece: Slice, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows as a client would send them."""
    written = json.dumps(rows_to_json(rows.select(list(piece.required))), allow_nan=False)
    questions: list[dict[str, Any]] = json.loads(written)
    return questions


def _online(piece: Slice, row: dict[str, Any], number: int) -> dict[str, Any]:
    try:
        return piece.answer([row])[0]
    except RequestError as error:
        raise ReplayError(f"Stored row {number} is refused online: {error}", hint=error.hint) from error


def _gap(expected: dict[str, Any], online: dict[str, Any]) -> float | None:
    """Return the largest difference of two answers, or None where they disagree."""
    shares, others = expected.get("probabilities"), online.get("probabilities")
    if shares is None or others is None:
        gaps = [_distance(expected[name], online.get(name)) for name in expected]
        return None if None in gaps else max(gap for gap in gaps if gap is not None)
    gaps = [_distance(shares[label], others.get(label)) for label in shares]
    apart = [gap for gap in gaps if gap is not None]
    same = expected["prediction"] == online["prediction"] or _tied(shares)
    return max(apart, default=0.0) if same and len(apart) == len(gaps) else None


def _tied(shares: dict[str, float]) -> bool:
    """True where the two likeliest labels are so close that rounding may choose either."""
    best = sorted(shares.values(), reverse=True)[:2]
    return len(best) == 2 and best[0] - best[1] <= TOLERANCE  # noqa: PLR2004


def _distance(one: Any, other: Any) -> float | None:
    """Return how far two values are apart, 0 for equal ones, None beyond the tolerance."""
    if one == other:
        return 0.0
    if not isinstance(one, float | int) or not isinstance(other, float | int):
        return None
    gap = abs(one - other)
    return gap if gap <= TOLERANCE * max(1.0, abs(one)) else None


def _parted(piece: Slice, steps: Sequence[Step], rows: pl.DataFrame, number: int, told: str) -> ReplayError:
    """Return the error that names the first node and column where the two ways part."""
    one = piece.table_of([_questions(piece, rows)[number]])
    place = "the learner"
    for count in range(1, len(steps) + 1):
        batch = _batch(steps[:count], rows)
        online = piece.after(one, count)
        told_of = batch.drop(_number_of(rows), strict=False).row(number, named=True)
        column = _differing(piece, told_of, online.row(0, named=True))
        if column:
            place = f"node {steps[count - 1].node!r}, column {column!r}"
            break
    return ReplayError(
        f"Row {number} is {told}; they part at {place}.",
        hint="Nothing was registered. Use operators that do to one row what they do to a table.",
    )


def _differing(piece: Slice, batch: dict[str, Any], online: dict[str, Any]) -> str:
    unread = set(piece.source) - set(piece.required)
    for name, value in batch.items():
        if name in unread or name not in online:
            continue
        if isinstance(value, float) and not math.isfinite(value) and online[name] is None:
            continue
        if _distance(to_json(value), to_json(online[name])) is None:
            return name
    return ""


def _told(answer: dict[str, Any]) -> str:
    shares = answer.get("probabilities") or {}
    best = f" (probability {max(shares.values()):.6g})" if shares else ""
    return f"{answer['prediction']!r}{best}"
