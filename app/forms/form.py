"""A form over a JSON Schema: fields, what they hold, and what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from app.forms.drawing import draw
from app.forms.faults import Fault, check, sort_out
from app.forms.field import MISSING, Field, same
from app.forms.labels import heading_of
from app.forms.reading import read_schema
from app.forms.sheet import NOWHERE, Around, Sheet
from app.forms.widgets.record import draw_fields, folded_fields
from app.languages import ENGLISH_CODE
from app.sentences import in_words
from app.session import language, notes
from app.text import plain, t

Document = Mapping[str, Any]

_FAULTS = 100  # that are shown at once
_MONOSPACE = "<style>[class*='st-key-monospace'] textarea {font-family: var(--st-code-font, monospace);}</style>"


@dataclass(frozen=True)
class FormResult:
    """What a form holds.

    Args:
        values: JSON that the model of the schema reads; what equals a default and was not given is left out.
        faults: What is wrong; each is shown under its field. Warnings are among them.
        changed: The values are others than those that were given.
    """

    values: dict[str, Any]
    faults: Sequence[Fault]
    changed: bool

    @property
    def valid(self) -> bool:
        """Nothing is wrong but for warnings."""
        return all(fault.warning for fault in self.faults)


def schema_form(
    schema: Document,
    values: Document,
    *,
    key: str,
    problems: Sequence[Document] = (),
    examine: Callable[[dict[str, Any]], Sequence[Document]] = lambda _: (),
    around: Around = NOWHERE,
) -> FormResult:
    """Draw a form and return what it holds.

    Where `values` change from one drawing to the next, and not to what the form returned, the fields follow them.

    Args:
        schema: JSON Schema of an object, as `model_json_schema()` gives it, with the hints of
            `operators.contract.fields`.
        values: The object as it is; what is left out is at its default.
        key: Names the form in this session: one node, one key.
        problems: Faults found elsewhere, such as `bench.check`'s: `{"field", "sentence", "hint", "severity"}`.
        examine: Finds more faults in the form's values, of the same form as `problems`.
        around: What pickers offer, and where the form stands.
    """
    root = read_schema(schema)
    if root.kind != "record":
        root = Field("", "record", {}, required=True)
    sheet = Sheet(key, notes(key), draw, around)
    _follow(root, values, sheet)
    st.html(_MONOSPACE)
    sheet.slot()
    out = draw_fields(root, values, sheet)
    for part in root.fields:
        sheet.child(part.name).drew(values.get(part.name, MISSING), out.get(part.name, MISSING))
    faults = _faults(root, out, sheet, [*examine(out), *problems])
    _show(root, faults, sheet)
    return FormResult(out, faults, not same(out, dict(values)))


def _follow(root: Field, values: Document, sheet: Sheet) -> None:
    for part in root.fields:
        sheet.child(part.name).follow(values.get(part.name, MISSING))


def _faults(root: Field, out: dict[str, Any], sheet: Sheet, found: Sequence[Document]) -> list[Fault]:
    """Return faults: what cannot be read, what the schema says, and what others found where it says nothing."""
    faults = [Fault(place, sentence) for place, sentence in sheet.wrong.items()]
    faults += [fault for fault in check(root, out) if fault.place not in sheet.wrong]
    near = {fault.place[:end] for fault in faults for end in range(1, len(fault.place) + 1)}
    seen, said = set(faults), set[str]()
    for problem in found:
        fault = _told(root, problem)
        if problem.get("sentence") not in said and (fault.warning or fault.place not in near) and fault not in seen:
            faults.append(fault)
            seen.add(fault)
            near |= {fault.place[:end] for end in range(1, len(fault.place) + 1)}
        said.add(str(problem.get("sentence")))
    return faults


def _told(root: Field, problem: Document) -> Fault:
    field = str(problem.get("field") or "")
    sentences = problem.get("sentences") or {}
    sentence = str(problem.get("sentence", "")).removeprefix(f"{field or 'parameters'}: ")
    sentence = sentences.get(language()) or sentences.get(ENGLISH_CODE) or in_words(sentence)
    sentence = f"{sentence[:1].upper()}{sentence[1:]}"
    warning = problem.get("severity") == "warning"
    return Fault(
        sort_out(root, field.split(".")), str(sentence), in_words(str(problem.get("hint") or "")), warning=warning
    )


def _show(root: Field, faults: Sequence[Fault], sheet: Sheet) -> None:
    """Draw each fault under its field, or under the nearest above it; also on top where it is folded away."""
    folded = {part.name: part for part in folded_fields(root.fields, sheet)}
    for fault in faults[:_FAULTS]:
        place = next(fault.place[:end] for end in range(len(fault.place), -1, -1) if fault.place[:end] in sheet.slots)
        _draw_fault(fault, sheet, place)
        if fault.place and fault.place[0] in folded:
            named = replace(fault, sentence=f"{heading_of(folded[fault.place[0]])}: {plain(fault.sentence)}")
            _draw_fault(named, sheet, (), escaped=True)
    if len(faults) > _FAULTS:
        sheet.slots[()].caption(t("forms.more_faults", count=len(faults) - _FAULTS))


def _draw_fault(fault: Fault, sheet: Sheet, place: tuple[str, ...], *, escaped: bool = False) -> None:
    sentence = fault.sentence if escaped else plain(fault.sentence)
    colour, icon = ("orange", "warning") if fault.warning else ("red", "error")
    hint = f" {plain(fault.hint)}" if fault.hint else ""
    sheet.slots[place].markdown(f":small[:{colour}[:material/{icon}: {sentence}]{hint}]")
