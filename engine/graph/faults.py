"""What is wrong with a pipeline as it is written, whatever its columns are: names, links, shares, circles, sources."""

from collections.abc import Iterator, Mapping

from engine.errors import EngineError
from engine.graph.node import Link, Node, Problem
from engine.graph.pipeline import Pipeline, placeholders
from engine.graph.topology import ancestors, cycles
from operators.contract.card import Source
from operators.contract.errors import MissingColumnError
from operators.contract.ports import Port
from operators.contract.tables import Schema
from operators.registry import Registry
from resources.errors import ResourceError
from resources.shares import ResourceRequest


def as_written(pipeline: Pipeline, registry: Registry) -> Iterator[Problem]:
    """Yield what is wrong with links and shares, node by node, and with circles."""
    if not pipeline.nodes:
        yield Problem("", "nodes", "The pipeline has no nodes.", "Add a source, as read_dataset.")
    for name, node in pipeline.nodes.items():
        yield from _wiring(pipeline, registry, name, node)
        yield from _resources(name, node)
    yield from _cycles(pipeline)


def circular(pipeline: Pipeline) -> frozenset[str]:
    """Return the nodes that feed themselves, and those that they feed."""
    in_circles = {name for group in cycles(pipeline) for name in group}
    below = {name for name in pipeline.nodes if ancestors(pipeline, [name]) & in_circles} if in_circles else set()
    return frozenset(in_circles | below)


def missing_source(
    name: str, source: Source, schemas: Mapping[str, Schema | None], refused: Mapping[str, EngineError]
) -> Iterator[Problem]:
    """Yield that a node reads what is not there, or may not be read."""
    field, ref = "path" if source.kind == "file" else source.kind, f"{source.kind}:{source.ref}"
    if error := refused.get(ref):
        yield Problem(name, field, str(error), error.hint)
    elif ref not in schemas:
        known = [other.partition(":")[2] for other in schemas if other.startswith(source.kind)]
        hint = MissingColumnError.among(source.ref, known).hint if known else f"Add the {source.kind} first."
        yield Problem(name, field, f"There is no {source.kind} {source.ref!r}.", hint)


def output_ports(registry: Registry, node: Node) -> tuple[Port, ...] | None:
    """Return what a node gives; None where its operator is not known."""
    kind = registry.operators.get(node.operator)
    return None if kind is None else kind.output_ports()


def placeholders_left(name: str, node: Node, pipeline: Pipeline) -> Iterator[Problem]:
    """Yield that a node uses a parameter which the pipeline does not have."""
    for field_name, value in node.parameters.items():
        for missing in sorted(placeholders(value) - {*pipeline.parameters, *pipeline.declarations}):
            near = MissingColumnError.among(missing, pipeline.parameters).hint
            hint = near if pipeline.parameters else "Give it a value under `parameters`, or with the run."
            yield Problem(name, field_name, f"The pipeline has no parameter {missing!r}.", hint)


def _wiring(pipeline: Pipeline, registry: Registry, name: str, node: Node) -> Iterator[Problem]:
    ports = _input_ports(registry, node)
    for port, link in node.inputs.items():
        wanted = next((known for known in ports or () if known.name == port), None)
        if ports is not None and wanted is None:
            hint = f"It has {', '.join(known.name for known in ports)}." if ports else "It takes no input."
            yield Problem(name, port, f"Operator {node.operator!r} has no input {port!r}.", hint)
        yield from _link(pipeline, registry, name, port, link, wanted)
    for known in ports or ():
        if not known.optional and known.name not in node.inputs:
            yield Problem(
                name,
                known.name,
                f"The input {known.name!r} of {name!r} is not connected.",
                f"It takes a {known.type} from another node.",
            )


def _link(
    pipeline: Pipeline, registry: Registry, name: str, port: str, link: Link, wanted: Port | None
) -> Iterator[Problem]:
    if link.node not in pipeline.nodes:
        hint = MissingColumnError.among(link.node, pipeline.nodes).hint
        yield Problem(name, port, f"There is no node {link.node!r}.", hint)
        return
    outputs = output_ports(registry, pipeline.nodes[link.node])
    if outputs is None:
        return
    given = next((known for known in outputs if link.port in {"", known.name}), None)
    if given is None:
        names = ", ".join(known.name for known in outputs)
        yield Problem(name, port, f"Node {link.node!r} has no output {link.port!r}.", f"It has {names}.")
    elif wanted is not None and given.type != wanted.type:
        yield Problem(
            name,
            port,
            f"The input {port!r} takes a {wanted.type}, but {link} gives a {given.type}.",
            f"Connect an output of type {wanted.type}.",
        )


def _resources(name: str, node: Node) -> Iterator[Problem]:
    try:
        ResourceRequest.parse(node.resources)
    except ResourceError as error:
        yield Problem(name, "resources", str(error), error.hint)


def _cycles(pipeline: Pipeline) -> Iterator[Problem]:
    for group in cycles(pipeline):
        yield Problem(
            group[0],
            "from",
            f"These nodes feed each other in a circle: {', '.join(group)}.",
            "Take one of the links between them away.",
        )


def fitted_before_split(pipeline: Pipeline, registry: Registry) -> Iterator[Problem]:
    """Yield a warning for each node that learns from rows before they are split."""
    for name, node in pipeline.nodes.items():
        if not _splits(registry, node):
            continue
        before = ancestors(pipeline, [name])
        for above in pipeline.nodes:
            if above in before and _learns(registry, pipeline.nodes[above]):
                yield Problem(
                    above,
                    "from",
                    f"{above!r} is fitted before {name!r} splits the rows, so it sees rows that are held out.",
                    f"Put {above!r} after {name!r}; scoring applies it to the held-out rows by itself.",
                    "warning",
                )


def _splits(registry: Registry, node: Node) -> bool:
    return {"train", "held_out"} <= {port.role for port in output_ports(registry, node) or ()}


def _learns(registry: Registry, node: Node) -> bool:
    return any(port.role == "train" for port in _input_ports(registry, node) or ())


def _input_ports(registry: Registry, node: Node) -> tuple[Port, ...] | None:
    kind = registry.operators.get(node.operator)
    return None if kind is None else kind.input_ports()
