"""Ports of an operator, read from the signature of its method."""

import functools
import inspect
import types
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from operators.contract.context import Context
from operators.contract.tables import LazyTable
from operators.contract.values.kinds import KINDS

PortType = str
"""Name of the type of what goes through a port: a key of `KINDS`."""
_TYPES: dict[Any, PortType] = {kind.type: name for name, kind in KINDS.items()}

Role = Literal["", "rows", "train", "validation", "beside", "model", "state", "held_out"]
"""What a port is for; empty for one that carries no rows, model or state.

In: `rows` pass through or are asked about, `train` and `validation` are learnt from, `beside` are joined with, `model`
and `state` are used. Out: `rows`, or the sides of a division: `train` and `held_out`.
"""
_OWN: dict[PortType, Role] = {"Model": "model", "State": "state"}


@dataclass(frozen=True)
class As:
    """The role of a port, in its annotation: `Annotated[LazyTable, As("beside")]`; see `Role`."""

    role: Role


Beside = typing.Annotated[LazyTable, As("beside")]
"""A table that rows are joined or compared with; it is part of a step, and no row of it is asked about."""
Validation = typing.Annotated[LazyTable, As("validation")]
"""Rows that a trainer looks at and does not learn from."""
TrainRows = typing.Annotated[LazyTable, As("train")]
"""The side of a division that is learnt from."""
HeldOut = typing.Annotated[LazyTable, As("held_out")]
"""The side of a division that scores are told on."""


@dataclass(frozen=True)
class Port:
    """One input or output: its name, its type, whether it may stay unconnected, and what it is for."""

    name: str
    type: PortType
    optional: bool = False
    role: Role = ""

    @property
    def has_rows(self) -> bool:
        """Whether rows go through it."""
        return KINDS[self.type].has_rows


@functools.lru_cache(maxsize=1024)
def input_ports(method: Callable[..., Any], rows: Role = "rows") -> tuple[Port, ...]:
    """Return a port for every parameter of `method` but `self`, `state` of apply, and `context`.

    Args:
        method: What takes them.
        rows: The role of rows whose annotation names none.
    """
    hints = typing.get_type_hints(method, include_extras=True)
    ports = []
    for name, parameter in inspect.signature(method).parameters.items():
        if name == "self" or hints.get(name) is Context:
            continue
        kind, role = _read(hints[name], method, name)
        given = role or _OWN.get(kind) or (rows if KINDS[kind].has_rows else "")
        ports.append(Port(name, kind, parameter.default is not parameter.empty, given))
    return tuple(ports)


@functools.lru_cache(maxsize=1024)
def output_ports(method: Callable[..., Any]) -> tuple[Port, ...]:
    """Return the fields of a NamedTuple, or one port called after its type."""
    returned = typing.get_type_hints(method, include_extras=True)["return"]
    if isinstance(returned, type) and issubclass(returned, tuple):
        fields = typing.get_type_hints(returned, include_extras=True)
        return tuple(_output(name, hint, method) for name, hint in fields.items())
    kind, _ = _read(returned, method, "return")
    return (replace(_output("", returned, method), name=kind.lower()),)


def port_as(ports: Iterable[Port], *roles: Role) -> Port | None:
    """Return the first of `ports` that has one of `roles`, or None."""
    return next((port for port in ports if port.role in roles), None)


def wants_context(method: Callable[..., Any]) -> bool:
    """True if a parameter of `method` is annotated as `Context`."""
    return Context in typing.get_type_hints(method).values()


def _output(name: str, hint: Any, method: Callable[..., Any]) -> Port:
    kind, role = _read(hint, method, name or "return")
    return Port(name, kind, role=role or _OWN.get(kind) or ("rows" if KINDS[kind].has_rows else ""))


def _read(hint: Any, method: Callable[..., Any], name: str) -> tuple[PortType, Role]:
    """Return the type and the role that an annotation says; no role where it says none."""
    if typing.get_origin(hint) is typing.Annotated:
        kind, role = _read(hint.__origin__, method, name)
        return kind, next((mark.role for mark in hint.__metadata__ if isinstance(mark, As)), role)
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return _read(next(arm for arm in typing.get_args(hint) if arm is not type(None)), method, name)
    try:
        return _TYPES[hint], ""
    except KeyError:
        raise TypeError(f"{method.__qualname__}: {name} has no port type: {hint!r}") from None
