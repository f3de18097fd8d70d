"""Operators by name: how a pipeline file finds the class it means."""

import functools
import re
from collections.abc import Mapping
from typing import Any, Self

from pydantic import ValidationError

from operators.contract.contradictions import KIND
from operators.contract.errors import MissingColumnError, OperatorError, ParameterError
from operators.contract.operator import Operator
from operators.loading import BrokenModule, Loaded, load

# Packages of the room that hold built-in operators, one file per member.
LIBRARIES = ("sources", "sinks", "transform", "prepare", "sample", "train", "evaluate", "script")
EARLIER = "earlier"
"""The package of what operators did before their version was raised; the catalogue does not list it."""


class UnknownOperatorError(OperatorError):
    """A pipeline names an operator, or a version of one, that is not here."""


class BrokenOperatorError(UnknownOperatorError):
    """A pipeline names an operator whose file is here and cannot be imported."""

    @classmethod
    def of(cls, name: str, module: BrokenModule) -> Self:
        """Say of an operator why it cannot be used."""
        return cls(
            f"Operator {name!r} cannot be loaded: {module.reason}.",
            hint="Install what is missing or mend its file, then start Tandem again. Other operators work.",
            field="operator",
        )


@functools.cache
def catalogue() -> Mapping[str, type[Operator]]:
    """Return every built-in operator by registry name, in the order of categories, but those of `broken`."""
    return {kind.card.name: kind for library in LIBRARIES for kind in _library(library).kinds}


def broken() -> Mapping[str, BrokenModule]:
    """Return the files that the catalogue leaves out, by name: an operator is called as its file is.

    A file of earlier versions stands under `earlier/NAME`. Files are looked at once in the life of a process.
    """
    present = {module.name: module for library in LIBRARIES for module in _library(library).broken}
    return {**present, **{f"{EARLIER}/{module.name}": module for module in _library(EARLIER).broken}}


@functools.cache
def earlier() -> Mapping[tuple[str, int], type[Operator]]:
    """Return the classes that do what an earlier version of an operator did, by name and version."""
    return {(kind.card.name, kind.card.version): kind for kind in _library(EARLIER).kinds}


@functools.cache
def _library(name: str) -> Loaded:
    return load(name)


def find(name: str, version: int | None = None) -> type[Operator]:
    """Return the operator class called `name`.

    Args:
        name: Its registry name.
        version: The version that a pipeline pins or a slice was stored with; the present one when None. An earlier one
            is that of `operators.earlier`, or the present class where what it had learnt means the same.

    Raises:
        BrokenOperatorError: Its file, or that of the version, cannot be imported.
        UnknownOperatorError: None has that name, or not in that version.
    """
    known = catalogue()
    if name not in known:
        if name in broken():
            raise BrokenOperatorError.of(name, broken()[name])
        near = MissingColumnError.among(name, known)
        raise UnknownOperatorError(f"No operator {name!r}.", hint=near.hint, field="operator")
    kind = known[name]
    if version is not None and 1 <= version < kind.card.version:
        return _earlier(name, version) or kind
    if version is not None and version != kind.card.version:
        raise UnknownOperatorError(
            f"Operator {name!r} has no version {version}.",
            hint=f"This workbench has version {kind.card.version}.",
            field="operator",
        )
    return kind


def _earlier(name: str, version: int) -> type[Operator] | None:
    """Return the class that did what a version does, None where the present one does; no broken one is passed over."""
    found = earlier().get((name, version))
    for module in () if found else _library(EARLIER).broken:
        if not module.text or re.search(rf"\b{re.escape(name)}\b", module.text):  # it may be about this operator
            raise BrokenOperatorError.of(f"{name}@{version}", module)
    return found


def build(name: str, parameters: Mapping[str, Any], version: int | None = None) -> Operator:
    """Return the operator `name` with `parameters`.

    Raises:
        UnknownOperatorError: No such operator or version, or it cannot be loaded.
        ParameterError: The first fault in the parameters; `field` names it.
    """
    built, found = try_build(find(name, version), parameters)
    if built is None:
        raise found[0]
    return built


def try_build(kind: type[Operator], parameters: Mapping[str, Any]) -> tuple[Operator | None, list[ParameterError]]:
    """Return an operator, or None and every fault in its parameters."""
    try:
        return kind(**parameters), []
    except ValidationError as error:
        return None, faults(error)


def faults(error: ValidationError) -> list[ParameterError]:
    """Return one error per fault that pydantic found, each naming its field."""
    found = []
    for detail in error.errors(include_url=False):
        field = path_of(detail)
        told = detail["type"] in {"missing", "extra_forbidden", KIND} or isinstance(detail["input"], dict)
        value = "" if told else f" (given {detail['input']!r})"
        text = {"missing": "is required", "extra_forbidden": "is not a parameter here"}.get(
            detail["type"], detail["msg"].removeprefix("Value error, ")
        )
        found.append(ParameterError(f"{field or 'parameters'}: {text}{value:.120}.", field=field, hint=_hint(detail)))
    return found


def path_of(detail: Any) -> str:
    """Return the dotted path of the field that a fault is about; empty where it is about all of them."""
    place = [str(part) for part in detail["loc"]]
    if detail["type"] == KIND:
        place.append(str(detail["ctx"]["field"]))
    return ".".join(place)


def _hint(detail: Any) -> str:
    expected = detail.get("ctx", {}).get("expected")
    return f"It may be {expected}." if expected else "See `tandem operators show NAME` for its parameters."
