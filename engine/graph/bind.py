"""From a pipeline to what can be run, in one walk: operators are built, sources looked up, columns inferred."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.errors import EngineError
from engine.graph import faults
from engine.graph.binding import BoundPipeline
from engine.graph.building import Built, build_all
from engine.graph.certain import certain_problems
from engine.graph.following import Follow, state_problems, unfollowable
from engine.graph.inferring import Given, inferred
from engine.graph.learnt import Learnt
from engine.graph.node import Problem
from engine.graph.pipeline import Pipeline
from engine.graph.topology import ancestors, ordered
from engine.graph.unlearnt import Unlearnt, columns_not_known, unlearnt
from engine.graph.walking import Ground, Walked, plainly, walk
from operators.contract.card import Source
from operators.contract.tables import Schema
from operators.registry import BUILTIN, Registry


@dataclass(frozen=True)
class Outside:
    """What there is outside a pipeline.

    Args:
        schemas: Of each source by ref (`dataset:customers`): None where it exists but its columns are not known,
            absent where it does not exist. None where nothing is to be said about sources.
        refused: Why sources that are not in `schemas` may not be read, by ref.
        learnt: Schemas that code written by users was seen to give.
    """

    schemas: Mapping[str, Schema | None] | None = None
    refused: Mapping[str, EngineError] = field(default_factory=dict)
    learnt: Learnt = lambda _: None


@dataclass(frozen=True)
class Findings:
    """What a walk over a pipeline found: never changed, so that it can be shared.

    Args:
        problems: All that is wrong, in the order of the nodes.
        schemas: By node and port, None where it is not known.
        bound: The pipeline with its operators; None where something is wrong, or a parameter has no value.
        sources: What its nodes read, of those that can be built.
        unlearnt: Nodes of users' code whose columns are neither declared nor learnt, each after what feeds it.
    """

    problems: Sequence[Problem] = ()
    schemas: Mapping[str, Given] = field(default_factory=dict)
    bound: BoundPipeline | None = None
    sources: tuple[Source, ...] = ()
    unlearnt: tuple[Unlearnt, ...] = ()

    @property
    def errors(self) -> list[Problem]:
        """Problems that stop a run."""
        return [problem for problem in self.problems if problem.severity == "error"]


def bind(
    pipeline: Pipeline,
    outside: Callable[[Sequence[Source]], Outside] = lambda _: Outside(),
    registry: Registry = BUILTIN,
) -> Findings:
    """Return every problem of a pipeline, the schema at every port, and the pipeline bound to its operators.

    Code written by users is never run for it. What an operator says of equal columns is asked once and remembered, so
    that after an edit the walk costs what lies downstream of it. Beyond a node that is at fault, what is wrong however
    that is mended is told, too (`certain`).

    Args:
        pipeline: Anything that could be written down.
        outside: Looks up what the nodes read.
        registry: Where operators are found.
    """
    with registry.active():
        return _bound(pipeline, outside, registry)


def _bound(pipeline: Pipeline, outside: Callable[[Sequence[Source]], Outside], registry: Registry) -> Findings:
    resolved = pipeline.resolved()
    built = build_all(pipeline, resolved, registry)
    sources = tuple(source for operator in built.operators.values() for source in operator.sources())
    around = outside(sources)
    blocked = faults.circular(pipeline)
    ground = _ground(resolved, built, around, blocked, registry)
    guessed: set[str] = set()
    walked = walk(ground, plainly(ground, guessed))

    def judge(of: Ground, seen: Walked, follow: Follow) -> Iterator[Problem]:
        bound = BoundPipeline(of.pipeline, of.operators)
        yield from state_problems(bound, seen.schemas, blocked, follow)
        yield from unfollowable(bound, seen.schemas, blocked, follow)

    problems = [
        *built.problems,
        *faults.as_written(pipeline, registry),
        *_missing_sources(ground, walked, around),
        *faults.fitted_before_split(pipeline, registry),
    ]
    of_columns = [*_refusals(walked), *judge(ground, walked, _follow(ground, walked))]
    of_columns += certain_problems(ground, walked, built.unbuilt, judge, [*problems, *of_columns])
    problems += _no_more_than_warnings(pipeline, of_columns, guessed)
    dark = tuple(unlearnt(ground, walked))
    problems += columns_not_known(pipeline, dark, {one.node for one in problems if one.severity == "error"})
    place = {name: index for index, name in enumerate(pipeline.nodes)}
    problems.sort(key=lambda problem: place.get(problem.node, -1))
    whole = len(built.operators) == len(pipeline.nodes) and all(one.severity != "error" for one in problems)
    bound = BoundPipeline(resolved, built.operators) if whole else None
    return Findings(problems, walked.schemas, bound, sources, dark)


def _ground(resolved: Pipeline, built: Built, around: Outside, blocked: frozenset[str], registry: Registry) -> Ground:
    order = ordered(resolved.subset(set(resolved.nodes) - blocked))
    schemas = (around.schemas or {}).items()
    known = {ref.partition(":")[2]: schema for ref, schema in schemas if schema is not None}
    return Ground(resolved, tuple(order), built.operators, known, around.learnt, registry)


def _missing_sources(ground: Ground, walked: Walked, around: Outside) -> Iterable[Problem]:
    """Yield what nodes read that is not there."""
    for name in walked.inputs if around.schemas is not None else ():
        for source in ground.operators[name].sources():
            yield from faults.missing_source(name, source, around.schemas or {}, around.refused)


def _refusals(walked: Walked) -> Iterable[Problem]:
    """Yield why nodes refuse their inputs."""
    for name in walked.inputs:
        for error in walked.refusals.get(name, ()):
            yield Problem(name, error.field, str(error), error.hint)


def _no_more_than_warnings(pipeline: Pipeline, problems: Iterable[Problem], guessed: set[str]) -> Iterable[Problem]:
    """Let what rests on columns that code gave on empty tables alone stop no run, in which they may be others."""
    for problem in problems:
        rests = bool(guessed) and bool(ancestors(pipeline, [problem.node]) & guessed)
        yield replace(problem, severity="warning") if rests else problem


def _follow(ground: Ground, walked: Walked) -> Follow:
    """Return how steps are asked for other rows; one that is at fault is not asked again."""

    def follow(name: str, inputs: Given) -> Given:
        return {} if name in walked.refusals else inferred(ground.operators[name], inputs, {})

    return follow
