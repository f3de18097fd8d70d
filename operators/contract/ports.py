"""Ports of an operator, read from the signature of its method."""

import functools
import inspect
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from operators.contract.context import Context
from operators.contract.tables import LazyTable
from operators.contract.values.figure import Figure
from operators.contract.values.metrics import Metrics
from operators.contract.values.model import Model
from operators.contract.values.report import Report
from operators.contract.values.samples import Samples
from operators.contract.values.state import State
from operators.contract.values.vectors import Vectors

PortType = Literal["Table", "State", "Model", "Metrics", "Figure", "Report", "Samples", "Vectors"]

_TYPES: dict[Any, PortType] = {
    LazyTable: "Table",
    State: "State",
    Model: "Model",
    Metrics: "Metrics",
    Figure: "Figure",
    Report: "Report",
    Samples: "Samples",
    Vectors: "Vectors",
}


@dataclass(frozen=True)
class Port:
    """One input or output: its name, its type, and whether it may stay unconnected."""

    name: str
    type: PortType
    optional: bool = False


@functools.lru_cache(maxsize=1024)
def input_ports(method: Callable[..., Any]) -> tuple[Port, ...]:
    """Return a port for every parameter of `method` but `self`, `state` of apply, and `context`."""
    hints = typing.get_type_hints(method)
    ports = []
    for name, parameter in inspect.signature(method).parameters.items():
        if name == "self" or hints.get(name) is Context:
            continue
        ports.append(Port(name, _port_type(hints[name], method, name), parameter.default is not parameter.empty))
    return tuple(ports)


@functools.lru_cache(maxsize=1024)
def output_ports(method: Callable[..., Any]) -> tuple[Port, ...]:
    """Return the fields of a NamedTuple, or one port called after its type."""
    returned = typing.get_type_hints(method)["return"]
    if isinstance(returned, type) and issubclass(returned, tuple):
        fields = typing.get_type_hints(returned)
        return tuple(Port(name, _port_type(hint, method, name)) for name, hint in fields.items())
    kind = _port_type(returned, method, "return")
    return (Port(kind.lower(), kind),)


def wants_context(method: Callable[..., Any]) -> bool:
    """True if a parameter of `method` is annotated as `Context`."""
    return Context in typing.get_type_hints(method).values()


def _port_type(hint: Any, method: Callable[..., Any], name: str) -> PortType:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = next(arm for arm in typing.get_args(hint) if arm is not type(None))
    try:
        return _TYPES[hint]
    except KeyError:
        raise TypeError(f"{method.__qualname__}: {name} has no port type: {hint!r}") from None
