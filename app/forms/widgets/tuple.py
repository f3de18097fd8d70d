"""A list of fixed length: a widget for each place."""

from typing import Any

import streamlit as st

from app.forms.field import Field, Missing
from app.forms.labels import heading_of, help_of
from app.forms.property import draw_property
from app.forms.sheet import Sheet, filled
from app.forms.widgets.box import draw_json


def draw_tuple(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for the items of a tuple; one that is not set is null."""
    if filled(value) and (not isinstance(value, list) or len(value) != len(field.fields)):
        return draw_json(field, value, sheet)
    if not sheet.bare:
        st.markdown(heading_of(field), help=help_of(field))
    given = value if filled(value) else [Missing()] * len(field.fields)
    out = [draw_property(part, one, sheet.child(part.name)) for part, one in zip(field.fields, given, strict=True)]
    return [None if isinstance(one, Missing) else one for one in out]
