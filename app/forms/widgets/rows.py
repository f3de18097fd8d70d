"""Lists and mappings: a line for each entry, one button that adds and one that takes away."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app.forms.field import MISSING, Field, Missing
from app.forms.labels import heading_of, help_of, label_of
from app.forms.limits import DRAWN
from app.forms.sheet import Sheet, filled
from app.forms.widgets.box import draw_json
from app.forms.widgets.column import draw_column
from app.forms.widgets.text import draw_text
from app.text import t

Row = dict[str, Any]

_MANY = 200  # lines that a page can carry; longer lists are edited as JSON


def draw_list(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for the items of a list, one below the other."""
    item = field.item or field
    if filled(value) and not (isinstance(value, list) and _fits(value, item, sheet)):
        return draw_json(field, value, sheet)
    items: list[Any] = []
    rows = _rows(sheet, [{"value": one} for one in (value if filled(value) else [])], field)
    _head(field, sheet)
    for row in rows:
        place = sheet.child(str(len(items)), token=f"r{row['id']}")
        with _line(item):
            with st.container():
                out = sheet.draw(_named(item, field), row["value"], place.aside("item", bare=True))
            _remove(sheet, rows, row)
        place.slot()
        if not (isinstance(out, Missing) or (out == {} and isinstance(row["value"], Missing))):
            items.append(out)
    _add(field, sheet, rows, {"value": MISSING})
    return items if items or not field.least else MISSING


def draw_mapping(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for names and what belongs to each; the names may be columns."""
    item = field.item or field
    if filled(value) and not (isinstance(value, dict) and _fits([*value.values()], item, sheet)):
        return draw_json(field, value, sheet)
    entries: dict[str, Any] = {}
    given = [{"key": name, "value": one} for name, one in (value if filled(value) else {}).items()]
    rows = _rows(sheet, given, field)
    _head(field, sheet)
    for row in rows:
        name, out, place = _entry(field, item, row, sheet, rows)
        place.slot()
        if name in entries:
            place.wrong[place.place] = t("forms.fault_twice", name=name)
        elif isinstance(name, str) and not isinstance(out, Missing):
            entries[name] = out
    _add(field, sheet, rows, {"key": MISSING, "value": MISSING})
    return entries if entries or not field.least else MISSING


def _entry(field: Field, item: Field, row: Row, sheet: Sheet, rows: list[Row]) -> tuple[Any, Any, Sheet]:
    place = sheet.child(f"#{row['id']}", token=f"r{row['id']}")
    label = t("forms.column") if field.kind in ("types", "names") else t("forms.key")
    key = Field("key", "text", {"title": label, "port": field.schema.get("port", ""), "minLength": 1}, required=True)
    draw_key = draw_column if field.kind in ("types", "names") else draw_text
    with _line(item):
        with st.container():
            name = draw_key(key, row["key"], place.aside("key", bare=True))
        with st.container():
            inner = sheet.child(str(name), token=f"r{row['id']}")
            out = sheet.draw(_named(item, field), row["value"], inner.aside("value", bare=True))
        _remove(sheet, rows, row)
    return name, out, inner


def _rows(sheet: Sheet, given: list[Row], field: Field) -> list[Row]:
    """Return the lines of this form: those that were given, then as they were added and taken away."""
    rows = sheet.notes.get(f"{sheet.key}#")
    if rows is None:
        first = given or ([{"key": MISSING, "value": MISSING}] * field.least)
        rows = sheet.notes[f"{sheet.key}#"] = [{**row, "id": number} for number, row in enumerate(first)]
    return list(rows)


def _head(field: Field, sheet: Sheet) -> None:
    if not sheet.bare:
        st.markdown(heading_of(field), help=help_of(field))


def _line(item: Field) -> Any:
    flat = _flat(item)
    return st.container(horizontal=True, wrap=False, vertical_alignment="center" if flat else "top", border=not flat)


def _named(item: Field, field: Field) -> Field:
    """Return the item, called after its list for those who do not see the form."""
    if item.schema.get("title") or item.kind == "record":
        return item
    return replace(item, schema={**item.schema, "title": label_of(field)})


def _remove(sheet: Sheet, rows: list[Row], row: Row) -> None:
    def press() -> None:
        sheet.notes[f"{sheet.key}#"] = [one for one in rows if one["id"] != row["id"]]

    sheet.aside(f"r{row['id']}").button("remove", "close", t("forms.remove"), press)


def _add(field: Field, sheet: Sheet, rows: list[Row], blank: Row) -> None:
    def press() -> None:
        number = max((row["id"] for row in rows), default=-1) + 1
        sheet.notes[f"{sheet.key}#"] = [*rows, {**blank, "id": number}]

    if field.most is None or len(rows) < field.most:
        sheet.worded("add", "add", t("forms.add"), press)


def _fits(values: list[Any], item: Field, sheet: Sheet) -> bool:
    """Return whether lines can show values: not too many, and null only where that means something."""
    room = _MANY if f"{sheet.key}#" in sheet.notes else min(_MANY, DRAWN - len(sheet.slots))
    return len(values) <= room and (item.nullable or None not in values)


def _flat(item: Field) -> bool:
    return item.kind not in ("record", "list", "mapping", "tuple", "union", "named")
