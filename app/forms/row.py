"""A form for one row of a service, drawn from its signature: a schema like any other."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.forms.form import schema_form
from app.forms.sheet import Around

Signature = Mapping[str, Any]

_ABREAST = 3
_TYPES = {
    "int": {"type": "integer"},
    "uint": {"type": "integer"},
    "float": {"type": "number"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}


def row_form(fields: Sequence[Signature], key: str) -> dict[str, Any]:
    """Draw a widget for each column, three in a line, and return the row; an empty widget is a null.

    Args:
        fields: The signature's inputs: `name`, `type`, `examples`, `top`. The form begins with an example of each.
        key: What the form is for; it makes the widgets' keys its own. It stands inside `st.form`.
    """
    schema = {"type": "object", "properties": {field["name"]: column_schema(field) for field in fields}}
    begun = {field["name"]: _example(field) for field in fields}
    values = schema_form(schema, begun, key=key, around=Around(in_form=True, abreast=_ABREAST)).values
    return {field["name"]: values.get(field["name"]) for field in fields}


def column_schema(field: Signature) -> dict[str, Any]:
    """Return the JSON Schema of one value of a column: null is always allowed, and known texts are suggested."""
    known = [text for text in field.get("top") or () if isinstance(text, str)]
    kind: dict[str, Any] = _TYPES.get(field["type"].rstrip("0123456789"), {"type": "string", "minLength": 1})
    suggested = {"widget": "suggest", "examples": known} if known and "minLength" in kind else {}
    return {"title": field["name"], "anyOf": [{**kind, **suggested}, {"type": "null"}]}


def _example(field: Signature) -> Any:
    return next(iter(field.get("top") or field.get("examples") or ()), None)
