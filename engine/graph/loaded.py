"""Whether rows fit a registered model that a pipeline loads: known before a run from what was kept with the version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.graph.node import Link, Node, Problem
from engine.graph.pipeline import Pipeline
from operators.contract.errors import MissingColumnError
from operators.contract.operator import Operator
from operators.contract.ports import Port, port_as
from operators.contract.tables import Schema
from operators.contract.values.origin import fits
from operators.registry import BUILTIN

Schemas = Mapping[str, Mapping[str, Schema | None]]


@dataclass(frozen=True)
class LoadedModel:
    """What is known of a registered version before it is loaded.

    Args:
        label: The version, as `churn@3`.
        task: What it does.
        target: The column it predicts.
        inputs: Columns that its path needs, of the source it was trained from.
        optional: Those of them that rows may lack.
        answers: Columns of its answers.
    """

    label: str
    task: str
    target: str
    inputs: Schema
    optional: frozenset[str]
    answers: Schema


def loaded_problems(pipeline: Pipeline, schemas: Schemas, models: Mapping[str, LoadedModel]) -> Iterator[Problem]:
    """Yield why a loaded model cannot be asked about the rows it is connected with.

    Args:
        pipeline: With its values put in.
        schemas: Of each output, None where it is not known.
        models: By what a node reads, as `churn@champion`; those that there are.
    """
    loaders = {name: models[ref] for name, ref in _loaders(pipeline).items() if ref in models}
    for name, node in pipeline.nodes.items():
        operator = _built(node)
        if operator is None:
            continue
        port = port_as(operator.input_ports(), "model")
        link = None if port is None else node.inputs.get(port.name)
        if link is not None and link.node in loaders:
            yield from _asked(name, node, operator, loaders[link.node], schemas)


def _loaders(pipeline: Pipeline) -> dict[str, str]:
    """Return the nodes that load a model, with what each reads."""
    found = {name: _built(node) for name, node in pipeline.nodes.items()}
    return {
        name: source.ref
        for name, operator in found.items()
        if operator is not None
        for source in operator.sources()
        if source.kind == "model"
    }


def _built(node: Node) -> Operator | None:
    kind = BUILTIN.operators.get(node.operator)
    if kind is None or port_as((*kind.input_ports(), *kind.output_ports()), "model") is None:
        return None
    return BUILTIN.try_build(node.operator, node.parameters, node.version)[0]


def _asked(name: str, node: Node, operator: Operator, model: LoadedModel, schemas: Schemas) -> Iterator[Problem]:
    if operator.judges and operator.judges != model.task:
        sentence = f"The model {model.label!r} does {model.task}, not {operator.judges}."
        yield Problem(name, "model", sentence, f"Load a model that does {operator.judges}.")
        return
    port = port_as(operator.input_ports(), "rows")
    link = None if port is None else node.inputs.get(port.name)
    rows = None if link is None else _schema_at(link, schemas)
    if port is not None and rows is not None:
        yield from _columns(name, port, model, rows)
        if operator.judges and model.target:
            yield from _target(name, operator, model, rows)


def _schema_at(link: Link, schemas: Schemas) -> Schema | None:
    ports = schemas.get(link.node, {})
    return ports.get(link.port or next(iter(ports), ""))


def _columns(name: str, port: Port, model: LoadedModel, rows: Schema) -> Iterator[Problem]:
    known = {column.name: column.type for column in rows}
    for column in model.inputs:
        if column.name not in known:
            if column.name not in model.optional:
                sentence = f"The rows have no column {column.name!r}, which the model {model.label!r} needs."
                yield Problem(name, port.name, sentence, MissingColumnError.among(column.name, known).hint)
        elif not fits(known[column.name], column.type):
            kind = known[column.name]
            sentence = f"Column {column.name!r} is {kind}, and the model {model.label!r} was trained on {column.type}."
            yield Problem(name, port.name, sentence, "Cast the column to the type it had in training.")


def _target(name: str, operator: Operator, model: LoadedModel, rows: Schema) -> Iterator[Problem]:
    target = str(getattr(operator, "target", None) or model.target)
    known = [column.name for column in rows]
    if target not in known:
        error = MissingColumnError.among(target, known)
        yield Problem(name, "target", str(error), error.hint)
