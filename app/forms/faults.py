"""What is wrong with a value, in the language of the session, and under which field it belongs."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic_core import SchemaError, SchemaValidator

from app.forms.field import MISSING, Field, Missing, same, written
from app.forms.labels import option_label, value_label
from app.text import t

Place = tuple[str, ...]


@dataclass(frozen=True)
class Fault:
    """One fault of a form.

    Args:
        place: The path of the field: names of properties and entries, numbers of rows.
        sentence: What is wrong.
        hint: What to do.
        shape: The value is of another kind than the field.
        warning: It does not stop anybody.
    """

    place: Place
    sentence: str
    hint: str = ""
    shape: bool = False
    warning: bool = False


def check(field: Field, value: Any, place: Place = ()) -> list[Fault]:
    """Return what the schema of a field says against a value; unions by the variant that fits best."""
    if isinstance(value, Missing):
        return [Fault(place, t("forms.fault_required"))] if field.required else []
    if value is None and (field.nullable or (field.kind == "json" and not field.schema.get("type"))):
        return []
    if not _has_kind(field, value):
        return [_misfit(place, value)]
    return [*(Fault(place, sentence) for sentence in _sentences(field, value)), *_inside(field, value, place)]


def _inside(field: Field, value: Any, place: Place) -> Iterator[Fault]:
    if field.kind == "record":
        yield from _of_record(field, value, place)
    elif field.kind == "named" and isinstance(value, str):
        if value not in field.options:
            yield Fault(place, t("forms.fault_option", given=value_label(value)), shape=True)
    elif field.kind in ("union", "named"):
        found = best(field, value, place)
        yield from found[1] if found else [_misfit(place, value)]
    elif field.kind == "tuple":
        parts = zip(field.fields, value, strict=False)
        yield from (fault for part, inner in parts for fault in check(part, inner, (*place, part.name)))
    elif field.item is not None:
        entries = value.items() if isinstance(value, Mapping) else enumerate(value)
        for name, inner in entries:
            yield from check(field.item, inner, (*place, str(name)))


def _misfit(place: Place, value: Any) -> Fault:
    return Fault(place, t("forms.fault_kind", given=value_label(value)), shape=True)


def _of_record(field: Field, value: Mapping[str, Any], place: Place) -> Iterator[Fault]:
    for part in field.fields:
        yield from check(part, value.get(part.name, MISSING), (*place, part.name))
    if field.schema.get("additionalProperties") is False:
        for name in value.keys() - {part.name for part in field.fields}:
            yield Fault((*place, name), t("forms.fault_unknown", name=value_label(name)))


def best(field: Field, value: Any, place: Place = ()) -> tuple[int, list[Fault]] | None:
    """Return which variant of a union a value is, and its faults; None where it is of no such kind."""
    found = [(number, check(variant, value, place)) for number, variant in enumerate(field.variants)]
    shaped = [one for one in found if not any(fault.shape and fault.place == place for fault in one[1])]
    return min(shaped, key=lambda one: (len(one[1]), _unlike(field.variants[one[0]], value)), default=None)


def _unlike(field: Field, value: Any) -> int:
    """Return how far a variant is from a value that fits it: a whole number is nearer an integer than a number."""
    if field.kind == "json":
        return 3
    if field.kind == "number" and isinstance(value, int):
        return 1
    if field.kind == "record" and isinstance(value, Mapping):
        return 1 + len(value.keys() - {part.name for part in field.fields})
    return 2 if field.kind == "text" and field.schema.get("format") is None else 0


def sort_out(root: Field, place: Sequence[str]) -> Place:
    """Return the place of the field that an engine's path means; what is no field, such as a variant, is left out."""
    field = root
    found: Place = ()
    for token in place:
        inside = _step(field, token)
        if inside is not None:
            field, found = inside, (*found, token)
    return found


def _step(field: Field, token: str) -> Field | None:
    named = {part.name: part for part in field.fields}
    if token in named:
        return named[token]
    if field.item is not None and (field.kind not in ("list", "choices", "columns") or token.isdigit()):
        return field.item
    return next((inside for variant in field.variants for inside in [_step(variant, token)] if inside), None)


def _sentences(field: Field, value: Any) -> Iterator[str]:
    schema = field.schema
    if isinstance(value, str):
        yield from _of_text(field, value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _of_number(schema, value)
    elif isinstance(value, list | Mapping):
        yield from _of_size(field, len(value))
    if schema.get("uniqueItems") and isinstance(value, list) and len({written(one) for one in value}) < len(value):
        yield t("forms.fault_unique")
    if field.kind in ("choice", "text") and field.options and not _is_option(field, value):
        words = ", ".join(option_label(field, option) for option in field.options[:12])
        yield t("forms.fault_options", given=value_label(value), options=words)


def _is_option(field: Field, value: Any) -> bool:
    if isinstance(value, str):
        return value in field.options
    return any(same(value, option) for option in field.options)


def _of_text(field: Field, value: str) -> Iterator[str]:
    if field.kind == "choice":
        return
    if len(value) < field.least:
        yield t("forms.fault_empty") if not value else t("forms.fault_short", least=field.least)
    if field.most is not None and len(value) > field.most:
        yield t("forms.fault_long", most=field.most)
    pattern = field.schema.get("pattern")
    if isinstance(pattern, str) and _matches(pattern, value) is False:
        yield t("forms.fault_pattern", pattern=pattern[:200])


def _of_number(schema: Mapping[str, Any], value: float) -> Iterator[str]:
    for key, sentence, holds in _BOUNDS:
        bound = schema.get(key)
        if isinstance(bound, int | float) and not isinstance(bound, bool) and not holds(value, bound):
            yield t(f"forms.fault_{sentence}", bound=f"{bound:,}" if isinstance(bound, int) else f"{bound:g}")


def _of_size(field: Field, size: int) -> Iterator[str]:
    if size < field.least:
        yield t("forms.fault_few", least=field.least)
    if field.most is not None and size > field.most:
        yield t("forms.fault_many", most=field.most)


def _matches(pattern: str, value: str) -> bool | None:
    """Return whether a value has a pattern in it; None where that is not known before the model looks."""
    if len(value) > _SEARCHED:
        return None
    known = _reading(pattern)
    return None if known is None else known.isinstance_python(value.encode("utf-8", "replace").decode("utf-8"))


@lru_cache(maxsize=256)
def _reading(pattern: str) -> SchemaValidator | None:
    """Return what reads a pattern as the models do, in time that grows with the value; None where it cannot."""
    try:
        return SchemaValidator({"type": "str", "pattern": pattern}) if len(pattern) <= _LONGEST else None
    except SchemaError:
        return None


def _multiple(value: float, bound: float) -> bool:
    try:
        return bound == 0 or math.isclose(value / bound, round(value / bound), rel_tol=1e-9, abs_tol=1e-9)
    except OverflowError:
        return True


def _has_kind(field: Field, value: Any) -> bool:
    if field.kind == "constant":
        return same(value, field.schema.get("const"))
    kinds = _TYPES.get(field.kind)
    return kinds is None or (isinstance(value, kinds) and (kinds is bool or not isinstance(value, bool)))


_BOUNDS = (
    ("minimum", "low", lambda value, bound: value >= bound),
    ("exclusiveMinimum", "above", lambda value, bound: value > bound),
    ("maximum", "high", lambda value, bound: value <= bound),
    ("exclusiveMaximum", "below", lambda value, bound: value < bound),
    ("multipleOf", "multiple", _multiple),
)

_LONGEST = 1_000  # characters of a pattern
_SEARCHED = 10_000  # characters of a value in which a pattern is looked for while somebody types

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("text", "date", "time", "moment", "secret", "column", "dataset", "model", "suggest"), str),
    **dict.fromkeys(("file", "code", "expression", "query"), str),
    **dict.fromkeys(("list", "choices", "columns", "tuple"), list),
    **dict.fromkeys(("record", "mapping", "types", "names"), dict),
    "integer": int,
    "model_version": int,
    "number": (int, float),
    "boolean": bool,
}
