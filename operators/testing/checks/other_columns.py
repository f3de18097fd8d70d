"""Columns that an operator does not work on pass as they are."""

from operators.contract.operator import Example
from operators.contract.tables import Column, put_back
from operators.testing.checks.running import require, schemas_of


def check_other_columns_pass(example: Example) -> None:
    """Where an operator says which columns it works on, every other passes unchanged, at its place."""
    operator, schemas = example.operator, schemas_of(example.inputs)
    port, schema = next(iter(schemas.items()), ("", None))
    columns = operator.works_on(schema) if schema is not None and len(example.inputs) == 1 else None
    if schema is None or columns is None:
        return
    narrow = tuple(column for column in schema if column.name in columns)
    wide = (Column("one column", "date"), *schema, Column("Another", "string"))
    asked, whole = operator.infer({port: narrow}, {}), operator.infer({port: wide}, {})
    for name, out in asked.items():
        found = None if out is None else put_back(wide, narrow, out)
        require(found == whole[name], f"{name} would be {found} by the columns it works on, and is {whole[name]}")
