"""What an operator says of its columns, asked once for equal parameters on equal inputs: a check asks at each edit.

Where an operator says which columns it works on, it is asked about these alone and the others are put back: so a step
that adds a column costs the same in a wide table, and a change elsewhere in the table does not ask it again.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from operators.contract.errors import OperatorError
from operators.contract.operator import Operator
from operators.contract.tables import Schema, put_back

Given = Mapping[str, Schema | None]
_KEPT = 4096  # answers; one holds the columns of its ports, some tens of kilobytes at a thousand columns


@dataclass(frozen=True)
class _Question:
    """An operator's kind and parameters with the schemas that it is asked about; equal ones have equal answers.

    The kind is the class itself: code that was loaded anew is another class and is asked anew.
    """

    kind: type[Operator]
    parameters: str
    inputs: tuple[tuple[str, Schema | None], ...]
    sources: tuple[tuple[str, Schema], ...]
    operator: Operator = field(compare=False)


def inferred(operator: Operator, inputs: Given, sources: Mapping[str, Schema]) -> Given:
    """Return the schema at each output port, as `Operator.infer` does; safe to call from several threads.

    Args:
        operator: Is pure here: what it reads from outside it has from `sources`.
        inputs: The schema of each connected table port; None where it is not known.
        sources: The schema of each source by its ref; the operator sees those that it names.

    Raises:
        OperatorError: The parameters cannot work on these inputs.
    """
    answer: Given | OperatorError | None = _narrowly(operator, inputs)
    if answer is None:
        named = {source.ref for source in operator.sources()}
        answer = _asked(operator, inputs, {ref: schema for ref, schema in sources.items() if ref in named})
    if isinstance(answer, OperatorError):
        raise answer
    return answer


def _narrowly(operator: Operator, inputs: Given) -> Given | None:
    """Return what is said of the columns that an operator works on, with all others put back.

    None where it works on any, or refuses: what it says then names other columns, so it is asked about all.
    """
    main, *beside = inputs or ("",)
    schema = inputs.get(main)
    columns = operator.works_on(schema) if schema and operator.trusted and not beside else None
    if schema is None or columns is None:
        return None
    narrow = tuple(column for column in schema if column.name in columns) or schema[:1]
    answer = _asked(operator, {main: narrow}, {})
    if isinstance(answer, OperatorError):
        return None
    return {port: None if out is None else put_back(schema, narrow, out) for port, out in answer.items()}


def _asked(operator: Operator, inputs: Given, sources: Mapping[str, Schema]) -> Given | OperatorError:
    return _answer(
        _Question(type(operator), operator.model_dump_json(), tuple(inputs.items()), tuple(sources.items()), operator)
    )


@functools.lru_cache(maxsize=_KEPT)
def _answer(question: _Question) -> Given | OperatorError:
    try:
        return dict(question.operator.infer(dict(question.inputs), dict(question.sources)))
    except OperatorError as error:
        return error.with_traceback(None)
