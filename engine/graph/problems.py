"""Everything that is wrong with a pipeline, and the schema at every port, before anything runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.errors import EngineError
from engine.graph.binding import BoundPipeline
from engine.graph.following import state_problems, unfollowable
from engine.graph.inferring import inferred
from engine.graph.learnt import Learnt, schema_key
from engine.graph.node import Link, Node, Problem
from engine.graph.pipeline import Pipeline, placeholders
from engine.graph.topology import ancestors, cycles, ordered
from operators.contract.errors import MissingColumnError, OperatorError
from operators.contract.fitted import FittedOperator
from operators.contract.operator import Operator
from operators.contract.ports import Port
from operators.contract.tables import Schema
from operators.contract.trainer import Trainer
from operators.registry import BUILTIN, UnknownOperatorError
from resources.errors import ResourceError
from resources.shares import ResourceRequest

Schemas = Mapping[str, Mapping[str, Schema | None]]


@dataclass
class Findings:
    """What a check found: problems in the order of the nodes, schemas by node and port."""

    problems: list[Problem] = field(default_factory=list)
    schemas: dict[str, dict[str, Schema | None]] = field(default_factory=dict)
    refused: Mapping[str, EngineError] = field(default_factory=dict, repr=False)

    @property
    def errors(self) -> list[Problem]:
        """Problems that stop a run."""
        return [problem for problem in self.problems if problem.severity == "error"]


def check(
    pipeline: Pipeline,
    sources: Mapping[str, Schema | None] | None = None,
    learnt: Learnt = lambda _: None,
    refused: Mapping[str, EngineError] | None = None,
) -> Findings:
    """Return every problem of a pipeline.

    Args:
        pipeline: Anything that could be written down.
        sources: Schema of each source by ref (`dataset:customers`): None where it exists but its columns are not
            known, absent where it does not exist. Without `sources` nothing is said about them.
        learnt: Schemas that code written by users was seen to give.
        refused: Why sources that are not in `sources` may not be read, by ref.
    """
    findings = Findings(refused=refused or {})
    if not pipeline.nodes:
        findings.problems.append(Problem("", "nodes", "The pipeline has no nodes.", "Add a source, as read_dataset."))
    operators = {}
    for name, node in pipeline.resolved().nodes.items():
        findings.problems.extend(_placeholders_left(name, pipeline.nodes[name], pipeline))
        operator, problems = _operator(name, node)
        findings.problems.extend(problems)
        if operator is not None:
            operators[name] = operator
    for name, node in pipeline.nodes.items():
        findings.problems.extend(_wiring(pipeline, name, node))
        findings.problems.extend(_resources(name, node))
    findings.problems.extend(_cycles(pipeline))
    blocked = _circular(pipeline)
    _infer(pipeline, operators, sources, learnt, findings, blocked)
    findings.problems.extend(_fitted_before_split(pipeline))
    bound = BoundPipeline(pipeline.resolved(), operators)
    findings.problems.extend(state_problems(bound, findings.schemas, blocked))
    findings.problems.extend(unfollowable(bound, findings.schemas, blocked))
    place = {name: index for index, name in enumerate(pipeline.nodes)}
    findings.problems.sort(key=lambda problem: place.get(problem.node, -1))
    return findings


def _operator(name: str, node: Node) -> tuple[Operator | None, list[Problem]]:
    try:
        BUILTIN.find(node.operator, node.version)
        if placeholders(node.parameters):
            return None, []
        built, faults = BUILTIN.try_build(node.operator, node.parameters, node.version)
    except UnknownOperatorError as error:
        return None, [Problem(name, "operator", str(error), error.hint)]
    return built, [Problem(name, fault.field, str(fault), fault.hint) for fault in faults]


def _placeholders_left(name: str, node: Node, pipeline: Pipeline) -> Iterator[Problem]:
    for field_name, value in node.parameters.items():
        for missing in sorted(placeholders(value) - {*pipeline.parameters, *pipeline.declarations}):
            near = MissingColumnError.among(missing, pipeline.parameters).hint
            hint = near if pipeline.parameters else "Give it a value under `parameters`, or with the run."
            yield Problem(name, field_name, f"The pipeline has no parameter {missing!r}.", hint)


def _wiring(pipeline: Pipeline, name: str, node: Node) -> Iterator[Problem]:
    ports = _input_ports(node)
    for port, link in node.inputs.items():
        wanted = next((known for known in ports or () if known.name == port), None)
        if ports is not None and wanted is None:
            hint = f"It has {', '.join(known.name for known in ports)}." if ports else "It takes no input."
            yield Problem(name, port, f"Operator {node.operator!r} has no input {port!r}.", hint)
        yield from _link(pipeline, name, port, link, wanted)
    for known in ports or ():
        if not known.optional and known.name not in node.inputs:
            yield Problem(
                name,
                known.name,
                f"The input {known.name!r} of {name!r} is not connected.",
                f"It takes a {known.type} from another node.",
            )


def _link(pipeline: Pipeline, name: str, port: str, link: Link, wanted: Port | None) -> Iterator[Problem]:
    if link.node not in pipeline.nodes:
        hint = MissingColumnError.among(link.node, pipeline.nodes).hint
        yield Problem(name, port, f"There is no node {link.node!r}.", hint)
        return
    outputs = _output_ports(pipeline.nodes[link.node])
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


def _infer(
    pipeline: Pipeline,
    operators: Mapping[str, Operator],
    sources: Mapping[str, Schema | None] | None,
    learnt: Learnt,
    findings: Findings,
    blocked: frozenset[str],
) -> None:
    """Walk the nodes that are well formed, source first, and ask each operator for its schemas."""
    for name in ordered(pipeline.subset(set(pipeline.nodes) - blocked)):
        operator = operators.get(name)
        if operator is None:
            findings.schemas[name] = {port.name: None for port in _output_ports(pipeline.nodes[name]) or ()}
            continue
        findings.problems.extend(_missing_sources(name, operator, sources, findings.refused))
        inputs = _input_schemas(pipeline, name, operator, findings.schemas)
        schemas, problem = _inferred(name, operator, inputs, sources, learnt)
        findings.schemas[name] = schemas
        if problem is not None:
            findings.problems.append(problem)


def _circular(pipeline: Pipeline) -> frozenset[str]:
    """Return the nodes that feed themselves, and those that they feed."""
    in_circles = {name for group in cycles(pipeline) for name in group}
    below = {name for name in pipeline.nodes if ancestors(pipeline, [name]) & in_circles} if in_circles else set()
    return frozenset(in_circles | below)


def _inferred(
    name: str,
    operator: Operator,
    inputs: Mapping[str, Schema | None],
    sources: Mapping[str, Schema | None] | None,
    learnt: Learnt,
) -> tuple[dict[str, Schema | None], Problem | None]:
    unknown: dict[str, Schema | None] = {port.name: None for port in operator.output_ports()}
    known = {ref.partition(":")[2]: schema for ref, schema in (sources or {}).items() if schema is not None}
    try:
        schemas = {**unknown, **inferred(operator, inputs, known)}
    except OperatorError as error:
        return unknown, Problem(name, error.field, str(error), error.hint)
    if not operator.trusted and None in schemas.values():
        key = schema_key(operator, inputs)
        schemas |= (learnt(key) if key else None) or {}
    return schemas, None


def _input_schemas(pipeline: Pipeline, name: str, operator: Operator, known: Schemas) -> dict[str, Schema | None]:
    """Return the schema at each connected table port of a node."""
    inputs: dict[str, Schema | None] = {}
    for port in operator.input_ports():
        link = pipeline.nodes[name].inputs.get(port.name)
        if port.type != "Table" or (link is None and port.optional):
            continue
        outputs = known.get(link.node, {}) if link else {}
        inputs[port.name] = outputs.get(link.port or next(iter(outputs), "")) if link else None
    return inputs


def _missing_sources(
    name: str, operator: Operator, sources: Mapping[str, Schema | None] | None, refused: Mapping[str, EngineError]
) -> Iterator[Problem]:
    for source in operator.sources() if sources is not None else ():
        field = "path" if source.kind == "file" else source.kind
        if error := refused.get(f"{source.kind}:{source.ref}"):
            yield Problem(name, field, str(error), error.hint)
        elif f"{source.kind}:{source.ref}" not in (sources or {}):
            known = [ref.partition(":")[2] for ref in sources or {} if ref.startswith(source.kind)]
            hint = MissingColumnError.among(source.ref, known).hint if known else f"Add the {source.kind} first."
            yield Problem(name, field, f"There is no {source.kind} {source.ref!r}.", hint)


def _fitted_before_split(pipeline: Pipeline) -> Iterator[Problem]:
    for name, node in pipeline.nodes.items():
        if not _splits(node):
            continue
        for above in pipeline.nodes:
            if above in ancestors(pipeline, [name]) and _learns(pipeline.nodes[above]):
                yield Problem(
                    above,
                    "from",
                    f"{above!r} is fitted before {name!r} splits the rows, so it sees rows that are held out.",
                    f"Put {above!r} after {name!r}; scoring applies it to the held-out rows by itself.",
                    "warning",
                )


def _splits(node: Node) -> bool:
    outputs = _output_ports(node) or ()
    return {"train", "test"} <= {port.name for port in outputs}


def _learns(node: Node) -> bool:
    kind = BUILTIN.operators.get(node.operator)
    return kind is not None and issubclass(kind, FittedOperator | Trainer)


def _input_ports(node: Node) -> tuple[Port, ...] | None:
    kind = BUILTIN.operators.get(node.operator)
    return None if kind is None else kind.input_ports()


def _output_ports(node: Node) -> tuple[Port, ...] | None:
    kind = BUILTIN.operators.get(node.operator)
    return None if kind is None else kind.output_ports()
