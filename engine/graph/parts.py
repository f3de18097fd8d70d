"""Parts of a pipeline: what leads to a node, and what has stayed the same since another state of it."""

from engine.graph.pipeline import Pipeline
from engine.graph.topology import ancestors, cycles, ordered, parents


def upto(pipeline: Pipeline, node: str) -> Pipeline:
    """Return the pipeline of a node and everything that feeds it.

    Raises:
        NotFoundError: There is no such node.
    """
    pipeline.node(node)
    return pipeline.subset(ancestors(pipeline, [node]) | {node})


def unchanged(now: Pipeline, then: Pipeline) -> set[str]:
    """Return the nodes that are written as they were, with everything that feeds them.

    A node that feeds itself is never one of them; a parameter of the pipeline counts for every node that uses it.
    """
    new, old = now.resolved(), then.resolved()
    circular = {name for group in cycles(new) for name in group}
    whole = new.subset(set(new.nodes) - circular)
    same: set[str] = set()
    for name in ordered(whole):
        fed = parents(new, name)
        if new.nodes[name] == old.nodes.get(name) and all(parent in same for parent in fed):
            same.add(name)
    return same
