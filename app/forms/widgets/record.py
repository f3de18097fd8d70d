"""Nested settings: a field for each property, the few that matter first."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.forms.field import MISSING, Field, Missing, same
from app.forms.labels import heading_of, help_of, value_label
from app.forms.limits import DRAWN
from app.forms.property import draw_property
from app.forms.sheet import Sheet, filled
from app.forms.widgets.box import draw_json
from app.text import t

_FEW = 6  # fields that are shown at once; of more, those that need not be given are folded away
_ABREAST = 3  # short fields of a row that stand side by side


def draw_record(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for the properties of a nested model, inside a frame."""
    if filled(value) and not isinstance(value, dict):
        return draw_json(field, value, sheet)
    given = value if filled(value) else {}
    if sheet.bare:
        return draw_fields(field, given, sheet)
    st.markdown(heading_of(field), help=help_of(field))
    with st.container(border=True):
        return draw_fields(field, given, sheet)


def draw_fields(field: Field, values: Mapping[str, Any], sheet: Sheet) -> dict[str, Any]:
    """Draw the properties of a record and return their values; what the record does not know is kept."""
    known = {part.name: part for part in field.fields}
    out = {name: value for name, value in values.items() if name not in known}
    drawable = [part for part in field.fields if part.kind != "constant" or _is_wrong(part, values)]
    room = sheet.notes.setdefault(f"{sheet.key}!room", max(0, DRAWN - len(sheet.slots)))
    shown, others = drawable[:room], drawable[room:]
    for part in field.fields:
        if part.kind == "constant" and not _is_wrong(part, values) and (part.required or part.name in values):
            out[part.name] = part.schema["const"]
    folded = folded_fields(shown, sheet)
    away = {part.name for part in folded}
    plain = [part for part in shown if part.name not in away]
    for part, column in zip(plain, _lines(plain, sheet), strict=True):
        with column:
            _into(out, part, values, sheet, field)
    if folded:
        with st.expander(t("forms.advanced"), icon=":material/tune:", key=f"{sheet.key}!advanced"):
            for part in folded:
                _into(out, part, values, sheet, field)
    if others:
        out |= _others(others, values, sheet)
    return {name: out[name] for name in dict.fromkeys([*values, *known, *out]) if name in out}


def _others(fields: Sequence[Field], values: Mapping[str, Any], sheet: Sheet) -> Mapping[str, Any]:
    """Ask in one box for what there are no widgets for, and return what was given of it or is typed."""
    given = {part.name: values[part.name] for part in fields if part.name in values}
    title, about = t("forms.others", count=len(fields)), t("forms.others_about", most=DRAWN)
    box = Field("", "json", {"title": title, "description": about}, secret=any(part.secret for part in fields))
    place = sheet.aside("others!")
    place.follow(given)
    begun, here = place.begun(given)
    out = sheet.draw(box, begun, here)
    place.drew(given, out)
    if isinstance(out, dict):
        return out
    sheet.wrong[sheet.place] = t("forms.fault_kind", given=value_label(out))
    return given


def _lines(fields: Sequence[Field], sheet: Sheet) -> Sequence[Any]:
    """Return a container for each field: side by side in the row of a list, else one below the other."""
    many = sheet.around.abreast
    if many > 1 and not sheet.place:
        return [column for _ in range(0, len(fields), many) for column in st.columns(many)][: len(fields)]
    if sheet.bare and 1 < len(fields) <= _ABREAST and all(field.kind in _SHORT for field in fields):
        return st.columns(len(fields))
    return [st.container() for _ in fields]


def folded_fields(fields: Sequence[Field], sheet: Sheet) -> list[Field]:
    """Return the fields that are folded away: those said to be advanced and, of many, what need not be given."""
    if sheet.place or sheet.around.abreast > 1:
        return []
    wanted = [field for field in fields if not field.advanced]
    free = [field for field in wanted if not field.required]
    room = max(0, _FEW - (len(wanted) - len(free)))
    late = {field.name for field in free[room:]} if len(free) > room + 1 else set()
    return [field for field in fields if field.advanced or field.name in late]


def _into(out: dict[str, Any], part: Field, values: Mapping[str, Any], sheet: Sheet, record: Field) -> None:
    given = values.get(part.name, MISSING)
    place = sheet.child(part.name)
    if part.show_if and not sheet.around.in_form:
        mattered = f"{place.key}?mattered"
        if _matters(part, values, out, record):
            sheet.notes[mattered] = True
        elif isinstance(given, Missing) or sheet.notes.get(mattered):
            return  # what came with the values is shown although it does not matter, so that nothing is lost unseen
    found = draw_property(part, given, place)
    if not isinstance(found, Missing):
        out[part.name] = found


def _matters(part: Field, values: Mapping[str, Any], out: Mapping[str, Any], record: Field) -> bool:
    names = [one.name for one in record.fields]
    drawn = names[: names.index(part.name)]
    for name, wanted in part.show_if.items():
        default = next((one.default for one in record.fields if one.name == name), MISSING)
        value = out.get(name, default if name in drawn else values.get(name, default))
        if not any(same(value, option) for option in (wanted if isinstance(wanted, list) else [wanted])):
            return False
    return True


def _is_wrong(part: Field, values: Mapping[str, Any]) -> bool:
    return part.name in values and not same(values[part.name], part.schema.get("const"))


_SHORT = frozenset(("text", "integer", "number", "boolean", "choice", "column", "date", "time", "dataset", "model"))
