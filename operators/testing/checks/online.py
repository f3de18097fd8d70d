"""Single rows give what a table gives."""

import json

import polars as pl

from operators.contract.fitted import FittedOperator
from operators.contract.operator import Example
from operators.contract.table_operator import TableOperator
from operators.contract.tables import collected, lazy
from operators.prepare.apply_state import ApplyState
from operators.testing.checks.running import require, require_same


def check_online_equals_batch(example: Example) -> None:
    """Row by row, as at a service, gives what the whole table gives."""
    operator = example.operator
    if operator.online() not in {"row", "fitted"}:
        return
    if isinstance(operator, ApplyState):  # its path runs through the operator behind the state
        return
    require(isinstance(operator, TableOperator | FittedOperator), "only table and fitted operators answer rows")
    ports = {port.role: port.name for port in operator.input_ports() if port.role in ("rows", "train")}
    (main,) = ports.values()
    rows = example.inputs[main]
    beside = {port: lazy(given) for port, given in example.inputs.items() if port != main}
    values = operator.fit(lazy(rows)) if isinstance(operator, FittedOperator) else None
    values = None if values is None else json.loads(json.dumps(values))
    batch = collected(operator.apply_step(lazy(rows), values, beside))
    require(batch.height == rows.height, f"{rows.height} rows became {batch.height}")
    answers = [collected(operator.apply_step(lazy(rows[number]), values, beside)) for number in range(rows.height)]
    require_same(batch, pl.concat(answers) if answers else batch, "row by row differs from the table")
