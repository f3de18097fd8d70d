"""Everything that is wrong with a pipeline, and the schema at every port, before anything runs."""

from collections.abc import Mapping

from engine.errors import EngineError
from engine.graph.bind import Findings, Outside, bind
from engine.graph.learnt import Learnt
from engine.graph.pipeline import Pipeline
from operators.contract.tables import Schema


def check(
    pipeline: Pipeline,
    sources: Mapping[str, Schema | None] | None = None,
    learnt: Learnt = lambda _: None,
    refused: Mapping[str, EngineError] | None = None,
) -> Findings:
    """Return what `bind` finds where the sources are known already.

    Args:
        pipeline: Anything that could be written down.
        sources: Schema of each source by ref, see `Outside`. Without `sources` nothing is said about them.
        learnt: Schemas that code written by users was seen to give.
        refused: Why sources that are not in `sources` may not be read, by ref.
    """
    outside = Outside(sources, refused or {}, learnt)
    return bind(pipeline, lambda _: outside)
