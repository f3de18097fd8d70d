"""Values of the graph: a node, a link to another node's output, and a problem."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self


@dataclass(frozen=True)
class Link:
    """An output of a node; an empty `port` means its first."""

    node: str
    port: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `node` or `node.port`."""
        node, _, port = text.partition(".")
        return cls(node, port)

    def __str__(self) -> str:
        return f"{self.node}.{self.port}" if self.port else self.node


@dataclass(frozen=True)
class Node:
    """One step of a pipeline as it is written: nothing here has been checked yet.

    Args:
        operator: Registry name.
        version: The operator's version where the pipeline pins one.
        parameters: What the user set, as JSON; may hold `${name}`.
        inputs: Where each port's value comes from.
        resources: Shares of the environment: `gpu`, `cpu`, `memory`.
        pin: Keep this node's output even where it could be fused with its consumer.
    """

    operator: str
    version: int | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Link] = field(default_factory=dict)
    resources: Mapping[str, Any] = field(default_factory=dict)
    pin: bool = False

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read a node of a pipeline document that is valid against the schema."""
        name, _, version = document["operator"].partition("@")
        return cls(
            operator=name,
            version=int(version) if version else None,
            parameters=dict(document.get("with") or {}),
            inputs={port: Link.parse(text) for port, text in (document.get("from") or {}).items()},
            resources=dict(document.get("resources") or {}),
            pin=bool(document.get("pin", False)),
        )

    def document(self) -> dict[str, Any]:
        """Return the node as it stands in a pipeline file; what is empty is left out."""
        name = self.operator if self.version is None else f"{self.operator}@{self.version}"
        parts: dict[str, Any] = {
            "operator": name,
            "with": dict(self.parameters),
            "from": {port: str(link) for port, link in self.inputs.items()},
            "resources": dict(self.resources),
            "pin": self.pin,
        }
        return {key: value for key, value in parts.items() if value}


@dataclass(frozen=True)
class Problem:
    """A fault of a pipeline: where, what, and what to do; a warning does not stop a run."""

    node: str
    field: str
    sentence: str
    hint: str = ""
    severity: Literal["error", "warning"] = "error"

    def document(self) -> dict[str, str]:
        """Return the problem as the command line prints it."""
        return {
            "node": self.node,
            "field": self.field,
            "sentence": self.sentence,
            "hint": self.hint,
            "severity": self.severity,
        }
