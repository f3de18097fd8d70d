"""The signature of a model version: what it is asked, what it answers, and typical values for forms."""

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from engine.serving.slice import Slice
from engine.serving.values import json_type, to_json

EXAMPLES = 5
"""Distinct values of a column that are kept as examples, and its most frequent ones."""
_SHOWN_TEXT = 200

# How JSON Schema writes our types.
_JSON_SCHEMA: Mapping[str, Mapping[str, Any]] = {
    "boolean": {"type": "boolean"},
    "string": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
    "duration": {"type": "number", "description": "seconds"},
    "unknown": {"type": "number"},
}


class InputField(BaseModel):
    """A column that a request carries; null is always a value."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="Name of the column at the source")
    type: str = Field(description="Its type, as pipelines write it")
    optional: bool = Field(
        False, description="Whether a request may leave it out, as it had missing values in training; it is then null"
    )
    examples: tuple[Any, ...] = Field((), description="Distinct values of the training rows, as JSON")
    minimum: Any = Field(None, description="Smallest training value; numbers, dates and times")
    maximum: Any = Field(None, description="Largest training value; numbers, dates and times")
    top: tuple[Any, ...] = Field((), description="Most frequent values of text and boolean columns")

    @property
    def example(self) -> Any:
        """One plausible value: the most frequent, else the first example, else null."""
        return next(iter(self.top or self.examples), None)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value."""
        whole = {"type": "integer"} if "int" in self.type else {"type": "number"}
        schema = dict(_JSON_SCHEMA.get(self.type, whole))
        schema["type"] = [schema["type"], "null"]
        if self.examples:
            schema["examples"] = list(self.examples)
        return schema


class OutputField(BaseModel):
    """A column of an answer."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="`prediction`, or `probability_<label>`")
    type: str = Field(description="Its type, as pipelines write it")


class Signature(BaseModel):
    """What a model version is asked and what it answers."""

    model_config = ConfigDict(frozen=True)

    inputs: tuple[InputField, ...] = Field(description="Required columns of the source, in its order")
    outputs: tuple[OutputField, ...] = Field(description="Columns of an answer, in order")

    @property
    def optional(self) -> frozenset[str]:
        """The columns that a request may leave out."""
        return frozenset(field.name for field in self.inputs if field.optional)

    def example_row(self) -> dict[str, Any]:
        """Return a row that can be asked about, with typical values."""
        return {field.name: field.example for field in self.inputs}

    def row_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of one row of a request."""
        return {
            "type": "object",
            "properties": {field.name: field.json_schema() for field in self.inputs},
            "required": [field.name for field in self.inputs if not field.optional],
            "example": self.example_row(),
        }


def signature_of(
    piece: Slice, training: pl.DataFrame | None = None, optional: Collection[str] | None = None
) -> Signature:
    """Return the signature of a slice.

    Args:
        piece: The slice.
        training: Training rows in the columns of the source, for typical values; may lack columns.
        optional: Columns that a request may leave out; those with gaps in `training` when None.
    """
    seen = pl.DataFrame() if training is None else training
    left_out = columns_with_gaps(seen.lazy(), seen.columns) if optional is None else set(optional)
    inputs = [
        _field(name, dtype, seen[name].drop_nulls() if name in seen.columns else pl.Series(name, [], dtype)).model_copy(
            update={"optional": name in left_out}
        )
        for name, dtype in piece.required.items()
    ]
    outputs = [OutputField(name=name, type=kind) for name, kind in piece.outputs.items()]
    return Signature(inputs=tuple(inputs), outputs=tuple(outputs))


def columns_with_gaps(training: pl.LazyFrame, columns: Collection[str]) -> set[str]:
    """Return which of `columns` have missing values in training rows; NaN is one, as a request can only say null."""
    schema = training.collect_schema()
    gaps = [
        (pl.col(name).is_null() | (pl.col(name).is_nan() if schema[name].is_float() else pl.lit(value=False))).any()
        for name in columns
    ]
    if not gaps:
        return set()
    found = training.select(gap.alias(f"c{place}") for place, gap in enumerate(gaps)).collect().row(0)
    return {name for name, has_gap in zip(columns, found, strict=True) if has_gap}


def _field(name: str, dtype: pl.DataType, values: pl.Series) -> InputField:
    kind = json_type(dtype)
    if dtype.is_float():
        values = values.filter(values.is_finite())
    counted = values.rename("value").value_counts(name="rows").sort("rows", "value", descending=[True, False])
    common = tuple(_short(value) for value in counted["value"].head(EXAMPLES).to_list())
    if dtype.is_numeric() or dtype.is_temporal():
        bounds = {"minimum": to_json(values.min()), "maximum": to_json(values.max())}
        return InputField(name=name, type=kind, examples=_middle(values), **bounds)
    return InputField(name=name, type=kind, examples=common, top=common)


def _middle(values: pl.Series) -> tuple[Any, ...]:
    """Return distinct values from the median outwards, so that the first is a typical one."""
    ordered = values.unique().sort()
    start = max(0, len(ordered) // 2 - EXAMPLES // 2)
    near = ordered.slice(start, EXAMPLES).to_list()
    middle = len(ordered) // 2 - start
    return tuple(to_json(value) for value in near[middle:] + near[:middle])


def _short(value: Any) -> Any:
    return value[:_SHOWN_TEXT] if isinstance(value, str) else to_json(value)
