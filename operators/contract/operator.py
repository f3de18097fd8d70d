"""The base of all operators: fields are the form and the JSON, the signature of a method is the ports."""

import re
from abc import ABC
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import polars as pl
from pydantic import BaseModel, ConfigDict

from operators.contract.card import Card, Online, Source
from operators.contract.context import Context
from operators.contract.errors import ParameterError
from operators.contract.losses import Loss
from operators.contract.ports import Port, Role, input_ports, output_ports, wants_context
from operators.contract.tables import LazyTable, Schema


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
    takes: ClassVar[Role] = "rows"
    """Role of the rows it takes, where a port names no other."""
    trusted: ClassVar[bool] = True
    """False for code written by users: no check runs it; `try_empty` does where a user asks for that."""
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
        """Return what may be connected, each with its role: all rows but the main ones name theirs."""
        return input_ports(getattr(cls, cls.entry_method), cls.takes)

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

    def works_on(self, schema: Schema) -> Collection[str] | None:
        """Return the columns that `infer` looks at or gives, where every other column passes at its place; else None.

        An answer lets a check of a wide table ask about these columns alone. With it the operator promises, for rows
        from its first table port: other columns do not change what comes of these, and go to each table that comes
        out unchanged and in their order; columns that are new come last.

        Args:
            schema: The columns that come in at the first table port.
        """
        del schema
        return None

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

    def try_empty(self, inputs: Mapping[str, Schema], cancelled: Callable[[], bool]) -> Mapping[str, Schema]:
        """Run code written by a user on tables without rows, in its sandbox, and return the schemas that it gives.

        Called where a user asks for it, and never by a check. Only what is not `trusted` has anything to try.

        Args:
            inputs: The schema of each connected table port.
            cancelled: Looked at while waiting.

        Raises:
            OperatorError: It failed, or overran its limits.
            CancelledError: `cancelled` said so.
        """
        raise ParameterError(f"{self.card.name} cannot be tried on an empty table.", hint="Run it once.")

    def apply_step(
        self, table: LazyTable, values: Mapping[str, Any] | None, beside: Mapping[str, LazyTable]
    ) -> LazyTable:
        """Apply this operator to rows on a model's path; only table and fitted operators can."""
        raise ParameterError(f"{self.card.name} cannot be applied to other rows.")

    @classmethod
    def upgrade(cls, version: int, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return parameters of an earlier version as this one takes them; here as they are.

        Override it where a version renames, splits or drops a parameter. Where the same rows would then give another
        result, keep what the version did in `operators.earlier` beside it.

        Args:
            version: At least 1, and less than that of the card.
            parameters: As they were stored.
        """
        del version
        return parameters

    def as_document(self, *, resolved: bool = False) -> dict[str, Any]:
        """Return `{"operator", "version", "with"}`: enough to build this operator again with `Registry.build`.

        Args:
            resolved: With every parameter, also those at their defaults, so that it stays what it is when a default is
                changed; else with those that were given, as a pipeline file has them.
        """
        parameters = self.model_dump(mode="json", exclude_unset=not resolved)
        return {"operator": self.card.name, "version": self.card.version, "with": parameters}

    def _call(self, method: str, inputs: Mapping[str, Any], context: Context) -> Any:
        bound = getattr(self, method)
        return bound(**inputs, context=context) if wants_context(bound) else bound(**inputs)


def frame(**columns: Any) -> pl.DataFrame:
    """Return a small Polars frame; for examples."""
    return pl.DataFrame(columns)
