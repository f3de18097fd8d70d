"""What a node that is at fault may give once its fault is mended.

The rule: a fault is mended where it stands. A column that is not there is replaced by one that is; a parameter that is
wrong gets another value; a name of an operator, parameter, node or port becomes the one that is meant (`mistyped`);
everything else stays as it is written. So the operator is asked once more as if the missing
column were there (a stand-in), for each type that it may have, and with other values for a parameter that is wrong:

- a column that comes out under the stand-in's own name may be any that came in; one that goes may be any, too;
- a new column whose name holds the stand-in's may be called after any that came in;
- a type that is not the same in all cases is not known, nor is that of a column whose like was given another;
- where it cannot be told which columns come out (a query, code, a free name, another dataset), any may.
"""

import itertools
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.graph.forms import STAND_IN, Form, forms_of
from engine.graph.inferring import Given, inferred
from operators.contract.errors import MissingColumnError, OperatorError
from operators.contract.operator import Operator
from operators.contract.tables import Column, Schema

_log = logging.getLogger(__name__)
UNSURE = "?"
"""The type of a column that depends on how a fault is mended."""
_TYPES = ("unknown", "string", "float64", "boolean", "datetime")
_MOST = 32  # columns of one node that are not there


@dataclass(frozen=True)
class Supposed:
    """What a node may give once it is mended, at each output.

    Args:
        most: Every column that it may give; None where any may come.
        least: Those of them that it gives however it is mended.
        refusals: What else is wrong with the node, however that is mended.
        mended: Whether one of the forms that were tried can work.
    """

    most: Given
    least: Given
    refusals: tuple[OperatorError, ...] = ()
    mended: bool = False


@dataclass
class _Case:
    """One way in which a node may be mended.

    Args:
        kind: The type of the stand-ins.
        stands: Columns that are not there, and were put in.
        retyped: Columns that are there, with types that do not fit, which were forgotten.
        refusals: What was wrong on the way.
        outputs: What comes out; None where it is refused still.
    """

    kind: str
    stands: set[str] = field(default_factory=set)
    retyped: set[str] = field(default_factory=set)
    refusals: list[OperatorError] = field(default_factory=list)
    outputs: Given | None = None


def suppose_refused(operator: Operator, inputs: Given, sources: Mapping[str, Schema]) -> Supposed:
    """Return what an operator that refuses its inputs may give once it is mended."""
    found = suppose([Form(operator)], inputs, sources)
    wrong = found.refusals[-1].field.partition(".")[0] if found.refusals else ""
    if found.mended or not wrong:
        return found
    given = operator.model_dump(mode="json", exclude_unset=True)
    return replace(suppose(forms_of(type(operator), given, [wrong]), inputs, sources), refusals=found.refusals)


def suppose(forms: Sequence[Form], inputs: Given, sources: Mapping[str, Schema]) -> Supposed:
    """Return what a node may give once it is mended.

    Args:
        forms: The operators of one kind that the node may become; none where that cannot be told.
        inputs: The schema of each connected table port.
        sources: The schema of each source by its ref.
    """
    ports = [port.name for form in forms[:1] for port in form.operator.output_ports()]
    cases = [case for form in forms for case in _cases(form.operator, inputs, sources)]
    refusals = _of_all(cases)
    good = [case for case in cases if case.outputs is not None]
    any_may_come: Given = dict.fromkeys(ports)
    if not good or any(form.names_open for form in forms) or None in inputs.values():
        return Supposed(any_may_come, any_may_come, refusals, bool(good))
    own = {column.name: column.type for schema in inputs.values() for column in schema or ()}
    if any(form.sampled for form in forms) and _names_differ(good):
        return Supposed(any_may_come, any_may_come, refusals, mended=True)
    most = {port: _most([_out(case, port) for case in good], good, own) for port in ports}
    least = {port: _least(most[port], [_out(case, port) for case in good], good, own) for port in ports}
    return Supposed(most, least, refusals, mended=True)


def _cases(operator: Operator, inputs: Given, sources: Mapping[str, Schema]) -> Iterator[_Case]:
    """Yield what comes of an operator for each type that a column which is not there may have."""
    own = (column.type for schema in inputs.values() for column in schema or ())
    for kind in dict.fromkeys(itertools.chain(_TYPES, sorted(set(own)))):
        case = _mended(operator, dict(inputs), sources, _Case(kind))
        yield case
        if not case.stands:
            return


def _mended(operator: Operator, inputs: dict[str, Schema | None], sources: Mapping[str, Schema], case: _Case) -> _Case:
    for _ in range(_MOST):
        try:
            case.outputs = inferred(operator, inputs, sources)
        except OperatorError as error:
            case.refusals.append(error)
            if _put_in(operator, error, inputs, case) or _retyped(error, inputs, case):
                continue
        except Exception:  # noqa: BLE001 - what nobody wrote may break an operator: then nothing can be told
            _log.debug("%s broke on supposed columns.", operator.card.name, exc_info=True)
        break
    return case


def _put_in(operator: Operator, error: OperatorError, inputs: dict[str, Schema | None], case: _Case) -> bool:
    """Put a column that is missing into the table that lacks it, and return whether there is one."""
    missing = error.missing if isinstance(error, MissingColumnError) else ""
    for port in _ports(operator, error.field, inputs) if missing else ():
        schema = inputs[port] or ()
        if missing not in {column.name for column in schema}:
            inputs[port] = (*schema, Column(missing, case.kind))
            if missing in case.stands:
                case.refusals.pop()  # told of another table already
            case.stands.add(missing)
            return True
    return False


def _ports(operator: Operator, name: str, inputs: Given) -> list[str]:
    """Return the table ports, the one that a parameter is about first."""
    info = type(operator).model_fields.get(name.partition(".")[0])
    extra = info.json_schema_extra if info and isinstance(info.json_schema_extra, dict) else {}
    return sorted(inputs, key=lambda port: port != extra.get("port"))


def _retyped(error: OperatorError, inputs: dict[str, Schema | None], case: _Case) -> bool:
    """Forget the types of the columns that a refusal names, and return whether there are any."""
    found = {
        column.name
        for schema in inputs.values()
        for column in schema or ()
        if column.type != "unknown" and repr(column.name) in str(error) and column.name not in case.stands
    }
    for port, schema in inputs.items():
        inputs[port] = tuple(
            Column(column.name, "unknown") if column.name in found else column for column in schema or ()
        )
    case.retyped |= found
    return bool(found)


def _of_all(cases: Sequence[_Case]) -> tuple[OperatorError, ...]:
    """Return what is wrong in every case; a column that is missing is missing whatever type it might have."""
    if not cases:
        return ()
    sentences = [{str(error) for error in case.refusals} for case in cases]
    found = {
        str(error): error
        for case in cases
        for error in case.refusals
        if isinstance(error, MissingColumnError) or all(str(error) in told for told in sentences)
    }
    return tuple(error for sentence, error in found.items() if STAND_IN not in sentence)


def _out(case: _Case, port: str) -> Schema | None:
    return None if case.outputs is None else case.outputs.get(port)


def _names_differ(cases: Sequence[_Case]) -> bool:
    """Return whether the columns that come out depend on a value of which only some were tried."""
    by_kind: dict[str, list[list[tuple[str, list[str]]]]] = {}
    for case in cases:
        names = [(port, [column.name for column in schema or ()]) for port, schema in (case.outputs or {}).items()]
        by_kind.setdefault(case.kind, []).append(names)
    return any(names != alike[0] for alike in by_kind.values() for names in alike)


def _most(outs: Sequence[Schema | None], cases: Sequence[_Case], own: Mapping[str, str]) -> Schema | None:
    """Return every column that may come out at a port."""
    types: dict[str, str] = {}
    for out, case in zip(outs, cases, strict=True):
        if out is None:
            return None
        given = {column.name: column.type for column in out}
        changes = any(given.get(name, case.kind) != case.kind for name in case.stands)
        if case.stands or case.retyped:
            given = {**given, **{name: kind for name, kind in own.items() if name not in given}}
        for name, kind in given.items():
            unsure = name in case.retyped or (changes and own.get(name) == case.kind)
            for called in () if name in case.stands else _called(name, case, own):
                types[called] = UNSURE if unsure or types.get(called, kind) != kind else kind
    return tuple(Column(name, kind) for name, kind in types.items())


def _least(
    most: Schema | None, outs: Sequence[Schema | None], cases: Sequence[_Case], own: Mapping[str, str]
) -> Schema | None:
    """Return the columns that come out at a port in every case."""
    if most is None:
        return None
    sure = {column.name for column in most}
    for out, case in zip(outs, cases, strict=True):
        names = {column.name for column in out or ()}
        sure &= {name for name in names if _called(name, case, own) == [name]}
        if not (case.stands | case.retyped) <= names:
            sure -= set(own)  # what went may have been any
    return tuple(column for column in most if column.name in sure)


def _called(name: str, case: _Case, own: Mapping[str, str]) -> list[str]:
    """Return how a column may be called: a new one that is called after a stand-in, after any that came in."""
    if name in own:
        return [name]
    after = next((one for one in (*case.stands, *case.retyped) if one in name), None)
    return [name] if after is None else [name.replace(after, other) for other in own]
