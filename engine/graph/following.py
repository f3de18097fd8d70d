"""Whether rows can follow a model: what held-out rows must pass on the way to it, and what a service must.

Training rows come to a model over steps. Rows that it is asked about (a score, a prediction, validation rows) pass
the same steps, as far as they have not yet; a service passes them one row at a time. A step that needs the whole
table cannot be passed again: a run fails there, or no service can be made. Both are known before anything runs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.errors import PipelineError
from engine.graph import judging
from engine.graph.binding import BoundPipeline
from engine.graph.inferring import Given
from engine.graph.node import Link, Problem
from engine.graph.paths import is_loaded, is_step, path_to_model, pending_nodes, state_of, trainer_of
from engine.graph.plan import beside, rows_for_model
from engine.graph.topology import ancestors
from operators.contract.errors import MissingColumnError, OperatorError
from operators.contract.fitted import FittedOperator
from operators.contract.operator import Operator
from operators.contract.ports import port_as
from operators.contract.tables import Schema

Schemas = Mapping[str, Mapping[str, Schema | None]]
Follow = Callable[[str, Given], Given]
"""Takes a node and schemas, and returns what it gives for them; nothing where it is at fault itself.

Raises:
    OperatorError: It cannot work on these.
"""
_APPLIED = frozenset({"column", "columns"})
"""Parameters of fitted operators that name what they work on, also where nothing is learnt."""


@dataclass(frozen=True)
class Question:
    """Rows that a model is asked about.

    Args:
        node: Who asks: a score, a prediction, or a trainer with validation rows.
        port: Where the rows come in.
        rows: What they come from.
        trainer: The node that trains the model.
        pending: What they have yet to pass.
    """

    node: str
    port: str
    rows: Link
    trainer: str
    pending: tuple[str, ...]


def unfollowable(bound: BoundPipeline, schemas: Schemas, blocked: frozenset[str], follow: Follow) -> Iterator[Problem]:
    """Yield what rows cannot follow: errors where a run would fail, warnings where only a service cannot be made.

    Args:
        bound: The pipeline, with the operators of those nodes whose parameters are right.
        schemas: Of each output, None where it is not known.
        blocked: Nodes in a circle, or fed by one.
        follow: Asks a step what it gives for other rows.
    """
    refused: set[str] = set()
    for question in _questions(bound, blocked):
        for step in question.pending:
            if not can_be_done_again(bound, step):
                refused.add(step)
                yield _cannot_follow(bound, step, question)
            elif _may_change_rows(bound, step) and judging.stands_beside(bound.operators[question.node]):
                yield _may_lose_rows(bound, step, question)
        schema, problem = (
            (None, None) if refused & set(question.pending) else _arriving(bound, question, schemas, follow)
        )
        if problem is not None:
            yield problem
        yield from judging.misfits(bound, question.node, question.port, question.trainer, schema, schemas)
    yield from _not_served(bound, schemas, blocked, refused)


def can_be_done_again(bound: BoundPipeline, step: str) -> bool:
    """True where a step can be applied to other rows than those it was given in the run."""
    if state_of(bound, step) is not None:
        return True
    return not _only_whole(bound.operators[step])


def _only_whole(operator: Operator) -> bool:
    """True where an operator has no way to be applied to other rows."""
    return type(operator).apply_step is Operator.apply_step


def whole_table_problem(name: str, operator: Operator) -> Problem | None:
    """Return what must be said of a step as soon as it is chosen: that rows cannot follow it; None where they can."""
    if operator.online() != "refuse":
        return None
    return Problem(
        name,
        "operator",
        f"{name!r} ({operator.card.name}) needs the whole table: no single row can follow it to a service.",
        operator.alternative,
        "warning",
    )


def _questions(bound: BoundPipeline, blocked: frozenset[str]) -> Iterator[Question]:
    for name in bound.operators:
        asked = rows_for_model(bound, name)
        if asked is None or not _sound(bound, name, blocked):
            continue
        port, rows = asked
        try:
            trainer = trainer_of(bound, name)
            if is_loaded(bound, trainer):  # `loaded` says whether rows fit it
                continue
            pending = pending_nodes(bound, name, rows)
        except PipelineError:  # what is connected is no model: the wiring says so
            continue
        yield Question(name, port, rows, trainer, pending)


def _sound(bound: BoundPipeline, name: str, blocked: frozenset[str]) -> bool:
    """True where a node and all above it are bound, linked to nodes that exist, and in no circle."""
    above = ancestors(bound.pipeline, [name]) | {name}
    linked = {link.node for node in above if node in bound.pipeline.nodes for link in _links(bound, node)}
    return not above & blocked and (above | linked) <= set(bound.operators)


def _links(bound: BoundPipeline, node: str) -> list[Link]:
    return list(bound.pipeline.nodes[node].inputs.values())


def _cannot_follow(bound: BoundPipeline, step: str, question: Question) -> Problem:
    operator = bound.operators[step]
    return Problem(
        step,
        "operator",
        f"{step!r} ({operator.card.name}) needs the whole table, so the rows that {question.node!r} asks about cannot"
        f" pass it on the way to the model {question.trainer!r}.",
        f"Put {step!r} before the rows are split. {operator.alternative}",
    )


def _may_change_rows(bound: BoundPipeline, step: str) -> bool:
    return bound.operators[step].online() == "refuse"


def _may_lose_rows(bound: BoundPipeline, step: str, question: Question) -> Problem:
    operator = bound.operators[step]
    return Problem(
        step,
        "operator",
        f"{question.node!r} puts a prediction beside each row, but {step!r} ({operator.card.name}) may drop rows or"
        " add some.",
        f"Put {step!r} before the rows are split. {operator.alternative}",
        "warning",
    )


def _arriving(
    bound: BoundPipeline, question: Question, schemas: Schemas, follow: Follow
) -> tuple[Schema | None, Problem | None]:
    """Return the columns of the rows as they reach the model, None where unknown, and why they cannot reach it."""
    schema = _schema_at(bound, question.rows, schemas)
    for step in question.pending:
        if schema is None:
            break
        try:
            schema = _after(bound, step, schema, schemas, follow)
        except MissingColumnError as error:
            return None, _stuck(bound, step, question, error)
        except OperatorError:
            return None, None
    return schema, None


def _after(bound: BoundPipeline, step: str, schema: Schema, schemas: Schemas, follow: Follow) -> Schema | None:
    state = state_of(bound, step)
    asked = step if state is None else state.node
    ports = {port: _schema_at(bound, link, schemas) for port, link in beside(bound, step).items()}
    return follow(asked, {bound.operators[asked].input_ports()[0].name: schema, **ports}).get("table")


def _stuck(bound: BoundPipeline, step: str, question: Question, error: MissingColumnError) -> Problem | None:
    """Return that rows lack a column which a step needs; None for a target, which is needed to learn only."""
    if state_of(bound, step) is not None and error.field not in _APPLIED:
        return None
    return Problem(
        question.node,
        question.port,
        f"The rows of {question.node!r} cannot pass {step!r} on the way to the model {question.trainer!r}: {error}",
        error.hint,
    )


def _schema_at(bound: BoundPipeline, link: Link, schemas: Schemas) -> Schema | None:
    return schemas.get(link.node, {}).get(bound.port_of(link))


def _not_served(
    bound: BoundPipeline, schemas: Schemas, blocked: frozenset[str], refused: set[str]
) -> Iterator[Problem]:
    """Yield a warning for each step before a model that keeps it from becoming a service."""
    told = set(refused)
    for name in bound.operators:
        gives_model = port_as(bound.operators[name].output_ports(), "model") is not None
        if not gives_model or not _sound(bound, name, blocked):
            continue
        yield from _learns_from_left_out(bound, name, schemas)
        for step in path_to_model(bound, name)[1:]:
            if step in told or not is_step(bound, step) or bound.operators[step].online() != "refuse":
                continue
            told.add(step)
            operator = bound.operators[step]
            yield Problem(
                step,
                "operator",
                f"No service can be made of the model {name!r}: {step!r} ({operator.card.name}) needs the whole table.",
                f"The run itself works. {operator.alternative}",
                "warning",
            )


def _learns_from_left_out(bound: BoundPipeline, trainer: str, schemas: Schemas) -> Iterator[Problem]:
    """Yield that a model learns from a column which a service leaves out, as another model's prediction."""
    learns, trained = bound.operators[trainer], judging.training_columns(bound, trainer, schemas)
    chosen = getattr(learns, "features", None)
    for column, step in judging.left_out(bound, trainer, schemas).items():
        known = column in trained or not trained
        if known and (chosen is None or column in chosen) and column != getattr(learns, "target", ""):
            yield Problem(
                trainer,
                "features",
                f"No service can be made of the model {trainer!r}: it learns from {column!r}, which {step!r} adds and a"
                " service leaves out.",
                f"Let {trainer!r} learn without it.",
                "warning",
            )
            return


def state_problems(
    bound: BoundPipeline, schemas: Schemas, blocked: frozenset[str], follow: Follow
) -> Iterator[Problem]:
    """Yield where a learnt state is applied to rows that lack a column it was learnt from."""
    for name in bound.operators:
        state = state_of(bound, name)
        if state is None or state.node == name or not _sound(bound, name, blocked):
            continue
        link, learner = bound.main_link(name), bound.operators[state.node]
        schema = None if link is None else _schema_at(bound, link, schemas)
        if schema is None or not isinstance(learner, FittedOperator):
            continue
        try:
            follow(state.node, {learner.input_ports()[0].name: schema})
        except MissingColumnError as error:
            if error.field in _APPLIED:
                yield Problem(name, "table", str(error), error.hint)
        except OperatorError:  # what it learnt from had other types; whether these do is seen in the run
            continue
