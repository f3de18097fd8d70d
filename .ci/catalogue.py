"""Write what the registry says into the places that list it: the exports of `operators`, and the table of its README.

`python .ci/catalogue.py` writes them; with `--check` it only says what is not as it would be written, and returns 1.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from operators.registry import BUILTIN

ROOM = Path(__file__).parents[1] / "operators"
INIT = '''"""What can be done to data: the contract of operators and the built-in library.

What is exported is written by `.ci/catalogue.py`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
{imports}

__all__ = [
{names}
]

_HOMES = {{
{homes}
}}


def __getattr__(name: str) -> Any:
    """Import an operator when it is first asked for: a process that only reads a file needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
'''


def exports() -> dict[str, str]:
    """Return the module of every name that `operators` exports: operators, learners, and what their files name."""
    found = {}
    for kind in (*BUILTIN.operators.values(), *BUILTIN.learners.values()):
        beside = getattr(sys.modules[kind.__module__], "__all__", ())
        found.update(dict.fromkeys((kind.__name__, *beside), kind.__module__))
    return dict(sorted(found.items()))


def init() -> str:
    """Return `operators/__init__.py`, formatted."""
    homes = exports()
    by_module: dict[str, list[str]] = {}
    for name, module in homes.items():
        by_module.setdefault(module, []).append(name)
    text = INIT.format(
        imports="\n".join(f"    from {module} import {', '.join(by_module[module])}" for module in sorted(by_module)),
        names="\n".join(f'    "{name}",' for name in homes),
        homes="\n".join(f'    "{name}": "{module}",' for name, module in homes.items()),
    )
    ruff = [str(Path(sys.executable).with_name("ruff")), "format", "--stdin-filename", "operators/__init__.py", "-"]
    return subprocess.run(ruff, input=text, capture_output=True, text=True, check=True).stdout


def rows() -> Iterator[str]:
    """Give the rows of the table in the README."""
    for name, kind in BUILTIN.operators.items():
        title = f"{kind.card.title['en']} / {kind.card.title['zh']}"
        inputs = ", ".join(port.name + ("?" if port.optional else "") for port in kind.input_ports())
        outputs = ", ".join(port.name for port in kind.output_ports())
        yield f"| `{name}` | {title} | {kind.card.category} | {kind.card.online} | {inputs} | {outputs} |\n"


def readme() -> str:
    """Return the README with its table written anew."""
    text = (ROOM / "README.md").read_text("utf-8")
    head = "| name | title | category | online | inputs | outputs |\n|---|---|---|---|---|---|\n"
    before, found, after = text.partition(head)
    if not found:
        raise SystemExit("operators/README.md has no table of operators.")
    rest = re.sub(r"\A(\|.*\n)*", "", after)
    return before + head + "".join(rows()) + rest


def main(arguments: list[str]) -> int:
    """Write both files, or compare them; return 1 if one is not as it would be written."""
    stale = []
    for file, text in ((ROOM / "__init__.py", init()), (ROOM / "README.md", readme())):
        if file.read_text("utf-8") != text:
            stale.append(file.relative_to(ROOM.parent))
            if "--check" not in arguments:
                file.write_text(text, "utf-8")
    if stale and "--check" in arguments:
        sys.stderr.write(f"Not as the registry says: {', '.join(map(str, stale))}. Run python .ci/catalogue.py.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
