"""Problems beyond a node that is at fault, as far as they are there however that is mended.

What a node gives that refuses is not known, so nothing below it could be told. Here the pipeline is walked again as if
such nodes had been mended (`supposing` has the rule), in several worlds: one where each gives every column that it may
give, for each type that an unsure column may have, and one where it gives only what it does for sure. Told is what
holds in all of them. That a column is missing has to hold only where everything is there that may be: where another
refusal comes first, it is enough that the column is in none of the tables. Where a type does not fit, the node has to
refuse in the last world for any reason: the column may be gone there.

What the rule leaves out: a fault that is mended elsewhere than where it stands (a column that is added above), one
that is mended by a second change (another name given to a column), and whatever comes after a program of the user's.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from engine.graph.building import Unbuilt, build_all
from engine.graph.faults import circular
from engine.graph.following import Follow
from engine.graph.forms import STAND_IN, Form, forms_of, is_program
from engine.graph.inferring import Given, inferred
from engine.graph.mistyped import with_names_mended
from engine.graph.node import Problem
from engine.graph.supposing import UNSURE, Supposed, suppose, suppose_refused
from engine.graph.topology import ancestors, ordered
from engine.graph.walking import Answer, Ground, Walked, unknown, walk
from operators.contract.errors import ColumnTypeError, ExpressionError, MissingColumnError, OperatorError
from operators.contract.tables import Column, Schema

_log = logging.getLogger(__name__)
Judge = Callable[[Ground, Walked, Follow], Iterable[Problem]]
"""Yields what is wrong with how rows follow models, by what was found on a walk."""
_Key = tuple[str, str, str]


@dataclass(frozen=True)
class _World:
    """How nodes at fault are mended: the type of unsure columns, and whether all that may come does."""

    kind: str
    most: bool = True


_WORLDS = (
    _World("unknown"),
    _World("string"),
    _World("float64"),
    _World("int64"),
    _World("boolean"),
    _World("datetime"),
    _World("unknown", most=False),
)


@dataclass(frozen=True)
class _Seen:
    """What is wrong in one world."""

    world: _World
    walked: Walked
    problems: Mapping[_Key, Problem]
    refusals: Mapping[_Key, OperatorError]


def certain_problems(
    ground: Ground, plain: Walked, unbuilt: Mapping[str, Unbuilt], judge: Judge, known: Iterable[Problem]
) -> list[Problem]:
    """Return what is wrong beyond the nodes that are at fault.

    Args:
        ground: What was walked over.
        plain: What was found when nothing was supposed.
        unbuilt: Nodes whose parameters are not right.
        judge: Yields problems of models and their rows.
        known: Problems that are told already.
    """
    mended = with_names_mended(ground.pipeline, ground.registry)
    if not plain.refusals and not unbuilt and mended is ground.pipeline:
        return []
    if mended is not ground.pipeline and not circular(mended):
        built = build_all(mended, mended, ground.registry)
        ground = replace(ground, pipeline=mended, order=tuple(ordered(mended)), operators=built.operators)
        unbuilt = built.unbuilt
    worlds = _Worlds(ground, plain, unbuilt, judge)
    told = {(problem.node, problem.field) for problem in known if problem.severity == "error"}
    told_words = {_key(problem) for problem in known}
    first = worlds.see(_WORLDS[0])
    left = {
        key: problem
        for key, problem in first.problems.items()
        if key not in told_words and (_missing(first, key) or key[:2] not in told)
    }
    for world in _WORLDS[1:]:
        if not left:
            break
        if not worlds.differ(world):
            continue
        seen = worlds.see(world, {node for node, _, _ in left})
        left = {
            key: problem if world.most else _with_sure_names(problem, seen.problems.get(key))
            for key, problem in left.items()
            if _holds(key, first, seen)
        }
    return list(left.values())


def _with_sure_names(problem: Problem, in_least: Problem | None) -> Problem:
    """Return a problem whose hint names only columns that are there however faults are mended, if it names any."""
    return in_least if in_least is not None and "'" in in_least.hint else problem


def _holds(key: _Key, first: _Seen, seen: _Seen) -> bool:
    """Return whether a problem of the first world is one in another, too."""
    if key in seen.problems:
        return True
    node, missing = key[0], _missing(first, key)
    if not seen.world.most:
        about_types = isinstance(first.refusals.get(key), ColumnTypeError | ExpressionError)
        return bool(missing) or (about_types and node in seen.walked.refusals)
    inputs = seen.walked.inputs.get(node, {})
    there = any(schema is None or missing in {column.name for column in schema} for schema in inputs.values())
    return bool(missing) and node in seen.walked.refusals and not there


def _missing(seen: _Seen, key: _Key) -> str:
    """Return the column that a problem says is missing; empty where it says something else."""
    error = seen.refusals.get(key)
    return error.missing if isinstance(error, MissingColumnError) else ""


class _Worlds:
    """Walks over a pipeline as if what is at fault had been mended."""

    def __init__(self, ground: Ground, plain: Walked, unbuilt: Mapping[str, Unbuilt], judge: Judge) -> None:
        self._forms = {name: _forms(one) for name, one in unbuilt.items() if not is_program(one.kind)}
        supposed = {name: forms[0].operator for name, forms in self._forms.items() if forms}
        self._ground = replace(ground, operators={**ground.operators, **supposed})
        self._plain = plain
        self._judge = judge
        self._supposed: dict[tuple[str, tuple[tuple[str, Schema | None], ...]], Supposed] = {}

    def differ(self, world: _World) -> bool:
        """Return whether a world differs from the first as far as was seen: in unsure columns, or in their types."""
        supposed = self._supposed.values()
        if not world.most:
            return any(one.most != one.least for one in supposed)
        given = (schema for one in supposed for schema in one.most.values())
        return any(column.type == UNSURE for schema in given for column in schema or ())

    def see(self, world: _World, nodes: Collection[str] | None = None) -> _Seen:
        """Return what is wrong in a world, with these nodes at least; with all when None."""
        ground = self._ground
        if nodes is not None:
            needed = ancestors(ground.pipeline, nodes) | set(nodes)
            ground = replace(ground, order=tuple(name for name in ground.order if name in needed))
        walked = walk(ground, lambda name, inputs: self._ask(world, name, inputs))
        problems: dict[_Key, Problem] = {}
        refused: dict[_Key, OperatorError] = {}
        for name, refusals in walked.refusals.items():
            for error in refusals:
                problem = Problem(name, error.field, str(error), error.hint)
                problems[_key(problem)], refused[_key(problem)] = problem, error
        follow = self._follow(world, walked)
        for problem in self._judge(ground, walked, follow):
            if STAND_IN not in problem.sentence:
                problems.setdefault(_key(problem), problem)
        return _Seen(world, walked, problems, refused)

    def _ask(self, world: _World, name: str, inputs: Given) -> Answer:
        at_fault = name in self._forms or name in self._plain.refusals
        if not at_fault and inputs == self._plain.inputs.get(name):
            return self._plain.schemas[name], ()
        operator = self._ground.operators[name]
        if is_program(type(operator)):
            return unknown(self._ground, name), ()
        if name in self._forms:
            return self._mended(world, name, self._suppose(name, inputs))
        try:
            return {**unknown(self._ground, name), **inferred(operator, inputs, self._ground.sources)}, ()
        except OperatorError:
            return self._mended(world, name, self._suppose(name, inputs))
        except Exception:  # noqa: BLE001 - what nobody wrote may break an operator: then nothing can be told
            _log.debug("%s broke on supposed columns.", operator.card.name, exc_info=True)
            return unknown(self._ground, name), ()

    def _suppose(self, name: str, inputs: Given) -> Supposed:
        key = (name, tuple(inputs.items()))
        if key not in self._supposed:
            operator, sources = self._ground.operators[name], self._ground.sources
            forms = self._forms.get(name)
            self._supposed[key] = (
                suppose_refused(operator, inputs, sources) if forms is None else suppose(forms, inputs, sources)
            )
        return self._supposed[key]

    def _mended(self, world: _World, name: str, supposed: Supposed) -> Answer:
        given = supposed.most if world.most else supposed.least
        schemas = {port: _of_kind(schema, world.kind) for port, schema in given.items()}
        return {**unknown(self._ground, name), **schemas}, supposed.refusals

    def _follow(self, world: _World, walked: Walked) -> Follow:
        def follow(name: str, inputs: Given) -> Given:
            if name in self._forms or name in walked.refusals:
                return self._ask(world, name, inputs)[0]
            return inferred(self._ground.operators[name], inputs, {})

        return follow


def _forms(unbuilt: Unbuilt) -> list[Form]:
    if "" in unbuilt.fields:
        return []
    return forms_of(unbuilt.kind, unbuilt.node.parameters, sorted(unbuilt.fields))


def _of_kind(schema: Schema | None, kind: str) -> Schema | None:
    if schema is None:
        return None
    return tuple(Column(column.name, kind) if column.type == UNSURE else column for column in schema)


def _key(problem: Problem) -> _Key:
    return (problem.node, problem.field, problem.sentence)
