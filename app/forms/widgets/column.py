"""Names of things that are there: columns at a port, datasets, models; others may be typed in."""

from collections.abc import Callable, Sequence
from typing import Any

from app.forms.field import MISSING, Field
from app.forms.sheet import Sheet, filled
from app.forms.widgets.box import draw_json
from app.forms.widgets.number import draw_integer
from app.forms.widgets.text import draw_text
from app.pickers import pick, pick_several
from app.text import t, word


def draw_column(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a column; one that is not there is kept, and marked."""
    types = sheet.column_types(field)
    return draw_text(field, value, sheet) if types is None else _picked(field, value, sheet, list(types), _told(types))


def draw_dataset(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a dataset, or a version of one as `name@version`."""
    return _named("dataset", field, value, sheet)


def draw_model(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a registered model."""
    return _named("model", field, value, sheet)


def draw_suggest(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a text, and suggest some."""
    return _picked(field, value, sheet, [str(text) for text in field.schema.get("examples") or ()], str)


def draw_columns(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for columns, in the order in which they are chosen; those that are not there are kept, and marked."""
    if filled(value) and not (_are_texts(value) and len(set(value)) == len(value)):
        return draw_json(field, value, sheet)
    types = sheet.column_types(field)
    current = sheet.last(value)
    shown = list(current) if filled(current) else []
    told = _told(types) if types is not None else str
    got = pick_several(
        **sheet.dress(field),
        labels={name: told(name) for name in (*(types or ()), *shown)},
        key=sheet.picker(),
        first=shown,
        typed=True,
        placeholder=t("forms.choose_columns") if types else t("forms.type_columns"),
    )
    read = MISSING if not got and field.least else list(got)
    return sheet.said(current if got == shown and filled(current) else read)


def draw_model_version(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for the number of a version: one of the model's, or any number where they are not known."""
    known = {one.partition(" ")[0]: one for one in sheet.around.names("model_version")}
    if not known or (filled(value) and (isinstance(value, bool) or not isinstance(value, int))):
        return draw_integer(field, value, sheet)
    current = sheet.last(value)
    shown = str(current) if filled(current) else None
    labels = {number: " · ".join(one.split()) for number, one in known.items()}
    if shown is not None and shown not in labels:
        labels[shown] = t("forms.not_there", name=shown)
    got = pick(
        **sheet.dress(field),
        labels=labels,
        key=sheet.picker("version"),
        first=shown,
        clearable=True,
        placeholder=t("forms.not_set"),
    )
    return sheet.said(MISSING if got is None else int(got))


def _named(kind: str, field: Field, value: Any, sheet: Sheet) -> Any:
    names = list(sheet.around.names(kind))

    def told(name: str) -> str:
        return name if name.partition("@")[0] in names else t("forms.not_there", name=name)

    return _picked(field, value, sheet, names, told) if names else draw_text(field, value, sheet)


def _picked(field: Field, value: Any, sheet: Sheet, names: Sequence[str], told: Callable[[str], str]) -> Any:
    if filled(value) and not isinstance(value, str):
        return draw_json(field, value, sheet)
    current = sheet.last(value)
    shown = current if filled(current) else None
    got = pick(
        **sheet.dress(field),
        labels={name: told(name) for name in (*names, *([] if shown is None else [shown]))},
        key=sheet.picker("pick"),  # where names are not known, text is asked for here
        first=shown,
        clearable=True,
        typed=True,
        placeholder=t("forms.choose") if field.required else t("forms.not_set"),
    )
    return sheet.said(MISSING if got is None else got)


def _told(types: "dict[str, str] | None") -> Callable[[str], str]:
    known = types or {}

    def told(name: str) -> str:
        return f"{name} · {word('type', known[name])}" if name in known else t("forms.not_there", name=name)

    return told


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
