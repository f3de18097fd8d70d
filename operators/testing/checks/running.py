"""What the checks run operators with, and how they say that a promise is not kept."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import narwhals as nw
import polars as pl
from polars.testing import assert_frame_equal
from pydantic import BaseModel

from operators.contract.card import Engine
from operators.contract.conversion import as_engine
from operators.contract.operator import Example, Operator
from operators.contract.tables import Schema, collected, lazy, schema_of
from operators.contract.values.model import Model
from operators.evaluate.samples import people_model
from operators.testing.local import LocalContext

PEOPLE: Final = pl.DataFrame({"name": ["Ann", "Bo", None], "age": [30, None, 50]})
"""What `read_dataset`, `read_csv` and `read_parquet` find in the context of the checks; `load_model` a small model."""


class CheckFailedError(AssertionError):
    """An operator does not keep a promise."""


def outputs_of(example: Example, engine: Engine = "polars", source: pl.DataFrame = PEOPLE) -> dict[str, Any]:
    """Run an example and return its outputs by port, tables computed."""
    inputs = {
        port: as_engine(value, engine) if isinstance(value, pl.DataFrame) else value
        for port, value in example.inputs.items()
    }
    read = example.operator.sources()
    named = {reference.ref: source for reference in read if reference.kind != "model"}
    models = {reference.ref.partition("@")[0]: people_model() for reference in read if reference.kind == "model"}
    with LocalContext(named, named, models=models, engine=engine) as context:
        outputs = example.operator.invoke(inputs, context)
        return {port: computed(value) for port, value in outputs.items()}


def computed(value: Any) -> Any:
    """Return a lazy table as a Polars frame, any other value as it is."""
    return collected(value) if isinstance(value, nw.LazyFrame) else value


def schemas_of(inputs: Mapping[str, Any]) -> dict[str, Schema | None]:
    """Return the columns of each input that is a table, by port."""
    return {port: schema_of(lazy(value)) for port, value in inputs.items() if isinstance(value, pl.DataFrame)}


def source_schemas(operator: Operator, source: pl.DataFrame) -> dict[str, Schema]:
    """Return the columns of each source that an operator reads, all of them `source`; of a model, its answers'."""
    table = schema_of(lazy(source))
    return {
        reference.ref: people_model().answers if reference.kind == "model" else table
        for reference in operator.sources()
    }


def require(condition: bool, promise: str) -> None:
    """Raise `CheckFailedError` with a promise that is not kept."""
    if not condition:
        raise CheckFailedError(f"{promise[0].upper()}{promise[1:]}.")


def require_same(value: Any, other: Any, promise: str) -> None:
    """Raise `CheckFailedError` where two values differ; models, which have no equality, pass."""
    if isinstance(value, pl.DataFrame):
        try:
            assert_frame_equal(value, other)
        except AssertionError as error:
            raise CheckFailedError(f"{promise[0].upper()}{promise[1:]}: {error}") from error
    elif not isinstance(value, Model):  # an estimator has no equality; `predict` shows what it does
        require(_alike(_plain(value), _plain(other)), f"{promise}: {value} and {other}")


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _alike(value: Any, other: Any) -> bool:
    """Return whether two JSON values are equal, floats up to rounding."""
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        return value.keys() == other.keys() and all(_alike(value[key], other[key]) for key in value)
    if isinstance(value, Sequence) and not isinstance(value, str) and isinstance(other, Sequence):
        return len(value) == len(other) and all(map(_alike, value, other))
    if isinstance(value, float) and isinstance(other, float):
        return math.isclose(value, other, rel_tol=1e-6, abs_tol=1e-9) or (math.isnan(value) and math.isnan(other))
    return bool(value == other)
