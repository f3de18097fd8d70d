"""What a class does its work with: its code, that of all our modules it imports, and the libraries these import.

A file counts by its syntax tree without docstrings, comments and the texts of forms, so that words change nothing.
"""

import ast
import functools
import hashlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from operators.alone import alone

OURS: Final = "operators"
NO_WORK: Final = frozenset({"pydantic", "pydantic_core"})
"""Libraries that check parameters and compute no result."""
NAMED_OTHERWISE: Final = {"sklearn": "scikit-learn"}
"""Libraries whose module is not called as they are."""
WORDS: Final = frozenset({"description", "title", "about", "label", "zh"})
"""Keywords and class fields that hold nothing but texts for people."""
HINTS: Final = frozenset({"hint", "searched", "chosen"})
"""Functions whose first argument is a text for people."""


@dataclass(frozen=True)
class Code:
    """What stands in one file.

    Args:
        hash: Of its syntax tree, 16 hexadecimal digits.
        modules: Every module it imports, by its full name.
    """

    hash: str
    modules: frozenset[str]


def code_of(kind: type[Any]) -> str:
    """Return a hash of the file of a class and of all our modules it imports, also through others."""
    return code_of_modules([kind.__module__])


def code_of_modules(names: Iterable[str], ours: str = OURS) -> str:
    """Return a hash of modules and of those they import, also through others.

    Args:
        names: Full names.
        ours: The package beyond which nothing is followed.
    """
    known = {name: _code(name).hash for name in _closure(frozenset(names), ours)}
    return hashlib.sha256(repr(sorted(known.items())).encode()).hexdigest()[:16]


def libraries_of(kind: type[Any]) -> Mapping[str, str]:
    """Return the version of each library that the file of a class, or one of our modules it imports, imports."""
    return _libraries(kind.__module__)


@functools.cache
def _libraries(module: str) -> Mapping[str, str]:
    imported = {one.partition(".")[0] for name in _closure(frozenset([module]), OURS) for one in _code(name).modules}
    found = imported - {OURS} - NO_WORK - sys.stdlib_module_names
    return {name: version for name in sorted(found) if (version := _version(name))}


@functools.cache
def _closure(names: frozenset[str], ours: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and _file(name) is not None:
            found.add(name)
            waiting.extend(one for one in _code(name).modules if f"{one}.".startswith(f"{ours}."))
    return frozenset(found)


@functools.cache
def _code(name: str) -> Code:
    file = _file(name)
    tree = alone(lambda: ast.parse(file.read_bytes())) if file else ast.Module([], [])
    text = "".join(_shape(tree))
    return Code(hashlib.sha256(text.encode()).hexdigest()[:16], frozenset(_imported(tree)))


@functools.cache
def _file(name: str) -> Path | None:
    """Return the file of a module, which is not imported; None where there is none, as for a name that is no module."""
    root, *rest = name.split(".")
    for folder in _folders(root):
        place = Path(folder, *rest)
        for file in (place.with_name(f"{place.name}.py"), place / "__init__.py"):
            if file.is_file():
                return file
    loaded = getattr(sys.modules.get(name), "__file__", None)
    return Path(loaded) if loaded and loaded.endswith(".py") else None


@functools.cache
def _folders(package: str) -> tuple[str, ...]:
    try:
        found = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return ()
    return tuple(found.submodule_search_locations or ()) if found else ()


@functools.cache
def _version(module: str) -> str:
    """Return the version of the library that a module is of; empty for one that is not installed."""
    try:
        return importlib.metadata.version(NAMED_OTHERWISE.get(module, module))
    except importlib.metadata.PackageNotFoundError:  # all that is installed is looked through, which takes 0.4 s
        names = _distributions().get(module, ())
        return ", ".join(sorted({importlib.metadata.version(name) for name in names}))


@functools.cache
def _distributions() -> Mapping[str, list[str]]:
    return importlib.metadata.packages_distributions()


def _imported(tree: ast.AST) -> Iterator[str]:
    """Give the full names of what is imported anywhere in a file, but for the eyes of a type checker alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            yield from _imported(node)


def _shape(node: Any) -> Iterator[str]:
    """Give a syntax tree as text that is the same whatever its words, its layout and the version of Python are."""
    if isinstance(node, ast.AST):
        yield f"{type(node).__name__}("
        for name in node._fields:
            value = getattr(node, name, None)
            if value is None or value == [] or name in {"type_ignores", "kind", "type_comment"}:
                continue
            yield f"{name}="
            yield from _shape(_without_words(node, name, value))
        yield ")"
    elif isinstance(node, list):
        for item in node:
            if not _is_text(item):
                yield from _shape(item)
                yield ","
    else:
        yield repr(node)


def _without_words(node: ast.AST, name: str, value: Any) -> Any:
    if isinstance(node, ast.Call) and name == "keywords":
        return [keyword for keyword in value if keyword.arg not in WORDS]
    if isinstance(node, ast.Call) and name == "args" and isinstance(node.func, ast.Name) and node.func.id in HINTS:
        return value[1:]
    if name == "value" and isinstance(node, ast.AnnAssign | ast.Assign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if all(isinstance(target, ast.Name) and target.id in WORDS for target in targets):
            return None
    return value


def _is_text(node: Any) -> bool:
    """True for a statement that is a string and nothing else: a docstring, of whatever."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
