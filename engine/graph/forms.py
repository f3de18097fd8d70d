"""The operators that a node may become when a parameter of it that is wrong gets another value."""

import itertools
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import ValidationError

from engine.graph.mistyped import meant
from operators.contract.operator import Operator

STAND_IN = "\N{DAGGER}column"
"""Name of a column that stands for any other, where a parameter that names columns is wrong as a whole."""
_NUMBERS = (1, 2, 0, 0.5, 10)
_MOST = 24
_BY_WIDGET: Mapping[str, tuple[Any, ...]] = {
    "column": (STAND_IN,),
    "columns": ([STAND_IN],),
    "types": ({STAND_IN: "string"}, {STAND_IN: "float64"}),
    "expression": (f'"{STAND_IN}"',),
}
UNTELLABLE = frozenset({"query", "code"})
"""Widgets of parameters that hold a program: what it gives for other columns or in other words is not asked."""


@dataclass(frozen=True)
class Form:
    """An operator that a node may become.

    Args:
        operator: With other values for what is wrong.
        sampled: A value stands for others that were not tried.
        names_open: It says nothing of the columns that come out.
    """

    operator: Operator
    sampled: bool = False
    names_open: bool = False


@dataclass(frozen=True)
class _Values:
    """Values for one parameter."""

    values: tuple[Any, ...] = ()
    sampled: bool = False
    names_open: bool = False


def forms_of(kind: type[Operator], parameters: Mapping[str, Any], wrong: Sequence[str]) -> list[Form]:
    """Return the operators of a kind with other values for the parameters that are wrong; none where none is known.

    Args:
        kind: The operator's class.
        parameters: As the node has them.
        wrong: Names of those that are wrong.
    """
    kept = {name: value for name, value in parameters.items() if name not in wrong and name in kind.model_fields}
    chosen: dict[str, _Values] = {}
    for name in wrong:
        if name in kind.model_fields:
            chosen.setdefault(name, _other_values(kind, name))
        elif near := meant(name, set(kind.model_fields) - set(kept)):
            chosen[near] = _Values((parameters.get(name),))
    found = []
    for values in itertools.islice(itertools.product(*(one.values for one in chosen.values())), _MOST):
        try:
            operator = kind(**kept, **dict(zip(chosen, values, strict=True)))
        except ValidationError:
            continue
        sampled = any(one.sampled for one in chosen.values())
        found.append(Form(operator, sampled, any(one.names_open for one in chosen.values())))
    return found


def is_program(kind: type[Operator]) -> bool:
    """Return whether an operator does what a text of the user says, in a process of its own."""
    return not kind.trusted or any(_widget(kind, name) in UNTELLABLE for name in kind.model_fields)


def _other_values(kind: type[Operator], name: str) -> _Values:
    """Return values that a parameter may have, at best all that matter."""
    info = kind.model_fields[name]
    widget = _widget(kind, name)
    if widget in _BY_WIDGET:
        return _Values(_BY_WIDGET[widget])
    options = _options(info.annotation)
    if options:
        return _Values(options)
    if info.annotation in (int, float):
        return _Values(
            (*(() if info.is_required() else (info.get_default(call_default_factory=True),)), *_NUMBERS), sampled=True
        )
    if info.is_required():
        return _Values()
    return _Values((info.get_default(call_default_factory=True),), names_open=True)


def _options(annotation: Any) -> tuple[Any, ...]:
    """Return every value of a parameter that has only a few."""
    if annotation is bool:
        return (True, False)
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [(None,) if part is type(None) else _options(part) for part in get_args(annotation)]
        return () if () in parts else tuple(value for part in parts for value in part)
    return ()


def _widget(kind: type[Operator], name: str) -> str:
    extra = kind.model_fields[name].json_schema_extra
    return str(extra.get("widget") or "") if isinstance(extra, dict) else ""
