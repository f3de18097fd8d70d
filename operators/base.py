"""The contract of an operator: its fields are the form and the JSON, its signature is the ports.

An operator is a frozen pydantic model on one of four bases:

| base | method(s) | for |
|---|---|---|
| `TableOperator` | `transform(table) -> table` | pure and lazy: select, filter, join, group, formula |
| `FittedOperator` | `fit(train) -> values`, `apply(values, table) -> table` | impute, scale, encode |
| `Trainer` | `train(train, validation=None) -> Model` | learners |
| `Operator` | `run(**inputs) -> value or NamedTuple` | sources, splits, evaluation, export |

Every class has a `card` and `examples()`; `operators.checks` is the published suite that each must pass.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict

from operators.context import Context
from operators.errors import EmptyTableError, ParameterError
from operators.losses import Loss
from operators.ports import Port, input_ports, output_ports, wants_context
from operators.tables import LazyTable, Schema, empty_table, schema_of
from operators.values import State

Online = Literal["row", "fitted", "skip", "refuse"]
Engine = Literal["polars", "duckdb", "spark"]
ALL_ENGINES: tuple[Engine, ...] = ("polars", "duckdb", "spark")


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
        engines: Engines whose tables it takes.
        about: What the docstring says, in other languages than English (`zh`).
    """

    title: Mapping[str, str]
    category: str
    online: Online = "refuse"
    version: int = 1
    name: str = ""
    engines: Sequence[Engine] = ALL_ENGINES
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Something outside the pipeline that an operator reads: its content is part of the fingerprint."""

    kind: Literal["dataset", "file"]
    ref: str


@dataclass(frozen=True)
class Example:
    """A small case that the check suite runs: inputs by port, tables as Polars frames."""

    operator: "Operator"
    inputs: Mapping[str, Any] = field(default_factory=dict)


class Operator(BaseModel, ABC):
    """Does one thing to its inputs; override `run`, whose signature names the ports."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    card: ClassVar[Card]
    entry_method: ClassVar[str] = "run"
    trusted: ClassVar[bool] = True
    """False for code written by users: it is never run to learn a schema."""
    judges: ClassVar[str] = ""
    """Task of the models that it judges by rows whose target is known; empty for what judges no model."""
    alternative: ClassVar[str] = "Use an operator that works row by row."
    """What does the like to single rows, as a hint, where this operator needs the whole table."""
    may_repeat_rows: ClassVar[bool] = False
    """True where a row that comes in may go out several times without that being asked for."""
    leaves_files: ClassVar[bool] = False
    """True where it writes something besides its outputs: every run does it anew, whatever was kept before."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Name the operator after its class where the card does not."""
        super().__pydantic_init_subclass__(**kwargs)
        card = cls.__dict__.get("card")
        if card is not None and not card.name:
            cls.card = replace(card, name=re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower())

    @classmethod
    def input_ports(cls) -> tuple[Port, ...]:
        """Return what may be connected, the rows' main port first."""
        return input_ports(getattr(cls, cls.entry_method))

    @classmethod
    def output_ports(cls) -> tuple[Port, ...]:
        """Return what comes out; the first is meant where a pipeline names only the node."""
        return output_ports(getattr(cls, cls.entry_method))

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return small cases on which the operator does something; the check suite runs them."""
        raise NotImplementedError(f"{cls.__name__} has no examples, so it cannot be checked.")

    def online(self) -> Online:
        """Return what this operator, with its parameters, means for one row at a service."""
        return self.card.online

    def losses(self, schemas: Mapping[str, Schema], values: Mapping[str, Any] | None = None) -> Sequence[Loss]:
        """Return what may be lost on the way through, as expressions that are counted while the rows are computed.

        Declare whatever a person would want to be told: values that cannot be read, rows that find no match. An
        operator that declares losses keeps columns that it does not know. What cannot be lost with these parameters
        and columns is not declared, so that nothing is counted for nothing.

        Args:
            schemas: The columns of each connected table, by port.
            values: What a fitted operator has learnt; None for others.
        """
        del schemas, values
        return ()

    def mends(self, kind: str) -> Sequence[Mapping[str, Any]]:
        """Return other parameters under which less may be lost, each to be tried; `kind` is that of a loss."""
        del kind
        return ()

    def sources(self) -> Sequence[Source]:
        """Return what the operator reads from outside the pipeline."""
        return ()

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the schema at each output port before anything runs; None where it is not known.

        Args:
            inputs: The schema of each connected table port; None where it is not known.
            sources: The schema of each source by its ref, where it is known.

        Raises:
            OperatorError: The parameters cannot work on these inputs; `field` names the parameter.
        """
        return {port.name: None for port in self.output_ports()}

    def invoke(self, inputs: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Do the work and return a value for each output port; the engine calls this."""
        returned = self._call(self.entry_method, inputs, context)
        ports = self.output_ports()
        values = tuple(returned) if isinstance(returned, tuple) else (returned,)
        return {port.name: value for port, value in zip(ports, values, strict=True)}

    def apply_step(
        self, table: LazyTable, values: Mapping[str, Any] | None, beside: Mapping[str, LazyTable]
    ) -> LazyTable:
        """Apply this operator to rows on a model's path; only table and fitted operators can."""
        raise ParameterError(f"{self.card.name} cannot be applied to other rows.")

    def _call(self, method: str, inputs: Mapping[str, Any], context: Context) -> Any:
        bound = getattr(self, method)
        return bound(**inputs, context=context) if wants_context(bound) else bound(**inputs)


class TableOperator(Operator):
    """Pure and lazy: override `transform`. Runs of them become one query.

    `transform` must not compute anything and must not depend on the order of rows
    unless it sorts them; it may take several tables (the first holds the rows that
    a service would be asked about).
    """

    entry_method: ClassVar[str] = "transform"

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Run `transform` on empty tables of the input schemas."""
        del sources
        known = {port: schema for port, schema in inputs.items() if schema is not None}
        if not self.trusted or len(known) < len(inputs):
            return {port.name: None for port in self.output_ports()}
        tables = {port: empty_table(schema) for port, schema in known.items()}
        return {"table": schema_of(self.transform(**tables))}

    def apply_step(
        self, table: LazyTable, values: Mapping[str, Any] | None, beside: Mapping[str, LazyTable]
    ) -> LazyTable:
        """Return `transform` of the rows and the tables beside them."""
        del values
        main = self.input_ports()[0].name
        return self.transform(**{main: table}, **beside)

    @abstractmethod
    def transform(self, *args: Any, **tables: Any) -> LazyTable:
        """Return the new table; nothing is computed yet."""


class FittedOperator(Operator):
    """Learns from training rows what it does to all rows: override `fit` and `apply`.

    Has the port `train` and gives `table` (the training rows, transformed) and `state`.
    `apply` is lazy and keeps the rows and their order, so that one row at a service and a
    whole table give the same. Where what is learnt holds the training rows' own targets, `apply_to_training`
    does to them what would be done had they not been learnt from.
    """

    entry_method: ClassVar[str] = "fit"

    @classmethod
    def output_ports(cls) -> tuple[Port, ...]:
        """Return `table` and `state`."""
        return (Port("table", "Table"), Port("state", "State"))

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Fit and apply on an empty table; unknown where fitting needs rows.

        An operator whose fit refuses an empty table overrides this, if its columns do not depend on the data.
        """
        del sources
        schema = inputs.get("train")
        if schema is None or not self.trusted:
            return {"table": None, "state": None}
        table = empty_table(schema)
        try:
            values = self.fit(table)
        except EmptyTableError:
            return {"table": None, "state": None}
        return {"table": schema_of(self.apply(values, table)), "state": None}

    def invoke(self, inputs: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Fit on `train`, and return it transformed together with the state."""
        train = inputs["train"]
        values = self._call("fit", {"train": train}, context)
        state = State(
            operator=self.card.name,
            version=self.card.version,
            parameters=self.model_dump(mode="json"),
            values=values,
        )
        return {"table": self.apply_to_training(values, train), "state": state}

    def apply_to_training(self, values: Mapping[str, Any], train: LazyTable) -> LazyTable:
        """Return the very rows that `values` were learnt from, as a learner should see them: as `apply` has them."""
        return self.apply(values, train)

    def apply_step(
        self, table: LazyTable, values: Mapping[str, Any] | None, beside: Mapping[str, LazyTable]
    ) -> LazyTable:
        """Return `apply` of the rows with the values learnt."""
        del beside
        return self.apply(values or {}, table)

    @abstractmethod
    def fit(self, *args: Any, **tables: Any) -> dict[str, Any]:
        """Return what `apply` needs to know, as JSON.

        Raises:
            EmptyTableError: There are too few rows to learn from.
        """

    @abstractmethod
    def apply(self, values: Mapping[str, Any], table: LazyTable) -> LazyTable:
        """Return `table` transformed by what was learnt; lazy, row by row, order kept."""


class Trainer(Operator):
    """Learns a model: override `train`, which may also take `validation` rows and a context."""

    entry_method: ClassVar[str] = "train"

    @abstractmethod
    def train(self, *args: Any, **tables: Any) -> Any:
        """Return a model of the training rows."""


def document_of(operator: Operator) -> dict[str, Any]:
    """Return `{"operator", "version", "with"}`: enough to build the operator again with `registry.build`."""
    return {
        "operator": operator.card.name,
        "version": operator.card.version,
        "with": operator.model_dump(mode="json", exclude_unset=True),
    }


def frame(**columns: Any) -> pl.DataFrame:
    """Return a small Polars frame; for examples."""
    return pl.DataFrame(columns)
