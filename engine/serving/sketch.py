"""One column in a few kilobytes: how many values, and how they are spread, within a known error.

Numbers go into a KLL sketch (Karnin, Lang, Liberty: Optimal quantile approximation in streams, 2016), texts into a
sketch of frequent items (Anderson et al.: A high-performance algorithm for identifying frequent items, 2017), both as
Apache DataSketches has them. Two sketches of one column can be merged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import polars as pl

Kind = Literal["number", "text", "other"]
SIZE = 200
"""Of a KLL sketch: ranks are right within 0.0133, for all of them at once within 0.0165."""
ITEMS = 8
"""Logarithm of the counters of a sketch of texts: a count is right within 0.0137 of all values."""
BYTES_OF_TEXT = 64
"""Of a longer text only so much of its beginning counts."""
MOST_BYTES = 16_384
"""What the sketch of one column takes at most, as bytes."""


@dataclass(frozen=True)
class Sketch:
    """What there is to say of the values of one column.

    Args:
        kind: How it is kept; of `other` types (lists, bytes) only values are counted.
        count: Values, without those that are missing.
        missing: Nulls and NaN.
        data: Bytes of DataSketches; empty for `other`.
    """

    kind: Kind
    count: int
    missing: int
    data: bytes = b""

    @classmethod
    def of(cls, values: pl.Series) -> "Sketch":
        """Return the sketch of values: numbers as they are, moments as seconds since 1970, booleans as text."""
        kind = kind_of(values.dtype)
        if kind == "other":
            return cls(kind, len(values) - values.null_count(), values.null_count())
        known = (_numbers if kind == "number" else _texts)(values)
        data = _of_numbers(known) if kind == "number" else _of_texts(known)
        return cls(kind, len(known), len(values) - len(known), data)

    def merge(self, other: "Sketch") -> "Sketch":
        """Return the sketch of the values of both.

        Raises:
            ValueError: They are of different kinds.
        """
        if self.kind != other.kind:
            raise ValueError(f"a sketch of kind {self.kind} cannot be merged with one of kind {other.kind}")
        count, missing = self.count + other.count, self.missing + other.missing
        if self.kind == "other":
            return Sketch(self.kind, count, missing)
        merged = _opened(self.kind, self.data)
        merged.merge(other._sketch)  # noqa: SLF001 - another of this class
        return Sketch(self.kind, count, missing, merged.serialize())

    @property
    def error(self) -> float:
        """How far a rank, or a count as a share of all values, may be off, in [0, 1]; for one question, not for all."""
        if self.kind == "other" or not self.count:
            return 0.0
        return float(
            self._sketch.normalized_rank_error(False)  # of ranks, not of masses
            if self.kind == "number"
            else self._sketch.epsilon
        )

    def quantiles(self, ranks: Sequence[float]) -> list[float | None]:
        """Return a value for each rank in [0, 1]; None where there are no numbers."""
        if self.kind != "number" or not self.count:
            return [None] * len(ranks)
        return [float(value) for value in self._sketch.get_quantiles(list(ranks))]

    def rank(self, value: float) -> float | None:
        """Return the share of the values that are at most `value`, in [0, 1]; None where there are no numbers."""
        return float(self._sketch.get_rank(value)) if self.kind == "number" and self.count else None

    def frequent(self, most: int = 20) -> list[tuple[str, int, int]]:
        """Return the most frequent texts, each with how often it occurs at least and at most."""
        if self.kind != "text" or not self.count:
            return []
        from datasketches import frequent_items_error_type

        found = self._sketch.get_frequent_items(frequent_items_error_type.NO_FALSE_NEGATIVES)
        return [(text, low, high) for text, _, low, high in sorted(found, key=lambda one: (-one[1], one[0]))[:most]]

    @cached_property
    def _sketch(self) -> Any:
        return _opened(self.kind, self.data)


def kind_of(dtype: pl.DataType) -> Kind:
    """Return how a column of a type is kept."""
    if dtype.is_numeric() or dtype.is_temporal():
        return "number"
    return "text" if isinstance(dtype, pl.String | pl.Categorical | pl.Enum | pl.Boolean) else "other"


def _numbers(values: pl.Series) -> pl.Series:
    if isinstance(values.dtype, pl.Date | pl.Datetime):
        values = values.cast(pl.Datetime("us", getattr(values.dtype, "time_zone", None))).to_physical() / 1e6
    elif isinstance(values.dtype, pl.Duration):
        values = values.cast(pl.Duration("us")).to_physical() / 1e6
    elif isinstance(values.dtype, pl.Time):
        values = values.to_physical() / 1e9
    return values.cast(pl.Float64).drop_nulls().drop_nans()


def _texts(values: pl.Series) -> pl.Series:
    return values.cast(pl.String).drop_nulls()


def _of_numbers(values: pl.Series) -> bytes:
    from datasketches import kll_doubles_sketch

    sketch = kll_doubles_sketch(SIZE)
    sketch.update(values.to_numpy(writable=True))  # it takes no other
    data: bytes = sketch.serialize()
    return data


def _of_texts(values: pl.Series) -> bytes:
    from datasketches import frequent_strings_sketch

    sketch = frequent_strings_sketch(ITEMS)
    counts = values.rename("text").value_counts(name="rows")
    for text, rows in counts.sort("rows", "text", descending=[True, False]).iter_rows():
        sketch.update(text.encode()[:BYTES_OF_TEXT].decode(errors="ignore"), rows)
    data: bytes = sketch.serialize()
    return data


def _opened(kind: Kind, data: bytes) -> Any:
    from datasketches import frequent_strings_sketch, kll_doubles_sketch

    return (kll_doubles_sketch if kind == "number" else frequent_strings_sketch).deserialize(data)
