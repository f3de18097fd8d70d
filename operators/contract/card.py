"""What the catalogue says of an operator, and what it reads from outside a pipeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Online = Literal["row", "fitted", "skip", "refuse"]
Engine = Literal["polars", "duckdb", "spark"]


@dataclass(frozen=True)
class EngineFacts:
    """An engine of tables: what people call it, and the package whose version counts."""

    title: str
    package: str


ENGINES: Final[Mapping[Engine, EngineFacts]] = {
    "polars": EngineFacts("Polars", "polars"),
    "duckdb": EngineFacts("DuckDB", "duckdb"),
    "spark": EngineFacts("Spark", "pyspark"),
}
"""Every engine, the usual one first."""
ALL_ENGINES: Final[tuple[Engine, ...]] = tuple(ENGINES)


@dataclass(frozen=True)
class Card:
    """What the catalogue says of an operator.

    Args:
        title: Its name for people, by language (`en`, `zh`).
        category: One of `data`, `transform`, `prepare`, `sample`, `train`, `evaluate`, `script`.
        online: What it means for one row at a service: `row` (apply as it is), `fitted` (apply with state),
            `skip` (leave out: sampling, splitting, dropping training rows), `refuse` (needs the whole table).
        version: Raised when the same parameters give another result. What an earlier version wrote still opens: with
            the class that `operators.earlier` keeps of it, else (what it learnt means the same) with this one.
        name: Registry name; from the class name when empty.
        engines: Engines on whose tables it gives the same as on those of Polars; checks compare each that is named.
        about: What the docstring says, in other languages than English (`zh`).
    """

    title: Mapping[str, str]
    category: str
    online: Online = "refuse"
    version: int = 1
    name: str = ""
    engines: Sequence[Engine] = ("polars",)
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Something outside the pipeline that an operator reads: its content is part of the fingerprint."""

    kind: Literal["dataset", "file", "model"]
    ref: str
