"""Whether a model can be asked about rows, and judged by them: its task, its target, its columns and its labels."""

from collections.abc import Iterator, Mapping

from engine.graph.binding import BoundPipeline
from engine.graph.node import Problem
from engine.graph.paths import is_step, path_to_model
from operators.contract.errors import ColumnTypeError, MissingColumnError
from operators.contract.operator import Operator
from operators.contract.ports import port_as
from operators.contract.tables import NUMERIC, Schema
from operators.learners.targets import check_target_type

Schemas = Mapping[str, Mapping[str, Schema | None]]
_TIMES = frozenset({"date", "datetime", "duration", "time"})
_PREDICTION = "prediction"
_UNKNOWN = frozenset({"", "unknown", "null"})


def stands_beside(operator: Operator) -> bool:
    """True for an operator that gives its rows back with what a model says beside each."""
    return port_as(operator.input_ports(), "model") is not None and operator.output_ports()[0].role == "rows"


def misfits(
    bound: BoundPipeline, name: str, port: str, trainer: str, rows: Schema | None, schemas: Schemas
) -> Iterator[Problem]:
    """Yield why a model cannot be asked about rows, or judged by them.

    Args:
        bound: The pipeline.
        name: Who asks: a score, a prediction, or a trainer with validation rows.
        port: Where the rows come in.
        trainer: The node that trains the model.
        rows: Columns of the rows as they reach the model; None where they are not known.
        schemas: Of each output.
    """
    asks, learns = bound.operators[name], bound.operators[trainer]
    task, judged = task_of(learns), asks.judges
    if judged and task and judged != task:
        yield Problem(
            name,
            "model",
            f"The model does {task}, not {judged}.",
            f"Use the operator that scores {task}: {_SCORES.get(task, '')}.",
        )
        return
    trained = training_columns(bound, trainer, schemas)
    if rows is not None:
        yield from _columns(bound, name, port, trainer, rows, schemas)
    target = str(getattr(learns, "target", "") or "")
    if name == trainer and rows is not None:
        yield from _target_there(name, port, target, rows)
    elif judged and judged != "clustering":
        yield from _judged(name, asks, target, judged, trained, rows)


def task_of(trainer: Operator) -> str:
    """Return what the model of a trainer does; empty where nobody knows."""
    return str(getattr(trainer, "task", "") or "")


def _judged(
    name: str, asks: Operator, predicted: str, task: str, trained: dict[str, str], rows: Schema | None
) -> Iterator[Problem]:
    target = str(getattr(asks, "target", None) or predicted)
    labels = trained.get(predicted, "")
    yield from _positive(name, asks, labels)
    missing = [] if rows is None else list(_target_there(name, "target", target, rows))
    yield from missing
    if target != predicted and not missing:
        yield Problem(
            name,
            "target",
            f"The model predicts {predicted!r}, but {name!r} compares it with {target!r}.",
            "Leave the target open, and it is the model's own.",
            "warning",
        )
    kind = next((column.type for column in rows or () if column.name == target), "")
    if missing or kind in _UNKNOWN:
        return
    if task == "regression":
        try:
            check_target_type(target, kind, "regression")
        except ColumnTypeError as error:
            yield Problem(name, "target", str(error), error.hint)
    elif _group(kind) != _group(labels) and labels not in _UNKNOWN:
        yield Problem(
            name,
            "target",
            f"The labels of {target!r} are of type {kind}, and the model's of type {labels}: they may never be equal.",
            "Cast the target to the type it had in training.",
            "warning",
        )


def _target_there(name: str, field: str, target: str, rows: Schema) -> Iterator[Problem]:
    known = [column.name for column in rows]
    if target and target not in known:
        error = MissingColumnError.among(target, known)
        yield Problem(name, field, str(error), error.hint)


def _positive(name: str, asks: Operator, labels: str) -> Iterator[Problem]:
    """Yield that the positive class is no value of the labels' type."""
    positive = getattr(asks, "positive", None)
    if positive is None or labels in _UNKNOWN or _can_be(positive, labels):
        return
    yield Problem(
        name,
        "positive",
        f"The positive class {positive!r} is no label: the model's are of type {labels}.",
        "Leave it open, or write one of the labels.",
    )


def _can_be(positive: bool | int | float | str, labels: str) -> bool:
    """Return whether a label of a type may equal `positive`, or be written as it."""
    if labels == "boolean":
        return positive in (True, False, "True", "False")
    if labels == "string":
        return isinstance(positive, str)
    if labels in NUMERIC and isinstance(positive, str):
        try:
            float(positive)
        except ValueError:
            return False
    return True


def _columns(
    bound: BoundPipeline, name: str, port: str, trainer: str, rows: Schema, schemas: Schemas
) -> Iterator[Problem]:
    """Yield a column that the model learns from and the rows lack: an error where it surely does."""
    known = {column.name: column.type for column in rows}
    trained, learns = training_columns(bound, trainer, schemas), bound.operators[trainer]
    chosen = getattr(learns, "features", None)
    made = left_out(bound, trainer, schemas)
    every = [one for one in trained or made if one != getattr(learns, "target", "")]
    wanted = chosen if chosen is not None else every
    missing = [one for one in wanted if one not in known]
    for one in sorted(missing, key=lambda one: one not in made)[:1]:
        yield Problem(
            name,
            port,
            f"The rows have no column {one!r}, which the model {trainer!r} may learn from.",
            f"Let {trainer!r} learn without it: {made[one]!r} adds it to the training rows alone."
            if one in made
            else MissingColumnError.among(one, known).hint,
            "error"
            if one in made and (one in trained or chosen or _comes_last(bound, trainer, made[one]))
            else "warning",
        )


def left_out(bound: BoundPipeline, trainer: str, schemas: Schemas) -> dict[str, str]:
    """Return the columns that steps add which other rows never pass, as predictions, each with its step."""
    made = {}
    for name in path_to_model(bound, trainer)[1:]:
        if is_step(bound, name):
            continue
        link = bound.main_link(name)
        before = None if link is None else schemas.get(link.node, {}).get(bound.port_of(link))
        after = schemas.get(name, {}).get(bound.operators[name].output_ports()[0].name)
        if before is not None and after is not None:
            had = {column.name for column in before}
            made.update({column.name: name for column in after if column.name not in had})
        elif stands_beside(bound.operators[name]):
            made[_PREDICTION] = name
    return made


def _comes_last(bound: BoundPipeline, trainer: str, step: str) -> bool:
    """True where nothing can take away what a step adds before the rows are learnt from."""
    path = path_to_model(bound, trainer)
    return not any(is_step(bound, name) for name in path[path.index(step) + 1 :])


def training_columns(bound: BoundPipeline, trainer: str, schemas: Schemas) -> dict[str, str]:
    """Return the types of the columns that a model is trained on, by name; empty where they are not known."""
    link = bound.main_link(trainer)
    schema = None if link is None else schemas.get(link.node, {}).get(bound.port_of(link))
    return {column.name: column.type for column in schema or ()}


def _group(kind: str) -> str:
    if kind in NUMERIC:
        return "number"
    return "time" if kind in _TIMES else kind


_SCORES = {
    "classification": "score_classifier",
    "regression": "score_regressor",
    "clustering": "score_clusters",
}
