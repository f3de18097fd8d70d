"""The preferences on a screen, drawn by streamlit-pydantic: each with its origin, kept as soon as it is changed."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any, Literal

import streamlit as st
from pydantic import Field, create_model
from pydantic.warnings import PydanticDeprecatedSince20

from app.preferences import reread
from app.session import language, notes, read_only, workbench
from app.text import plain, t
from engine.errors import ConfigError
from engine.workbench.preferences import Preferences

with warnings.catch_warnings():
    # streamlit-pydantic configures a model of its own in the way of pydantic 1.
    warnings.simplefilter("ignore", PydanticDeprecatedSince20)
    from streamlit_pydantic import pydantic_input

GROUPS: Mapping[str, tuple[str, ...]] = {
    "display": ("preview_rows", "time_zone", "density"),
    "runs": ("environment", "engine", "seed"),
}
_FAR = 10_000  # a slider with more steps cannot be set
_WORDS = {"density": ("comfortable", "compact"), "time_zone": ("server",)}

Entry = Mapping[str, Any]


def draw_preferences() -> None:
    """Draw every preference; a change is kept at once, and a value that is refused stays, with the reason below."""
    found = workbench().preferences.list()
    for column, (group, names) in zip(st.columns(len(GROUPS), gap="large"), GROUPS.items(), strict=True):
        with column:
            st.markdown(f"**{t(f'settings.group_{group}')}**")
            for name in names:
                _draw(name, found[name])


def _draw(name: str, entry: Entry) -> None:
    note = notes("settings").setdefault(name, {"turn": 0, "seen": entry["value"], "fault": ""})
    if entry["value"] != note["seen"]:  # changed elsewhere: follow it
        note.update(turn=note["turn"] + 1, seen=entry["value"], fault="")
    locked = entry["origin"] == "environment" or read_only()
    typed = pydantic_input(f"settings.{name}.{note['turn']}.{language()}", _model(name, entry, locked=locked))[name]
    if typed != note["seen"] and typed != note.get("refused") and not locked:
        _keep(name, typed, note)
    if note["fault"]:
        st.markdown(f":small[:red[:material/error: {plain(note['fault'])}]]")
    _draw_origin(name, entry, note)


def _draw_origin(name: str, entry: Entry, note: dict[str, Any]) -> None:
    if entry["origin"] == "environment":
        st.caption(t("settings.origin_variable", variable=f"`TANDEM_{name.upper()}`"))
    elif entry["origin"] == "kept":
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(t("settings.origin_kept"), width="content")
            told = t("settings.reset", default=_word(name)(entry["default"]))
            if st.button(
                told, key=f"settings.reset.{name}", type="tertiary", icon=":material/undo:", disabled=read_only()
            ):
                workbench().preferences.forget(name)
                note["turn"] += 1
                _again()
    else:
        st.caption(t("settings.origin_default"))


def _keep(name: str, value: Any, note: dict[str, Any]) -> None:
    try:
        workbench().preferences.keep(name, value)
    except ConfigError:
        fault = t("settings.refused", value=value, about=t(f"settings.about_{name}"))
        note.update(fault=fault, refused=value)
        return
    note.update(seen=value, fault="", refused=None)
    _again()


def _again() -> None:
    reread()
    st.rerun()


def _model(name: str, entry: Entry, *, locked: bool) -> Any:
    """Return a model of one preference that holds its value, with the texts of this language."""
    info = Preferences.model_fields[name]
    annotation: Any = Literal.__getitem__(tuple(entry["options"])) if entry["options"] else info.annotation

    def hints(schema: dict[str, Any]) -> None:
        schema["readOnly"] = locked
        if entry["options"]:
            schema["st_kwargs_format_func"] = _word(name)

    field: Any = Field(title=t(f"settings.{name}"), description=t(f"settings.about_{name}"), json_schema_extra=hints)
    field.metadata.extend(rule for rule in info.metadata if not entry["options"] and not _is_far(rule))
    fields: dict[str, Any] = {name: (annotation, field)}
    return create_model("One", **fields)(**{name: entry["value"]})


def _word(name: str) -> Callable[[Any], str]:
    """Return what turns a value into what a reader calls it."""
    words = _WORDS.get(name, ())
    return lambda value: t(f"settings.word_{value}") if value in words else str(value)


def _is_far(rule: Any) -> bool:
    """Return whether a rule is a bound that no slider can reach; the workbench refuses what is beyond it."""
    return getattr(rule, "le", 0) > _FAR
