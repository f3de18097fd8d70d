"""The table of widgets: which function draws which kind of field."""

from collections.abc import Callable, Mapping
from typing import Any

from app.forms.field import Field
from app.forms.limits import is_long
from app.forms.sheet import Sheet
from app.forms.widgets.box import draw_json, draw_kept
from app.forms.widgets.choice import draw_boolean, draw_choice, draw_choices, draw_constant
from app.forms.widgets.column import (
    draw_column,
    draw_columns,
    draw_dataset,
    draw_model,
    draw_model_version,
    draw_suggest,
)
from app.forms.widgets.moment import draw_date, draw_moment, draw_time
from app.forms.widgets.number import draw_integer, draw_number
from app.forms.widgets.record import draw_record
from app.forms.widgets.rows import draw_list, draw_mapping
from app.forms.widgets.text import draw_code, draw_expression, draw_file, draw_query, draw_secret, draw_text
from app.forms.widgets.tuple import draw_tuple
from app.forms.widgets.union import draw_named, draw_union

Widget = Callable[[Field, Any, Sheet], Any]

WIDGETS: Mapping[str, Widget] = {
    "text": draw_text,
    "integer": draw_integer,
    "number": draw_number,
    "boolean": draw_boolean,
    "choice": draw_choice,
    "choices": draw_choices,
    "constant": draw_constant,
    "date": draw_date,
    "time": draw_time,
    "moment": draw_moment,
    "secret": draw_secret,
    "list": draw_list,
    "tuple": draw_tuple,
    "mapping": draw_mapping,
    "types": draw_mapping,
    "names": draw_mapping,
    "record": draw_record,
    "union": draw_union,
    "named": draw_named,
    "column": draw_column,
    "columns": draw_columns,
    "dataset": draw_dataset,
    "model": draw_model,
    "model_version": draw_model_version,
    "suggest": draw_suggest,
    "file": draw_file,
    "code": draw_code,
    "expression": draw_expression,
    "query": draw_query,
    "json": draw_json,
}


def draw(field: Field, value: Any, sheet: Sheet) -> Any:
    """Draw a field with `value`, `MISSING` where nothing is given, and return what it then holds."""
    if is_long(value):
        return draw_kept(field, value, sheet)
    asks = draw_json if _is_unsendable(value) else WIDGETS[field.kind]
    return asks(field, value, sheet)


def _is_unsendable(value: Any) -> bool:
    """Return whether a text, or one in a list, holds half a character, which no browser can be sent."""
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return any(isinstance(text, str) and text != text.encode("utf-8", "replace").decode("utf-8") for text in texts)
