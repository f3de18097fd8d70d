"""A pipeline: an immutable graph of operators, the one thing all faces edit."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from engine.errors import NotFoundError, PipelineError
from engine.graph import document
from engine.graph.node import Link, Node
from operators.contract.errors import OperatorError
from operators.contract.operator import Operator

_NODE_NAME = re.compile(r"[^\W_][\w -]{0,63}")
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True)
class Pipeline:
    """Nodes by name, in the order they were added; every change returns a new pipeline.

    A pipeline may be wrong: `engine.graph.problems.check` says everything that is. Only what
    could not be written down at all is refused here.

    Args:
        name: What people call it.
        nodes: Steps by name.
        parameters: Values that nodes use as `${name}`, where a run gives no others.
        declarations: What is said of parameters by name: `type` (of JSON Schema), `description`. One without a value
            has to be given when the pipeline runs.
        layout: Positions on the canvas by node; no part of a fingerprint.
        folder: Of the file that it was read from, out of which it may read data; None where it came from none.
    """

    name: str
    nodes: Mapping[str, Node] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    declarations: Mapping[str, Mapping[str, str]] = field(default_factory=dict, kw_only=True)
    layout: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    folder: Path | None = field(default=None, compare=False, repr=False)

    def add(
        self,
        name: str,
        operator: Operator | str,
        /,
        *,
        resources: Mapping[str, Any] | None = None,
        pin: bool = False,
        **inputs: str,
    ) -> Self:
        """Return this pipeline with one more node.

        Args:
            name: Letters, digits, `_`, `-` and spaces; not in use yet.
            operator: An operator, or the registry name of one without parameters.
            resources: Shares of the environment: `gpu`, `cpu`, `memory`.
            pin: Keep the node's output even where it could be fused with its consumer.
            inputs: For each port the node, or `node.port`, its value comes from.

        Raises:
            PipelineError: The name is in use or may not be used.
        """
        if not _NODE_NAME.fullmatch(name):
            raise PipelineError(f"{name!r} cannot name a node.", hint="Use letters, digits, _, - and spaces.")
        if name in self.nodes:
            raise PipelineError(f"There is a node {name!r} already.", hint="Choose another name, or use set().")
        links = {port: Link.parse(text) for port, text in inputs.items()}
        node = Node(*_name_and_parameters(operator), inputs=links, resources=dict(resources or {}), pin=pin)
        return replace(self, nodes={**self.nodes, name: node})

    def connect(self, target: str, port: str, source: str) -> Self:
        """Return this pipeline with `source` (`node` or `node.port`) wired to a port of `target`.

        Raises:
            NotFoundError: No node `target`.
        """
        node = self.node(target)
        return self._with_node(target, replace(node, inputs={**node.inputs, port: Link.parse(source)}))

    def disconnect(self, target: str, port: str) -> Self:
        """Return this pipeline without what is wired to a port of `target`."""
        node = self.node(target)
        return self._with_node(
            target, replace(node, inputs={name: link for name, link in node.inputs.items() if name != port})
        )

    def remove(self, name: str) -> Self:
        """Return this pipeline without a node and the links from it."""
        self.node(name)
        nodes = {
            key: replace(node, inputs={port: link for port, link in node.inputs.items() if link.node != name})
            for key, node in self.nodes.items()
            if key != name
        }
        return replace(self, nodes=nodes, layout={key: at for key, at in self.layout.items() if key != name})

    def set(self, name: str, /, **parameters: Any) -> Self:
        """Return this pipeline with parameters of one node changed; None takes a parameter away."""
        node = self.node(name)
        merged = {**node.parameters, **parameters}
        return self._with_node(
            name, replace(node, parameters={key: value for key, value in merged.items() if value is not None})
        )

    def with_parameters(self, **values: Any) -> Self:
        """Return this pipeline with other values for its own parameters."""
        return replace(self, parameters={**self.parameters, **values})

    def node(self, name: str) -> Node:
        """Return a node by name.

        Raises:
            NotFoundError: There is none.
        """
        if name not in self.nodes:
            raise NotFoundError.among("node", name, self.nodes)
        return self.nodes[name]

    def resolved(self) -> Self:
        """Return this pipeline with every `${name}` replaced by its value.

        A parameter that is `${name}` alone takes the value with its type; within a longer text it
        is written out. A name without a value stays as it is, and is a problem.
        """
        nodes = {
            key: replace(node, parameters=_substituted(node.parameters, self.parameters))
            for key, node in self.nodes.items()
        }
        return replace(self, nodes=nodes)

    def subset(self, names: Collection[str]) -> Self:
        """Return this pipeline with only the nodes in `names`."""
        return replace(self, nodes={key: node for key, node in self.nodes.items() if key in names}, layout={})

    # -- documents ------------------------------------------------------------------------------------

    def document(self) -> dict[str, Any]:
        """Return the pipeline as plain data, in the form of the pipeline file."""
        parts: dict[str, Any] = {
            "name": self.name,
            "parameters": dict(self.parameters),
            "declarations": {name: dict(said) for name, said in self.declarations.items()},
            "nodes": {name: node.document() for name, node in self.nodes.items()},
            "layout": {name: list(at) for name, at in self.layout.items()},
        }
        return {key: value for key, value in parts.items() if value or key in {"name", "nodes"}}

    def to_json(self) -> str:
        """Return the pipeline file as JSON."""
        return document.to_json(self.document())

    def to_yaml(self) -> str:
        """Return the pipeline file as YAML."""
        return document.to_yaml(self.document())

    @classmethod
    def from_document(cls, data: Any) -> Self:
        """Read plain data in the form of the pipeline file.

        Raises:
            PipelineDocumentError: It is no pipeline; `problems` lists every fault.
        """
        return cls.from_valid(document.require_valid(data))

    @classmethod
    def from_valid(cls, valid: Mapping[str, Any]) -> Self:
        """Read plain data that is known to be a pipeline, because a pipeline wrote it."""
        return cls(
            name=valid["name"],
            nodes={name: Node.from_document(node) for name, node in valid["nodes"].items()},
            parameters=dict(valid.get("parameters") or {}),
            declarations={name: dict(said) for name, said in (valid.get("declarations") or {}).items()},
            layout={name: (at[0], at[1]) for name, at in (valid.get("layout") or {}).items()},
        )

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a pipeline file, YAML or JSON."""
        return cls.from_document(document.parse(text))

    @classmethod
    def from_file(cls, path: str | Path) -> Self:
        """Read a pipeline file, YAML or JSON.

        Raises:
            PipelineError: The file cannot be read, or is no pipeline.
        """
        try:
            file = Path(path).expanduser()
            document.require_size(file.stat().st_size)
            text = file.read_text("utf-8")
        except OSError as error:
            raise PipelineError(f"{path} cannot be read: {error.strerror}.", hint="Check the path.") from error
        except UnicodeDecodeError as error:
            raise PipelineError(f"{path} is not UTF-8 text.", hint="A pipeline is a YAML or JSON file.") from error
        return replace(cls.from_text(text), folder=Path(path).expanduser().resolve().parent)

    def _with_node(self, name: str, node: Node) -> Self:
        return replace(self, nodes={**self.nodes, name: node})


def _name_and_parameters(operator: Operator | str) -> tuple[str, int | None, Mapping[str, Any]]:
    if isinstance(operator, Operator):
        return operator.card.name, None, operator.model_dump(mode="json", exclude_unset=True)
    if isinstance(operator, str):
        return operator, None, {}
    raise OperatorError(f"{operator!r} is not an operator.", hint="Write FillMissing(...), or a registry name.")


def _substituted(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: _substituted(inner, values) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_substituted(inner, values) for inner in value]
    if not isinstance(value, str):
        return value
    if whole := whole_placeholder(value):
        return values.get(whole, value)
    return _PLACEHOLDER.sub(lambda match: str(values.get(match[1], match[0])), value)


def placeholders(value: Any) -> "set[str]":
    """Return the names used as `${name}` anywhere in `value`."""
    if isinstance(value, Mapping):
        return {name for inner in value.values() for name in placeholders(inner)}
    if isinstance(value, (list, tuple)):
        return {name for inner in value for name in placeholders(inner)}
    return set(_PLACEHOLDER.findall(value)) if isinstance(value, str) else set()


def whole_placeholder(value: Any) -> str | None:
    """Return the name where `value` is `${name}` and nothing else; None otherwise."""
    found = _PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None
