"""Finding out which columns users' code gives, on tables without rows: only where a user asks for it."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from engine.graph.bind import Findings
from engine.graph.node import Problem
from engine.graph.unlearnt import Unlearnt
from engine.records.database import Records
from engine.runs.remember import remember_tried
from operators.contract.errors import CancelledError, OperatorError


def tried(
    check: Callable[[], Findings], records: Records, wanted: Collection[str], cancelled: Callable[[], bool]
) -> dict[str, Any]:
    """Run the code whose columns are not known on empty tables, each after what feeds it, and remember what it gives.

    Args:
        check: Returns what a check finds now; it is asked again after each that was learnt.
        records: Where that is remembered.
        wanted: Nodes whose code may run.
        cancelled: Looked at while code runs.

    Returns:
        `{"learnt": [node], "problems": [...]}`: warnings, each why the columns of a node could not be found out.

    Raises:
        CancelledError: `cancelled` said so.
    """
    learnt: list[str] = []
    problems: dict[str, Problem] = {}
    findings = check()
    while one := next(_open(findings, wanted, {*learnt, *problems}), None):
        try:
            given = one.operator.try_empty(one.known, cancelled)
        except CancelledError:
            raise
        except OperatorError as error:
            hint = "If it needs rows, a run will find out its columns; or declare them."
            problems[one.node] = _problem(one, str(error), hint)
        else:
            remember_tried(one.operator, one.inputs, given, records)
            learnt.append(one.node)
            findings = check()
    for one in findings.unlearnt:
        if one.node in wanted and not one.triable and not findings.errors:  # an error says more
            hint = "Find out those first, or declare its own."
            problems[one.node] = _problem(one, "The columns that reach it are not known.", hint)
    return {"learnt": learnt, "problems": [problem.document() for problem in problems.values()]}


def _open(findings: Findings, wanted: Collection[str], done: Collection[str]) -> Iterator[Unlearnt]:
    return (one for one in findings.unlearnt if one.node in wanted and one.node not in done and one.triable)


def _problem(one: Unlearnt, why: str, hint: str) -> Problem:
    return Problem(one.node, one.field, f"{one.node!r} cannot be tried on an empty table: {why}", hint, "warning")
