"""Operators and learners by name: how a pipeline file finds the class it means.

A `Registry` holds what there is in one workspace: the built-in ones, which `BUILTIN` has for everybody, and with
`with_plugins` others beside them. Nothing is imported before it is asked for.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, Self

from pydantic import ValidationError

from operators.categories import CATEGORIES
from operators.contract.contradictions import KIND
from operators.contract.errors import MissingColumnError, OperatorError, ParameterError
from operators.contract.learner import Learner
from operators.contract.operator import Operator
from operators.loading import BrokenModule, Loaded, load_learners, load_operators

LIBRARIES: Final = tuple(library for category in CATEGORIES.values() for library in category.libraries)
"""Packages of this room that hold built-in operators, one file per member, in the order of lists."""
EARLIER: Final = "earlier"
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


class Registry:
    """The operators and learners of one workspace, each with its versions.

    Args:
        libraries: Packages of built-in operators.
        plugins: Further operators, each in any number of versions; the newest is the present one.
        learners: Further learners.
    """

    def __init__(
        self,
        libraries: Sequence[str] = LIBRARIES,
        plugins: Iterable[type[Operator]] = (),
        learners: Iterable[type[Learner]] = (),
    ) -> None:
        self._libraries = tuple(libraries)
        self._plugins, self._learners = tuple(plugins), tuple(learners)

    def with_plugins(self, *plugins: type[Operator], learners: Iterable[type[Learner]] = ()) -> "Registry":
        """Return a registry that knows these beside its own; one of a name that is taken already stands for it."""
        return Registry(self._libraries, (*self._plugins, *plugins), (*self._learners, *learners))

    @functools.cached_property
    def operators(self) -> Mapping[str, type[Operator]]:
        """The present version of every operator by its name, in the order of categories, but those of `broken`."""
        built_in = [kind for loaded in self._loaded for kind in loaded.kinds]
        plugged = sorted(self._plugins, key=lambda kind: kind.card.version)
        return {kind.card.name: kind for kind in (*built_in, *plugged)}

    @functools.cached_property
    def learners(self) -> Mapping[str, type[Learner]]:
        """Every learner by the name of its `kind`, in the order of lists."""
        kinds = {str(kind.model_fields["kind"].default): kind for kind in (*self._taught.kinds, *self._learners)}
        return dict(sorted(kinds.items(), key=lambda item: (item[1].place, item[0])))

    @property
    def broken(self) -> Mapping[str, BrokenModule]:
        """The files that are left out, by name: an operator is called as its file is.

        A file of earlier versions stands under `earlier/NAME`, one of a learner under `learners/NAME`. Files are looked
        at once in the life of a registry.
        """
        present = {module.name: module for loaded in self._loaded for module in loaded.broken}
        earlier = {f"{EARLIER}/{module.name}": module for module in self._kept.broken}
        return present | earlier | {f"learners/{module.name}": module for module in self._taught.broken}

    def versions(self, name: str) -> tuple[int, ...]:
        """Return the versions of an operator that are here, the present one last.

        Raises:
            UnknownOperatorError: None has that name.
        """
        present = self._present(name).card.version
        older = {version for known, version in self._older if known == name and version < present}
        return (*sorted(older), present)

    def find(self, name: str, version: int | None = None) -> type[Operator]:
        """Return the class of an operator.

        Args:
            name: Its registry name.
            version: The version that a pipeline pins or a slice was stored with; the present one when None. An earlier
                one is the class that is kept of it, else the present one, for which `build` carries parameters forward.

        Raises:
            BrokenOperatorError: Its file, or that of the version, cannot be imported.
            UnknownOperatorError: None has that name, or not in that version.
        """
        kind = self._present(name)
        if version is None or version == kind.card.version:
            return kind
        if not 1 <= version < kind.card.version:
            raise UnknownOperatorError(
                f"Operator {name!r} has no version {version}.",
                hint=f"This workbench has version {kind.card.version}.",
                field="operator",
            )
        return self._earlier(name, version) or kind

    def build(self, name: str, parameters: Mapping[str, Any], version: int | None = None) -> Operator:
        """Return the operator `name` with `parameters`; those of a version that is not kept are carried forward.

        Raises:
            UnknownOperatorError: No such operator or version, or it cannot be loaded.
            ParameterError: The first fault in the parameters; `field` names it.
        """
        built, found = self.try_build(name, parameters, version)
        if built is None:
            raise found[0]
        return built

    def try_build(
        self, name: str, parameters: Mapping[str, Any], version: int | None = None
    ) -> tuple[Operator | None, list[ParameterError]]:
        """Return an operator, or None and every fault in its parameters.

        Parameters that the present version refuses, of a pipeline that names none, are carried forward from the newest
        version that explains them.

        Raises:
            UnknownOperatorError: No such operator or version, or it cannot be loaded.
        """
        kind = self.find(name, version)
        found: list[ParameterError] = []
        versions = [version] if version else range(kind.card.version, 0, -1)
        with self.active():
            for one in versions:
                given = kind.upgrade(one, parameters) if one < kind.card.version else parameters
                if found and given == parameters:
                    continue
                try:
                    return kind(**given), []
                except ValidationError as error:
                    found = found or faults(error)
        return None, found

    @contextmanager
    def active(self) -> Iterator[None]:
        """Let fields that name something of a registry look in this one."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)

    def _present(self, name: str) -> type[Operator]:
        if name in self.operators:
            return self.operators[name]
        if name in self.broken:
            raise BrokenOperatorError.of(name, self.broken[name])
        near = MissingColumnError.among(name, self.operators)
        raise UnknownOperatorError(f"No operator {name!r}.", hint=near.hint, field="operator")

    def _earlier(self, name: str, version: int) -> type[Operator] | None:
        """Return the class that is kept of a version, None where none is; no broken one is passed over."""
        found = self._older.get((name, version))
        for module in () if found else self._kept.broken:
            if not module.text or re.search(rf"\b{re.escape(name)}\b", module.text):  # it may be about this operator
                raise BrokenOperatorError.of(f"{name}@{version}", module)
        return found

    @functools.cached_property
    def _loaded(self) -> tuple[Loaded[Operator], ...]:
        return tuple(load_operators(library) for library in self._libraries)

    @functools.cached_property
    def _taught(self) -> Loaded[Learner]:
        return load_learners()

    @functools.cached_property
    def _kept(self) -> Loaded[Operator]:
        return load_operators(EARLIER)

    @functools.cached_property
    def _older(self) -> Mapping[tuple[str, int], type[Operator]]:
        """The classes that do what earlier versions did, by name and version."""
        return {(kind.card.name, kind.card.version): kind for kind in (*self._kept.kinds, *self._plugins)}


BUILTIN: Final = Registry()
"""What every workspace has."""
_CURRENT: ContextVar[Registry] = ContextVar("registry", default=BUILTIN)


def current() -> Registry:
    """Return the registry that builds an operator now; `BUILTIN` outside of that."""
    return _CURRENT.get()


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
