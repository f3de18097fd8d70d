"""What an operator says of its columns, asked once for equal parameters on equal inputs: a check asks at each edit."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from operators.contract.errors import OperatorError
from operators.contract.operator import Operator
from operators.contract.tables import Schema

Given = Mapping[str, Schema | None]
_KEPT = 4096  # answers; one holds the columns of its ports, some tens of kilobytes at a thousand columns


@dataclass(frozen=True)
class _Question:
    """An operator's kind and parameters with the schemas that it is asked about; equal ones have equal answers."""

    kind: type[Operator]
    parameters: str
    inputs: tuple[tuple[str, Schema | None], ...]
    sources: tuple[tuple[str, Schema], ...]
    operator: Operator = field(compare=False)


def inferred(operator: Operator, inputs: Given, sources: Mapping[str, Schema]) -> Given:
    """Return the schema at each output port, as `Operator.infer` does.

    Args:
        operator: Is pure here: what it reads from outside it has from `sources`.
        inputs: The schema of each connected table port; None where it is not known.
        sources: The schema of each source by its ref; the operator sees those that it names.

    Raises:
        OperatorError: The parameters cannot work on these inputs.
    """
    named = {source.ref for source in operator.sources()}
    answer = _answer(
        _Question(
            type(operator),
            operator.model_dump_json(),
            tuple(inputs.items()),
            tuple((ref, schema) for ref, schema in sources.items() if ref in named),
            operator,
        )
    )
    if isinstance(answer, OperatorError):
        raise answer
    return answer


@functools.lru_cache(maxsize=_KEPT)
def _answer(question: _Question) -> Given | OperatorError:
    try:
        return dict(question.operator.infer(dict(question.inputs), dict(question.sources)))
    except OperatorError as error:
        return error.with_traceback(None)
