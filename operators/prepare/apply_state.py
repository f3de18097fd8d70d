"""Do to other rows what a fitted operator learnt from its training rows."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.errors import ParameterError
from operators.contract.fitted import FittedOperator
from operators.contract.operator import Example, Operator, frame
from operators.contract.tables import LazyTable, Schema
from operators.contract.values.state import State
from operators.prepare.scale_numeric import ScaleNumeric
from operators.registry import BUILTIN


class ApplyState(Operator):
    """Apply the state of a fitted operator (fill, scale, encode, ...) to the rows of `table`.

    The rows teach nothing. What happens to rows, order and nulls is what that operator says.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Apply state", "zh": "应用状态"},
        category="prepare",
        engines=ALL_ENGINES,
        online="fitted",
        about={
            "zh": (
                "把已拟合算子（填充、缩放、编码等）的状态应用到 `table` 的行。\n\n不会从这些行中学习。行、"
                "顺序和空值如何处理，由该算子决定。"
            )
        },
    )

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return that the schema is not known: it is up to the operator behind the state."""
        del inputs, sources
        return {"table": None}

    def run(self, table: LazyTable, state: State) -> LazyTable:
        """Return `table` transformed.

        Raises:
            OperatorError: The operator that made `state` is not here, or `table` lacks a column it works on.
        """
        operator = BUILTIN.build(state.operator, state.parameters, state.version)
        if not isinstance(operator, FittedOperator):
            raise ParameterError(
                f"{state.operator} does not learn, so it has no state.", hint="Connect the state of a fitted operator."
            )
        return operator.apply(state.values, table)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return a scale learnt elsewhere, applied to rows with a null."""
        scale = ScaleNumeric(columns=("age",)).as_document()
        values = {"age": {"center": 40.0, "scale": 10.0}}
        state = State(operator=scale["operator"], version=scale["version"], parameters=scale["with"], values=values)
        return [Example(cls(), {"table": frame(name=["Ann", "Bo"], age=[30, None]), "state": state})]
