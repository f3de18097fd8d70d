"""Operators out of the files of a package, though some of these files cannot be imported."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import operators
from operators.contract.operator import Operator

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
class Loaded:
    """What a package holds: its operators in the order of their files, and the files that are broken."""

    kinds: tuple[type[Operator], ...]
    broken: tuple[BrokenModule, ...]


def load(library: str) -> Loaded:
    """Import every file of a package of this room; one that fails costs nobody else.

    Args:
        library: Name of the package in `operators`.
    """
    kinds: list[type[Operator]] = []
    broken = []
    folders = [str(Path(folder) / library) for folder in operators.__path__]
    for module in sorted(info.name for info in pkgutil.iter_modules(folders)):
        try:
            found = list(_members(f"{operators.__name__}.{library}.{module}"))
        except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a file does when it is imported
            broken.append(BrokenModule(module, _reason(error), _text(folders, module)))
        else:
            kinds.extend(found)
    return Loaded(tuple(kinds), tuple(broken))


def _members(module: str) -> Iterator[type[Operator]]:
    for _, kind in inspect.getmembers(importlib.import_module(module), inspect.isclass):
        if kind.__module__ == module and issubclass(kind, Operator) and not inspect.isabstract(kind):
            _look_at(kind)
            yield kind


def _look_at(kind: type[Operator]) -> None:
    """Ask of an operator what every list of operators does; whoever has no answer would break that list."""
    _ = kind.card.name, kind.card.title["en"], kind.input_ports(), kind.output_ports()


def _reason(error: BaseException) -> str:
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}"[:_LONGEST].rstrip(": ")


def _text(folders: list[str], module: str) -> str:
    try:
        return next(path for folder in folders if (path := Path(folder) / f"{module}.py").is_file()).read_text("utf-8")
    except (StopIteration, OSError, ValueError):
        return ""
