"""Text of a program for an isolated interpreter that cannot, or need not, import this project."""

import importlib.util
from pathlib import Path

_START = """
import sys, types
def made(name, text):
    module = types.ModuleType(name)
    module.__path__ = []
    sys.modules[name] = module
    if text:
        exec(compile(text, name, "exec"), module.__dict__)
    return module
"""


def program(main: str, *modules: str) -> str:
    """Return a program that holds some modules of this project as text and calls `main()` of one.

    Args:
        main: Name of a module that has `main`.
        modules: Names of the modules that it imports, in an order in which each finds those that it needs; packages
            above them stand there empty.
    """
    parts = [_START]
    for name in dict.fromkeys(above for module in (*modules, main) for above in _above(module)):
        parts.append(f"made({name!r}, '')")
    for name in (*modules, main):
        parts.append(f"last = made({name!r}, {_text(name)!r})")
    return "\n".join([*parts, "last.main()"])


def _above(module: str) -> list[str]:
    steps = module.split(".")[:-1]
    return [".".join(steps[: number + 1]) for number in range(len(steps))]


def _text(module: str) -> str:
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(module)
    return Path(found.origin).read_text(encoding="utf-8")
