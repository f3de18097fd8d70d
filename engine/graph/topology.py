"""The shape of a pipeline: who feeds whom, in what order, and where it bites its tail."""

import graphlib
from collections.abc import Iterable

from engine.errors import PipelineError
from engine.graph.pipeline import Pipeline


def parents(pipeline: Pipeline, name: str) -> tuple[str, ...]:
    """Return the nodes that feed `name`, each once, in the order of its ports; missing ones are left out."""
    links = pipeline.nodes[name].inputs.values()
    return tuple(dict.fromkeys(link.node for link in links if link.node in pipeline.nodes))


def consumers(pipeline: Pipeline) -> dict[str, list[tuple[str, str]]]:
    """Return for each node the (node, port) pairs it feeds."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in pipeline.nodes}
    for name, node in pipeline.nodes.items():
        for port, link in node.inputs.items():
            if link.node in found:
                found[link.node].append((name, port))
    return found


def ancestors(pipeline: Pipeline, names: Iterable[str]) -> set[str]:
    """Return everything that feeds `names`, directly or not, without themselves unless they feed each other."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        for parent in parents(pipeline, waiting.pop()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def ordered(pipeline: Pipeline) -> list[str]:
    """Return the nodes so that each comes after what feeds it; ties in the order they were added.

    Raises:
        PipelineError: There is a cycle.
    """
    position = {name: index for index, name in enumerate(pipeline.nodes)}
    sorter = graphlib.TopologicalSorter({name: parents(pipeline, name) for name in pipeline.nodes})
    try:
        sorter.prepare()
    except graphlib.CycleError as error:
        loop = " -> ".join(error.args[1][::-1])
        raise PipelineError(f"The pipeline has a cycle: {loop}.", hint="Take one of these links away.") from error
    result: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=position.__getitem__)
        result.extend(ready)
        sorter.done(*ready)
    return result


def cycles(pipeline: Pipeline) -> list[list[str]]:
    """Return each group of nodes that feed each other in a circle, in the order they were added."""
    if _is_acyclic(pipeline):
        return []
    above = {name: ancestors(pipeline, [name]) for name in pipeline.nodes}
    groups: list[list[str]] = []
    for name in pipeline.nodes:
        if name in above[name] and not any(name in group for group in groups):
            groups.append([other for other in pipeline.nodes if other in above[name] and name in above[other]])
    return groups


def _is_acyclic(pipeline: Pipeline) -> bool:
    try:
        graphlib.TopologicalSorter({name: parents(pipeline, name) for name in pipeline.nodes}).prepare()
    except graphlib.CycleError:
        return False
    return True
