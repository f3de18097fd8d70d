"""What is installed, and which of it needs which."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "tandem-workbench"
ROOT = Path(__file__).parents[1]


def installed(folders: Sequence[str] = ()) -> dict[str, Distribution]:
    """Return `{name: distribution}` of this environment, or of the named folders; names are normalized (PEP 503)."""
    found = distributions(path=list(folders)) if folders else distributions()
    # of two with one name, the first on the path counts
    named = {canonicalize_name(one.metadata["Name"] or "unnamed"): one for one in reversed([*found])}
    return dict(sorted(named.items()))


def needs(found: Mapping[str, Distribution], extras: Sequence[str] = ()) -> dict[str, set[str]]:
    """Return `{name: names that it needs}` here, each with the extras that others ask of it.

    Args:
        found: What is installed.
        extras: Those that are asked of the project itself, such as `dev`.
    """
    edges: dict[str, set[str]] = {name: set() for name in found}
    asked = defaultdict(set, {name: {""} for name in found})
    waiting = [(name, "") for name in found] + [(PROJECT, extra) for extra in extras if PROJECT in found]
    while waiting:
        name, extra = waiting.pop()
        for other, more in _requirements(found[name], extra):
            if other in found:
                edges[name].add(other)
                waiting += [(other, one) for one in more - asked[other]]
                asked[other] |= more
    return edges


def _requirements(distribution: Distribution, extra: str) -> Iterator[tuple[str, set[str]]]:
    for one in map(Requirement, distribution.requires or []):
        if one.marker.evaluate({"extra": extra}) if one.marker else not extra:
            yield canonicalize_name(one.name), one.extras


def reached(edges: Mapping[str, set[str]], start: str = PROJECT) -> set[str]:
    """Return the names that `start` needs, and what those need, itself included."""
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += edges.get(name, ())
    return seen


def exceptions(kind: str) -> dict[str, Any]:
    """Return the written exceptions of a kind, `licences` or `advisories`."""
    written: dict[str, Any] = tomllib.loads((ROOT / ".ci" / "exceptions.toml").read_text("utf-8")).get(kind, {})
    return written
