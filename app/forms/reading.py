"""From a JSON Schema to the fields of a form; what is not understood becomes a box for JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from app.forms.field import MISSING, Field
from app.forms.hiding import Secrets
from app.forms.limits import ARMS, FIELDS, OPTIONS, is_long, is_readable

Schema = Mapping[str, Any]

_DEEPEST = 12  # levels of nesting that a form can show
_LONGEST = 50  # references of which each leads to the next
_NUMBERS = {"integer": "integer", "number": "number", "boolean": "boolean", "null": "constant"}
_FORMATS = {"date": "date", "time": "time", "date-time": "moment", "password": "secret"}
_OF_TEXT = frozenset({"column", "dataset", "model", "suggest", "file", "code", "expression", "query"})
_OF_NUMBER = frozenset({"model_version"})
_OF_MAPPING = frozenset({"types", "names"})
_ASIDE = ("title", "description", "default", "i18n", "x-i18n", "widget", "x-widget", "port", "advanced", "show_if")


def read_schema(schema: Schema) -> Field:
    """Return the field that a JSON Schema describes; for the schema of a model, a record of its fields.

    Where a schema is larger than a form reads, what is over stands in a box for JSON.
    """
    if not is_readable(schema):
        return Field("", "json", {}, required=True, secret=True)  # what it holds was not looked at
    definitions = schema.get("$defs") or schema.get("definitions") or {}
    definitions = definitions if isinstance(definitions, Mapping) else {}
    return _Reader(definitions, Secrets.of(definitions), count()).field("", schema, required=True)


@dataclass(frozen=True)
class _Reader:
    definitions: Mapping[str, Schema]
    secrets: Secrets
    numbers: Iterator[int]  # one for each field that is read, whatever reads it
    above: tuple[str, ...] = ()
    depth: int = 0

    def field(self, name: str, schema: Any, *, required: bool = False) -> Field:
        """Return the field for a property."""
        if not isinstance(schema, Mapping):
            return Field(name, "json", {}, required)
        if next(self.numbers) >= FIELDS:
            return Field(name, "json", _aside(schema), required, secret=True)
        secret = self.secrets.held_by(schema)
        followed, reader = self.followed(schema)
        if followed is None or self.depth > _DEEPEST:
            aside = {key: value for key, value in schema.items() if key != "$ref"}
            return Field(name, "json", aside, required, default=_default(schema), secret=secret)
        bare, nullable = _without_null(followed)
        inner, reader = reader.followed(bare)  # Optional[Model] is a reference inside anyOf
        found = Field(name, "json", _aside(followed)) if inner is None else reader.shaped(name, inner)
        if nullable and found.kind == "constant" and found.schema.get("const") is not None:
            found = replace(found, kind="choice", schema={**found.schema, "enum": [found.schema["const"]]})
        return replace(found, required=required, nullable=nullable, default=_default(followed), secret=secret)

    def followed(self, schema: Schema) -> "tuple[Schema | None, _Reader]":
        """Return a schema with its reference followed, None where that leads in a circle or nowhere."""
        reader, merged = self, dict(schema)
        while "$ref" in merged or len(_listed(merged, "allOf")) == 1:
            if "$ref" not in merged:
                [only] = merged.pop("allOf")
                merged = {**(only if isinstance(only, Mapping) else {}), **merged}
                continue
            path = str(merged.pop("$ref"))
            name = path.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")
            known = path.startswith("#/") and isinstance(reader.definitions.get(name), Mapping)
            if not known or name in reader.above or len(reader.above) > _LONGEST:
                return None, reader
            merged = _annotated(reader.definitions[name], merged)
            reader = replace(reader, above=(*reader.above, name))
        return merged, replace(reader, depth=self.depth + 1)

    def shaped(self, name: str, schema: Schema) -> Field:
        """Return the field for a schema without references and without null."""
        if "const" in schema:
            return Field(name, "constant", schema)
        options = _listed(schema, "enum")
        if options:
            texts = all(isinstance(option, str) for option in options)
            return Field(name, "choice" if len(options) <= OPTIONS else "text" if texts else "json", schema)
        arms = _listed(schema, "oneOf") or _listed(schema, "anyOf") or _types(schema)
        if arms:
            return self._union(name, schema, arms) if len(arms) <= ARMS else Field(name, "json", schema)
        kind = str(schema.get("type"))
        if kind == "string":
            return Field(name, _text_kind(schema), schema)
        if kind in _NUMBERS:
            asked = _widget(schema) if _widget(schema) in _OF_NUMBER and kind == "integer" else _NUMBERS[kind]
            return Field(name, asked, {**schema, "const": None} if kind == "null" else schema)
        if kind == "array":
            return self._array(name, schema)
        if kind == "object":
            return self._object(name, schema)
        return Field(name, "json", schema)

    def _union(self, name: str, schema: Schema, arms: Sequence[Any]) -> Field:
        variants = tuple(self.field(str(number), arm, required=True) for number, arm in enumerate(arms))
        if len(variants) == 1:
            return replace(variants[0], name=name, schema={**variants[0].schema, **_aside(schema)})
        return _merged(Field(name, "union", schema, variants=variants))

    def _array(self, name: str, schema: Schema) -> Field:
        places = schema.get("prefixItems")
        if isinstance(places, list) and len(places) <= ARMS:
            fields = tuple(self.field(str(number), place, required=True) for number, place in enumerate(places))
            exact = schema.get("minItems") == schema.get("maxItems") == len(fields)
            return Field(name, "tuple", schema, fields=fields) if exact else Field(name, "json", schema)
        if not isinstance(schema.get("items"), Mapping) or not schema["items"]:
            return Field(name, "json", schema)
        item = self.field("", schema["items"], required=True)
        if item.kind == "json":
            return Field(name, "json", schema)
        if _widget(schema) == "columns" and item.kind == "text":
            return Field(name, "columns", schema, item=item)
        several = item.kind == "choice" and not item.nullable and schema.get("uniqueItems")
        return Field(name, "choices" if several else "list", schema, item=item)

    def _object(self, name: str, schema: Schema) -> Field:
        properties = schema.get("properties")
        if isinstance(properties, Mapping) and properties:
            required = frozenset(map(str, _listed(schema, "required")))
            fields = tuple(self.field(key, part, required=key in required) for key, part in properties.items())
            return Field(name, "record", schema, fields=fields)
        rest = schema.get("additionalProperties")
        if isinstance(rest, Mapping) and rest:
            item = self.field("", rest, required=True)
            if item.kind == "json":
                return Field(name, "json", schema)
            widget = _widget(schema)
            return Field(name, widget if widget in _OF_MAPPING else "mapping", schema, item=item)
        return Field(name, "record" if rest is False else "json", schema)


def tag_of(record: Field) -> str | None:
    """Return the constant that tells a record of a union from the others, None where there is none."""
    tags = [field.schema["const"] for field in record.fields if field.kind == "constant" and "const" in field.schema]
    return tags[0] if record.kind == "record" and tags and isinstance(tags[0], str) else None


def _merged(union: Field) -> Field:
    """Return a union of names and of settings that carry these names as `named`: one choice, and its settings."""
    arms = [inner for arm in union.variants for inner in (arm.variants if arm.kind == "union" else (arm,))]
    records = [arm for arm in arms if arm.kind == "record"]
    names = [option for arm in arms for option in (arm.options or [arm.schema.get("const")]) if arm not in records]
    tags = {tag_of(record) for record in records}
    if not records or None in tags or len(tags) < len(records) or not tags <= {str(name) for name in names}:
        return union
    if not all(isinstance(name, str) for name in names):
        return union
    words = {key: value for arm in arms if arm not in records for key, value in _words(arm).items()}
    texts = {**_texts(union.schema), "options": words}
    return replace(union, kind="named", schema={**union.schema, "enum": names, "i18n": texts}, variants=tuple(records))


def _without_null(schema: Schema) -> tuple[Schema, bool]:
    """Return a schema without its null, and whether there was one."""
    key = "anyOf" if isinstance(schema.get("anyOf"), list) else "oneOf"
    arms = schema.get(key)
    if isinstance(arms, list):
        kept = [arm for arm in arms if not (isinstance(arm, Mapping) and arm.get("type") == "null")]
        if len(kept) == 1 and isinstance(kept[0], Mapping):
            return {**kept[0], **{name: value for name, value in schema.items() if name != key}}, len(arms) > 1
        return ({**schema, key: kept} if kept else schema), bool(kept) and len(kept) < len(arms)
    kinds = schema.get("type")
    if isinstance(kinds, list) and "null" in kinds and len(kinds) > 1:
        left = [kind for kind in kinds if kind != "null"]
        return {**schema, "type": left[0] if len(left) == 1 else left}, True
    options = schema.get("enum")
    if isinstance(options, list) and None in options and len(options) > 1:
        return {**schema, "enum": [option for option in options if option is not None]}, True
    return schema, False


def _types(schema: Schema) -> Sequence[Schema]:
    kinds = schema.get("type")
    return [{"type": kind} for kind in kinds] if isinstance(kinds, list) else ()


def _text_kind(schema: Schema) -> str:
    widget = _widget(schema)
    return widget if widget in _OF_TEXT else _FORMATS.get(str(schema.get("format")), "text")


def _widget(schema: Schema) -> str:
    return str(schema.get("widget") or schema.get("x-widget") or "")


def _annotated(target: Schema, beside: Schema) -> dict[str, Any]:
    """Return what a reference leads to with what stands beside it; `model` keeps what the target calls itself."""
    texts = {**_texts(target), **_texts(beside)}
    label = _texts(beside).get("label")
    texts = {key: value for key, value in {**texts, "label": label}.items() if value is not None}
    model = {"title": target.get("title", ""), "label": _texts(target).get("label") or {}}
    kept = {key: value for key, value in target.items() if key not in ("title", "i18n", "x-i18n")}
    return {"model": model, **kept, **beside, **({"i18n": texts} if texts else {})}


def _listed(schema: Schema, key: str) -> Sequence[Any]:
    found = schema.get(key)
    return found if isinstance(found, list) else ()


def _default(schema: Schema) -> Any:
    """Return the default of a schema; one that no browser is sent counts as not known, and holds all the same."""
    found = schema.get("default", MISSING)
    return MISSING if is_long(found) else found


def _texts(schema: Schema) -> Mapping[str, Any]:
    found = schema.get("i18n") or schema.get("x-i18n")
    return found if isinstance(found, Mapping) else {}


def _words(field: Field) -> Mapping[str, Any]:
    found = _texts(field.schema).get("options")
    return found if isinstance(found, Mapping) else {}


def _aside(schema: Schema) -> Schema:
    return {key: schema[key] for key in _ASIDE if key in schema}
