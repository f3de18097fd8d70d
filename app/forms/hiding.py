"""Which parts of a schema hold a secret, which no browser may be sent: each part is looked at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.forms.limits import VALUES


@dataclass(frozen=True)
class Secrets:
    """Knows of the definitions of a schema which hold a secret, themselves or by what they refer to.

    Args:
        definitions: Of the schema, by name.
        names: Those that hold one.
        known: What was found of other parts, by identity: they live as long as the schema is read.
    """

    definitions: Mapping[str, Any]
    names: frozenset[str] = frozenset()
    known: dict[int, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, definitions: Mapping[str, Any]) -> "Secrets":
        """Look at every definition once, then follow the references backwards from those that hold a secret."""
        told = {name: _look(part) for name, part in definitions.items()}
        users: dict[str, list[str]] = {}
        for name, (_, used) in told.items():
            for one in used:
                users.setdefault(one, []).append(name)
        left = [name for name, (secret, _) in told.items() if secret]
        found: set[str] = set()
        while left:
            name = left.pop()
            if name not in found:
                found.add(name)
                left += users.get(name, [])
        return cls(definitions, frozenset(found))

    def held_by(self, schema: Any) -> bool:
        """Return whether a part of the schema, or what it refers to, holds a secret."""
        if id(schema) not in self.known:
            secret, used = _look(schema)
            self.known[id(schema)] = secret or not self.names.isdisjoint(used)
        return self.known[id(schema)]


def _look(schema: Any) -> tuple[bool, Sequence[str]]:
    """Return whether something in a part is secret, and the names of the definitions that it refers to."""
    left, used = [schema], list[str]()
    while left:
        part = left.pop()
        if isinstance(part, Mapping):
            if part.get("writeOnly") is True or part.get("format") == "password":
                return True, used
            if "$ref" in part:
                used.append(str(part["$ref"]).rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~"))
            left += [inner for key, inner in part.items() if key not in VALUES and key != "$defs"]
        elif isinstance(part, list):
            left += part
    return False, used
