"""What is learnt is JSON."""

import json

from operators.contract.fitted import FittedOperator
from operators.contract.operator import Example
from operators.contract.tables import collected, lazy
from operators.contract.values.state import State
from operators.prepare.apply_state import ApplyState
from operators.testing.checks.running import CheckFailedError, outputs_of, require, require_same


def check_state_is_json(example: Example) -> None:
    """What is learnt is JSON without NaN, and works as well after a trip through it."""
    operator = example.operator
    if not isinstance(operator, FittedOperator):
        return
    outputs = outputs_of(example)
    state: State = outputs["state"]
    try:
        text = json.dumps(state.model_dump(mode="json"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise CheckFailedError(f"The state is no JSON: {error}.") from error
    again, rows = State.model_validate_json(text), example.inputs["train"]
    applied = outputs_of(Example(ApplyState(), {"table": rows, "state": again}))["table"]
    require_same(applied, collected(operator.apply(state.values, lazy(rows))), "the state lost something")
    if type(operator).apply_to_training is FittedOperator.apply_to_training:
        require_same(applied, outputs["table"], "training rows differ from others without saying so")
    else:
        require(applied.schema == outputs["table"].schema, "training rows have other columns than the rest")
