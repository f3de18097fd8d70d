"""The libraries that a stored model needs: which they are, and whether what is here will do."""

import functools
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, packages_distributions, version

from operators.contract.errors import StoredModelError

_OURS = frozenset({"operators", "engine", "builtins", "copyreg", "__main__"})
_KNOWN: Mapping[str, str] = {"sklearn": "scikit-learn", "lightgbm": "lightgbm", "numpy": "numpy", "polars": "polars"}


def version_here(library: str) -> str:
    """Return the version of an installed library; empty where it is not installed."""
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def library_of(module: str) -> str:
    """Return the library that a module is part of; empty for Python's own and for what was not installed as one."""
    top = module.partition(".")[0]
    if top in _OURS:
        return ""
    return _KNOWN.get(top) or _installed().get(top, "")


def require(libraries: Mapping[str, str], what: str) -> None:
    """Check that what a model was stored with is here, in that version or a newer one.

    Args:
        libraries: Versions by library.
        what: Names the model in the errors.

    Raises:
        StoredModelError: One is missing or older here.
    """
    for library, stored in libraries.items():
        here = version_here(library)
        if not here:
            raise StoredModelError(
                f"{what} needs {library} {stored}, which is not installed here.",
                hint=f"Install {library} {stored} where Tandem runs, or train the model again.",
            )
        if _numbers(stored) > _numbers(here):
            raise StoredModelError(
                f"{what} was stored with {library} {stored}, and {here} is installed here.",
                hint=f"Install {library} {stored} or newer where Tandem runs, or train the model again.",
            )


def _numbers(text: str) -> tuple[int, ...]:
    """Return the release of a version, as it is compared: `1.9.1` and `1.9.1.post2` alike are (1, 9, 1)."""
    release = re.match(r"(?:\d+!)?(\d+(?:\.\d+)*)", text)
    numbers = [int(number) for number in release[1].split(".")] if release else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


@functools.cache
def _installed() -> Mapping[str, str]:
    return {module: names[0] for module, names in packages_distributions().items()}
