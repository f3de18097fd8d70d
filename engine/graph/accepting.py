"""What a field takes, as its JSON Schema says: the kinds of JSON, in words, and text read as one of them.

The kinds are those of JSON Schema: `string`, `number`, `integer`, `boolean`, `array`, `object` and `null`; a field that
takes any number takes `integer` too.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from engine.graph.yaml_text import read

Schema = Mapping[str, Any]
KINDS: Final = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
SCALARS: Final = frozenset({"string", "number", "integer", "boolean"})
_WORDS: Final = {
    "number": "a number",
    "integer": "a whole number",
    "string": "text",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}
_DEEPEST = 30  # schemas within schemas


def inlined(schema: Any, definitions: Mapping[str, Any], depth: int = 0) -> Any:
    """Return a schema without references; what leads in a circle takes anything."""
    if isinstance(schema, list):
        return [inlined(part, definitions, depth) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    if "$ref" in schema:
        if depth > _DEEPEST:
            return {}
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        target = definitions.get(str(schema["$ref"]).rsplit("/", 1)[-1], {})
        return inlined({**target, **beside}, definitions, depth + 1)
    kept = {key: value for key, value in schema.items() if key not in ("$defs", "discriminator")}
    return {key: inlined(value, definitions, depth + 1) for key, value in kept.items()}


def inside(schema: Schema, token: str | int) -> Schema:
    """Return the schema of a property or an item of what `schema` describes; anything where none says."""
    found = [*_inside(schema, token)]
    return {} if not found else found[0] if len(found) == 1 else {"anyOf": found}


def _inside(schema: Schema, token: str | int) -> Iterator[Schema]:
    for arm in _arms(schema):
        yield from _inside(arm, token)
    places = schema.get("prefixItems") or []
    if isinstance(token, int):
        parts = [places[token]] if token < len(places) else [schema.get("items")]
    else:
        known = schema.get("properties") or {}
        parts = [known[token]] if token in known else [schema.get("additionalProperties")]
    yield from (part for part in parts if isinstance(part, Mapping))


def kinds_of(schema: Schema) -> frozenset[str]:
    """Return the kinds of JSON that a schema takes; all where it does not say."""
    arms = _arms(schema)
    if arms:
        return frozenset[str]().union(*map(kinds_of, arms))
    if "const" in schema:
        return frozenset({kind_of(schema["const"])})
    if "enum" in schema:
        return frozenset(map(kind_of, schema["enum"]))
    named = schema.get("type")
    if named is None:
        return KINDS
    kinds = frozenset({named} if isinstance(named, str) else named)
    return kinds | {"integer"} if "number" in kinds else kinds


def kind_of(value: Any) -> str:
    """Return the kind of JSON that a value is; a number without a fraction is an `integer`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "integer" if float(value).is_integer() else "number"
    return "string" if isinstance(value, str) else "object" if isinstance(value, Mapping) else "array"


def in_words(kinds: frozenset[str]) -> str:
    """Return kinds of JSON as people say them: `a number`, `text or a list`."""
    said = [word for kind, word in _WORDS.items() if kind in kinds and not (kind == "integer" and "number" in kinds)]
    return " or ".join(said) if kinds < KINDS and said else "any value"


def read_as(text: str, kinds: frozenset[str]) -> Any:
    """Return the value that `text` stands for where these kinds are taken.

    It is read as in a YAML file; where only text is taken, `2026` and `007` stay what was written.

    Raises:
        ValueError: It cannot be read as YAML.
    """
    try:
        value = read(text)
    except yaml.YAMLError as error:
        if kinds - {"null"} == {"string"}:
            return text
        raise ValueError(str(error)) from error
    if isinstance(value, str) or (value is None and "null" in kinds) or kind_of(value) in kinds:
        return value
    return text if "string" in kinds else value


def _arms(schema: Schema) -> list[Schema]:
    return [arm for key in ("anyOf", "oneOf", "allOf") for arm in schema.get(key) or () if isinstance(arm, Mapping)]
