"""A pipeline that is one chain: a source, then steps that each take a table and give one.

What a person builds step by step on a sample is such a pipeline; it becomes a whole one, with a split, a
learner and a score, without a step being written twice.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.errors import PipelineError
from engine.graph.node import Link, Node
from engine.graph.pipeline import Pipeline
from engine.graph.topology import ordered
from operators.contract.operator import Operator
from operators.registry import BUILTIN

SOURCE = "read"


def can_be_a_step(kind: type[Operator]) -> bool:
    """Return whether an operator needs one table and no more, gives a table, and does nothing else.

    Code of users and what leaves files is no step: steps are tried whenever somebody looks.
    """
    needed = [port for port in kind.input_ports() if not port.optional]
    outputs = kind.output_ports()
    others = [port for port in outputs if port.type not in {"Table", "State"}]
    tables = [port for port in outputs if port.type == "Table"]
    harmless = kind.trusted and not kind.leaves_files
    return harmless and [port.type for port in needed] == ["Table"] and len(tables) == 1 and not others


def begun(name: str, dataset: str) -> Pipeline:
    """Return a chain of a dataset and no steps."""
    return Pipeline(name, {SOURCE: Node("read_dataset", parameters={"dataset": dataset})})


def dataset_of(pipeline: Pipeline) -> str:
    """Return the dataset that a chain begins with.

    Raises:
        PipelineError: The pipeline is no chain.
    """
    first = pipeline.nodes[steps_of(pipeline, source=True)[0]]
    return str(first.parameters.get("dataset", ""))


def steps_of(pipeline: Pipeline, *, source: bool = False) -> tuple[str, ...]:
    """Return the steps of a chain in their order.

    Args:
        pipeline: Any.
        source: With the dataset that is read before them.

    Raises:
        PipelineError: The pipeline is no chain: it branches, or begins with anything but one dataset.
    """
    names = ordered(pipeline)
    heads = [name for name in names if not pipeline.nodes[name].inputs]
    if len(heads) != 1 or pipeline.nodes[heads[0]].operator != "read_dataset":
        raise _no_chain(pipeline)
    for before, name in itertools.pairwise(names):
        if list(pipeline.nodes[name].inputs.values()) not in ([Link(before)], [Link(before, "table")]):
            raise _no_chain(pipeline)
    return tuple(names if source else names[1:])


def with_step(pipeline: Pipeline, operator: str, parameters: Mapping[str, Any], at: int | None = None) -> Pipeline:
    """Return a chain with one more step, at a place (0 is the first) or at the end.

    Raises:
        PipelineError: The pipeline is no chain, or the operator is no step of one.
        OperatorError: There is no such operator.
    """
    kind = BUILTIN.find(operator)
    if not can_be_a_step(kind):
        raise PipelineError(f"{operator!r} is no step of a chain.", hint="It must take one table and give one.")
    steps = list(steps_of(pipeline))
    name = _free(operator, pipeline.nodes)
    steps.insert(len(steps) if at is None else at, name)
    return _chained({**pipeline.nodes, name: Node(operator, parameters=dict(parameters))}, steps, pipeline)


def without_step(pipeline: Pipeline, name: str) -> Pipeline:
    """Return a chain without one of its steps; `NotFoundError` if there is no such node."""
    pipeline.node(name)
    return _chained(pipeline.nodes, [step for step in steps_of(pipeline) if step != name], pipeline)


def moved_step(pipeline: Pipeline, name: str, by: int) -> Pipeline:
    """Return a chain with one step `by` places later, or earlier; as far as there are places."""
    steps = list(steps_of(pipeline))
    place = steps.index(name)
    steps.insert(max(0, min(len(steps) - 1, place + by)), steps.pop(place))
    return _chained(pipeline.nodes, steps, pipeline)


def trained(
    pipeline: Pipeline, name: str, *, target: str, trainer: str, score: str, test_share: float = 0.2, seed: int = 7
) -> Pipeline:
    """Return a whole pipeline of a chain: its rows are split first, so each step learns from training rows only.

    A step that needs the whole table cannot be passed by rows that were set aside; it comes before the split, with
    what is before it.

    Args:
        pipeline: A chain.
        name: Of the new pipeline.
        target: Column to predict.
        trainer: Operator that learns: `train_classifier` or `train_regressor`.
        score: Operator that scores what was learnt on the rows set aside.
        test_share: Of the rows, in (0, 1), set aside.
        seed: Of the split.
    """
    source, *steps = steps_of(pipeline, source=True)
    whole = replace(pipeline, name=name, nodes={source: pipeline.nodes[source]}, layout={}, folder=None)
    sides = {port.role: port.name for port in BUILTIN.find("split_rows").output_ports()}
    split, fit, scored = (_free(wish, pipeline.nodes) for wish in ("split", "fit", "score"))
    first = max((place + 1 for place, step in enumerate(steps) if _whole(pipeline.nodes[step])), default=0)
    nodes, before = dict(whole.nodes), Link(source)
    for place, step in enumerate([*steps[:first], split, *steps[first:]]):
        if place == first:
            drawn = {"test_share": test_share, "seed": seed}
            nodes[split] = Node("split_rows", parameters=drawn, inputs={"table": before})
            before = Link(split, sides["train"])
            continue
        nodes[step] = replace(pipeline.nodes[step], inputs={_port(pipeline.nodes[step]): before})
        before = Link(step)
    nodes[fit] = Node(trainer, parameters={"target": target}, inputs={"train": before})
    rows = {"model": Link(fit), "table": Link(split, sides["held_out"])}
    nodes[scored] = Node(score, parameters={"target": target}, inputs=rows)
    return replace(whole, nodes=nodes)


def _chained(nodes: Mapping[str, Node], steps: Sequence[str], pipeline: Pipeline) -> Pipeline:
    source = steps_of(pipeline, source=True)[0]
    linked, before = {source: nodes[source]}, source
    for step in steps:
        linked[step] = replace(nodes[step], inputs={_port(nodes[step]): Link(before)})
        before = step
    return replace(pipeline, nodes=linked, layout={})


def _whole(node: Node) -> bool:
    return BUILTIN.find(node.operator).card.online == "refuse"


def _port(node: Node) -> str:
    return BUILTIN.find(node.operator).input_ports()[0].name


def _free(wish: str, taken: Mapping[str, Any]) -> str:
    names = (wish if number == 1 else f"{wish}_{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _no_chain(pipeline: Pipeline) -> PipelineError:
    return PipelineError(
        f"The pipeline {pipeline.name!r} is not one chain of steps over one dataset.",
        hint="Open it in the designer, which draws any pipeline.",
    )
