"""A fitted operator keeps rows and their order."""

import datetime

import polars as pl

from operators.contract.fitted import FittedOperator
from operators.contract.operator import Example
from operators.testing.checks.running import outputs_of, require_same


def check_fitted_keeps_rows(example: Example) -> None:
    """A fitted operator gives as many rows as it takes, in their order."""
    operator = example.operator
    if not isinstance(operator, FittedOperator):
        return
    rows = example.inputs["train"]
    days = [datetime.date(2000, 1, 1) + datetime.timedelta(days=number) for number in range(rows.height)]
    marked = rows.with_columns(pl.Series("day of the row", days[::-1], dtype=pl.Date))
    table = outputs_of(Example(operator, {"train": marked}))["table"]
    require_same(table["day of the row"].to_frame(), marked["day of the row"].to_frame(), "rows moved or went")
