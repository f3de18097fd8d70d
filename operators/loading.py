"""Classes out of the files of a package, though some of these files cannot be imported."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import operators
from operators.contract.learner import Learner
from operators.contract.operator import Operator

Kind = TypeVar("Kind")
_LONGEST = 200  # characters of a reason


@dataclass(frozen=True)
class BrokenModule:
    """A file that cannot be imported.

    Args:
        name: Of the file without its suffix; that of its operator, where it is no helper of others.
        reason: What Python said, in one line.
        text: What is written in it; empty where that cannot be read.
    """

    name: str
    reason: str
    text: str


@dataclass(frozen=True)
class Loaded(Generic[Kind]):
    """What a package holds: its members in the order of their files, and the files that are broken."""

    kinds: tuple[type[Kind], ...]
    broken: tuple[BrokenModule, ...]


def load_operators(library: str) -> Loaded[Operator]:
    """Return the operators in a package of this room; a file that fails costs nobody else."""
    return _load(library, Operator, lambda kind: (kind.card.name, kind.card.title["en"], *_ports(kind)))


def load_learners(library: str = "learners") -> Loaded[Learner]:
    """Return the learners in a package of this room; a file that fails costs nobody else."""
    base: Any = Learner  # which is abstract
    return _load(library, base, lambda kind: (kind.title["en"], kind.model_fields["kind"].default))


def _load(library: str, base: type[Kind], look_at: Callable[[Any], Any]) -> Loaded[Kind]:
    """Import every file of a package.

    Args:
        library: Name of the package in `operators`.
        base: Of the classes that are meant.
        look_at: Asks of a class what every list does; one that has no answer would break that list.
    """
    kinds: list[type[Kind]] = []
    broken = []
    folders = [str(Path(folder) / library) for folder in operators.__path__]
    for module in sorted(info.name for info in pkgutil.iter_modules(folders)):
        try:
            found = list(_members(f"{operators.__name__}.{library}.{module}", base, look_at))
        except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a file does when it is imported
            broken.append(BrokenModule(module, _reason(error), _text(folders, module)))
        else:
            kinds.extend(found)
    return Loaded(tuple(kinds), tuple(broken))


def _members(module: str, base: type[Kind], look_at: Callable[[Any], Any]) -> Iterator[type[Kind]]:
    for _, kind in inspect.getmembers(importlib.import_module(module), inspect.isclass):
        if kind.__module__ == module and issubclass(kind, base) and not inspect.isabstract(kind):
            look_at(kind)
            yield kind


def _ports(kind: type[Operator]) -> tuple[Any, Any]:
    return kind.input_ports(), kind.output_ports()


def _reason(error: BaseException) -> str:
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}"[:_LONGEST].rstrip(": ")


def _text(folders: list[str], module: str) -> str:
    try:
        return next(path for folder in folders if (path := Path(folder) / f"{module}.py").is_file()).read_text("utf-8")
    except (StopIteration, OSError, ValueError):
        return ""
