"""Parameters of a pipeline: what a run may give, who uses it, what that takes, and what is wrong with a value.

A value has the type that its uses take. A name that is used and has no value has to be given when the pipeline runs.
"""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from engine.graph.accepting import KINDS, SCALARS, in_words, inlined, inside, kind_of, kinds_of
from engine.graph.node import Node, Problem
from engine.graph.pipeline import Pipeline, placeholders, whole_placeholder
from operators.contract.operator import Operator
from operators.registry import BUILTIN, UnknownOperatorError

Values = Mapping[str, Any]
_IN_TEXT: Final[Mapping[str, Any]] = {"type": sorted(SCALARS)}
_SHOWN = 60  # characters of a value in a sentence
_LONGEST = 1_000_000  # characters of a value


@dataclass(frozen=True)
class Use:
    """A place in a node's `with` that names a parameter.

    Args:
        node: The node; empty for what the pipeline's own declaration says.
        field: Dotted path in its `with`.
        schema: What stands there, as JSON Schema; of a name within a longer text, anything that can be written out.
    """

    node: str
    field: str
    schema: Mapping[str, Any]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of JSON that are taken here."""
        return kinds_of(self.schema)


@dataclass(frozen=True)
class Parameter:
    """A parameter of a pipeline.

    Args:
        name: Of it.
        values: Its value, or nothing where it has none.
        uses: Who uses it, in the order of the nodes.
        description: What the pipeline says of it.
    """

    name: str
    values: tuple[Any, ...] = ()
    uses: tuple[Use, ...] = ()
    description: str = ""

    @property
    def required(self) -> bool:
        """A node uses it, and it has no value."""
        return not self.values and any(use.node for use in self.uses)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of JSON that all uses take; empty where they want different ones."""
        return KINDS.intersection(*(use.kinds for use in self.uses))

    @property
    def read_as(self) -> frozenset[str]:
        """The kinds that a text is read as: where it is only put into longer texts, it stays as it was written."""
        uses = [use for use in self.uses if use.schema is not _IN_TEXT]
        return self.kinds or KINDS if uses else frozenset({"string"})

    @property
    def takes(self) -> str:
        """What it takes, in words."""
        return in_words(self.kinds)

    def document(self) -> dict[str, Any]:
        """Return the parameter as the command line prints it; without `value` where it has none."""
        return {
            "name": self.name,
            "required": self.required,
            **({"value": self.values[0]} if self.values else {}),
            "takes": self.takes,
            "schema": dict(self._narrowest()),
            "description": self.description,
            "uses": [{"node": use.node, "field": use.field} for use in self.uses if use.node],
        }

    def _narrowest(self) -> Mapping[str, Any]:
        """Return the schema that a form asks by: of the use that takes the fewest kinds."""
        return min((use.schema for use in self.uses), key=lambda schema: len(kinds_of(schema)), default={})


def parameters_of(pipeline: Pipeline) -> dict[str, Parameter]:
    """Return the parameters that a pipeline has, declares, or uses, by name and in this order."""
    used: dict[str, list[Use]] = {}
    for node, written in pipeline.nodes.items():
        for field, value in written.parameters.items() if placeholders(written.parameters) else ():
            for name, use in _uses(node, field, value, schema_of(written.operator, written.version, field)):
                used.setdefault(name, []).append(use)
    found = {}
    for name in dict.fromkeys([*pipeline.parameters, *pipeline.declarations, *used]):
        declared = pipeline.declarations.get(name) or {}
        stated = [Use("", "", {"type": declared["type"]})] if "type" in declared else []
        values = (pipeline.parameters[name],) if name in pipeline.parameters else ()
        found[name] = Parameter(name, values, (*stated, *used.get(name, ())), str(declared.get("description", "")))
    return found


def schema_of(operator: str, version: int | None, field: str) -> Mapping[str, Any]:
    """Return what the top-level `field` of an operator takes; anything where that is not known."""
    found: Mapping[str, Any] = fields_of(operator, version).get(field, {})
    return found


def fields_of(operator: str, version: int | None = None) -> Mapping[str, Any]:
    """Return the top-level fields of an operator with their JSON Schemas; none where the operator is not known."""
    try:
        return _fields(BUILTIN.find(operator, version))
    except UnknownOperatorError:
        return {}


def is_refused(node: Node, field: str) -> bool:
    """True where the operator of a node does not take what is written for one of its fields."""
    _, faults = BUILTIN.try_build(node.operator, node.parameters, node.version)
    written = not placeholders(node.parameters.get(field))
    return written and any(fault.field.partition(".")[0] == field for fault in faults)


@cache
def _fields(kind: type[Operator]) -> Mapping[str, Any]:
    schema = kind.model_json_schema()
    definitions = schema.get("$defs") or {}
    return {name: inlined(part, definitions) for name, part in (schema.get("properties") or {}).items()}


def _uses(node: str, field: str, value: Any, schema: Mapping[str, Any]) -> Iterator[tuple[str, Use]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _uses(node, f"{field}.{key}", inner, inside(schema, key))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _uses(node, f"{field}.{place}", inner, inside(schema, place))
    elif whole := whole_placeholder(value):
        yield whole, Use(node, field, schema)
    else:
        yield from ((name, Use(node, field, _IN_TEXT)) for name in sorted(placeholders(value)))


# -- values that are given ----------------------------------------------------------------------------


def given(pipeline: Pipeline, values: Values) -> tuple[Pipeline, list[Problem]]:
    """Return a pipeline with the values that a run gives it, and what is wrong with them; such values are left out."""
    known = parameters_of(pipeline)
    problems = [problem for name, value in values.items() for problem in _wrong(name, value, known)]
    wrong = {problem.field for problem in problems}
    right = {name: value for name, value in values.items() if name not in wrong}
    return replace(pipeline, parameters={**pipeline.parameters, **right}), problems


def for_part(part: Pipeline, whole: Pipeline, values: Values) -> dict[str, Any]:
    """Return the values that a part of a pipeline uses, with those that the whole does not know either."""
    elsewhere = parameters_of(whole).keys() - parameters_of(part).keys()
    return {name: value for name, value in values.items() if name not in elsewhere}


def missing(pipeline: Pipeline) -> list[Problem]:
    """Return a problem for every parameter that has to be given before the pipeline can run."""
    return [
        Problem(
            "",
            name,
            f"The parameter {name!r} has no value; it takes {one.takes}.",
            f"Give it one with the run: --set {name}=VALUE, or under `parameters`.",
        )
        for name, one in parameters_of(pipeline).items()
        if one.required
    ]


def contradictory(pipeline: Pipeline) -> list[Problem]:
    """Return a problem for each parameter without a value that no value would fit, and for each not as declared."""
    problems = []
    for name, one in parameters_of(pipeline).items():
        declared = [use.kinds for use in one.uses if not use.node]
        if one.required and not one.kinds:
            problems.append(_unlike(one))
        elif one.values and declared and kind_of(one.values[0]) not in declared[0]:
            sentence = f"The parameter {name!r} takes {in_words(declared[0])}, not {_short(one.values[0])}."
            problems.append(Problem("", name, sentence, "The pipeline declares it so."))
        problems.extend(_nested(name, one.values[0]) if one.values else ())
    return problems


def _unlike(parameter: Parameter) -> Problem:
    pairs = ((one, two) for one in parameter.uses for two in reversed(parameter.uses) if not one.kinds & two.kinds)
    first, other = next(pairs, (parameter.uses[0], parameter.uses[-1]))
    places = [f"{use.node}.{use.field}" if use.node else "its declaration" for use in (first, other)]
    kinds = [in_words(use.kinds) for use in (first, other)]
    return Problem(
        "",
        parameter.name,
        f"The parameter {parameter.name!r} is {kinds[0]} for {places[0]}, and {kinds[1]} for {places[1]}.",
        "Use two parameters.",
    )


def _wrong(name: str, value: Any, known: Mapping[str, Parameter]) -> Iterator[Problem]:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3) or sorted(known)[:5]
        hint = f"Did you mean one of {near}?" if near else "It has none."
        yield Problem("", name, f"The pipeline has no parameter {name!r}.", hint)
    elif not _is_json(value):
        sentence = f"The value of the parameter {name!r} is not JSON, or longer than is kept."
        yield Problem("", name, sentence, "Use numbers, text, true, false, null, lists and objects.")
    else:
        yield from _nested(name, value)


def _nested(name: str, value: Any) -> Iterator[Problem]:
    for other in sorted(placeholders(value)):
        sentence = f"The value of the parameter {name!r} names another one, {other!r}."
        yield Problem("", name, sentence, "Write its value itself; parameters do not refer to each other.")


def _is_json(value: Any) -> bool:
    try:
        return len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode()) <= _LONGEST
    except (TypeError, ValueError, RecursionError):
        return False


def _short(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"


# -- what a check found of values that parameters gave ------------------------------------------------


def attributed(pipeline: Pipeline, problems: Sequence[Problem]) -> list[Problem]:
    """Return problems, those about a value that a parameter gave with its name and what it takes.

    Args:
        pipeline: As it is written, with values for its parameters.
        problems: Of the pipeline with these values put in.
    """
    known = parameters_of(pipeline)
    found = {(problem.node, problem.field): _behind(pipeline, problem) for problem in problems}
    named = [_named(problem, known, found[problem.node, problem.field]) for problem in problems]
    return list(dict.fromkeys(named))


def _named(problem: Problem, known: Mapping[str, Parameter], name: str | None) -> Problem:
    if name is None:
        return problem
    one = known[name]
    if not one.kinds:
        return _unlike(one)
    value, where = one.values[0], f"It is used by {problem.node}.{problem.field}."
    if kind_of(value) not in one.kinds:
        return replace(problem, sentence=f"The parameter {name!r} takes {one.takes}, not {_short(value)}.", hint=where)
    fault = problem.sentence.removeprefix(f"{problem.field}: ").partition(" (given ")[0].rstrip(".")
    sentence = f"The parameter {name!r} does not take {_short(value)}: " + f"{fault}."
    return replace(problem, sentence=sentence, hint=where)


def _behind(pipeline: Pipeline, problem: Problem) -> str | None:
    """Return the parameter whose value is at fault; None where none gave it, or the fault is another."""
    if problem.node not in pipeline.nodes or not problem.sentence.startswith(f"{problem.field}: "):
        return None
    value: Any = pipeline.nodes[problem.node].parameters
    for token in problem.field.split("."):
        if isinstance(value, Mapping) and token in value:
            value = value[token]
        elif isinstance(value, list | tuple) and token.isdigit() and int(token) < len(value):
            value = value[int(token)]
    name = whole_placeholder(value)
    return name if name in pipeline.parameters else None
