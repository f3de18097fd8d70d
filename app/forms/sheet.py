"""Where on a form a field is drawn: the keys of its widgets, what they said last, and the place for its faults."""

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.forms.field import Field, Missing, same
from app.forms.labels import heading_of, help_of
from app.session import heard, hold, is_new, language, prefill
from app.text import plain, t, word

Column = Mapping[str, str]
Place = tuple[str, ...]
_LISTED = 60  # columns named under an expression
_TAME = re.compile(r"[A-Za-z0-9_]{1,40}")


@dataclass(frozen=True)
class Around:
    """What is around a form.

    Args:
        columns: The columns `{"name", "type"}` at each port, for pickers; None where they are not known.
        ports: The ports for tables, the main one first: a picker without a port means that one.
        names: Returns what there is of a kind: `dataset`, `model`; of `model_version` each number with its aliases,
            as `3 champion`.
        in_form: The form stands inside `st.form`: lists grow and kinds change when it is submitted.
        disabled: Nothing can be changed.
        abreast: How many fields stand side by side.
    """

    columns: Mapping[str, Sequence[Column] | None] | None = None
    ports: Sequence[str] = ()
    names: Callable[[str], Sequence[str]] = field(default=lambda _: ())
    in_form: bool = False
    disabled: bool = False
    abreast: int = 1


NOWHERE = Around()


@dataclass(frozen=True)
class Sheet:
    """A place on a form; `child` gives the places inside it.

    Args:
        key: Begins the keys of all widgets here.
        notes: What the form remembers between reruns; its keys are those of the places.
        draw: Draws a field at a place and returns its value.
        around: What pickers offer, and where the form stands.
        bare: Another line says what the field is called.
        place: The path of the field from the root.
        slots: Where faults are shown, by place.
        wrong: What could not be read, by place.
    """

    key: str
    notes: dict[str, Any]
    draw: "Callable[[Field, Any, Sheet], Any]"
    around: Around = NOWHERE
    bare: bool = False
    place: Place = ()
    slots: dict[Place, DeltaGenerator] = field(default_factory=dict)
    wrong: dict[Place, str] = field(default_factory=dict)

    def child(self, name: str, *, token: str = "") -> "Sheet":
        """Return the place of a property, or of a row or an entry.

        Args:
            name: The property, or the number of the row.
            token: Names the widgets; `name` where that is fit for it when empty.
        """
        return replace(self, key=f"{self.key}.{token or _tame(name)}", place=(*self.place, name), bare=False)

    def aside(self, token: str, *, bare: bool = False) -> "Sheet":
        """Return the same place for other widgets, such as those of a variant of a union."""
        return replace(self, key=f"{self.key}.{token}", bare=bare)

    def begun(self, value: Any) -> "tuple[Any, Sheet]":
        """Return what the widgets here began with, and the place of the present generation of them.

        A field begins anew when it is reset, or `follow` finds that another value came from outside.
        """
        note = self.notes.setdefault(self.key, {"turn": 0, "value": value})
        return note["value"], (replace(self, key=f"{self.key}~{note['turn']}") if note["turn"] else self)

    def begin(self, value: Any) -> None:
        """Let the widgets here begin anew with `value`."""
        turn = self.notes.get(self.key, {"turn": 0})["turn"] + 1
        for old in [key for key in self.notes if key.startswith((f"{self.key}.", f"{self.key}~"))]:
            del self.notes[old]
        self.notes[self.key] = {"turn": turn, "value": value}

    def follow(self, given: Any) -> None:
        """Begin anew where the caller gives another value than before, and not the one that was drawn here last."""
        seen = self.notes.get(f"{self.key}?")
        if seen is not None and not same(given, seen["given"]) and not same(given, seen["out"]):
            self.begin(given)

    def drew(self, given: Any, out: Any) -> None:
        """Note what the caller gave and what was made of it."""
        self.notes[f"{self.key}?"] = {"given": given, "out": out}

    def widget(self, current: Any, *, clearable: bool = True, kind: str = "") -> "tuple[str, Any]":
        """Return the key of the widget here and the default to draw it with.

        Args:
            current: What it shows when it is new.
            clearable: The user may empty it: then its default is None, and `current` is filled in.
            kind: Tells it from another kind of widget that may stand here at another time.
        """
        key = f"{self.key}:{language()}{kind and f'/{kind}'}"
        current = None if isinstance(current, Missing) else current
        if clearable:
            prefill(key, current)
            return key, None
        if is_new(key) or f"{key}^" not in self.notes:
            self.notes[f"{key}^"] = current
            hold(key, current)
        else:
            hold(key, heard(key, self.notes[f"{key}^"]))
        return key, self.notes[f"{key}^"]

    def picker(self, kind: str = "") -> str:
        """Return the key of the picker here; `kind` tells it from another widget that may stand here."""
        return f"{self.key}:{language()}{kind and f'/{kind}'}"

    def dress(self, field: Field) -> dict[str, Any]:
        """Return what every widget of a field is drawn with: label, help, whether it may be changed."""
        visible = "collapsed" if self.bare else "visible"
        shared = {"label": heading_of(field), "label_visibility": visible, "disabled": self.around.disabled}
        return shared if self.bare else {**shared, "help": help_of(field)}

    @property
    def unfilled(self) -> str:
        """The key of a widget that the server never fills."""
        return f"{self.key}:{language()}"

    def column_types(self, field: Field) -> dict[str, str] | None:
        """Return the types of the columns that a picker offers, by name; None where they are not known."""
        port = str(field.schema.get("port") or next(iter(self.around.ports), ""))
        known = (self.around.columns or {}).get(port)
        return None if known is None else {str(column["name"]): str(column.get("type", "")) for column in known}

    def list_columns(self, field: Field) -> None:
        """Draw the names of the columns that an expression may use."""
        types = self.column_types(field)
        if types:
            told = ", ".join(
                f"{plain(name)} ({plain(word('type', kind))})" for name, kind in [*types.items()][:_LISTED]
            )
            more = "" if len(types) <= _LISTED else " …"
            st.caption(t("forms.columns_there", columns=f"{told}{more}"))

    def last(self, value: Any) -> Any:
        """Return what the widget here said last, `value` where it has not been drawn yet."""
        return self.notes.get(f"{self.key}=", value)

    def said(self, value: Any) -> Any:
        """Note what the widget here says, and return it."""
        self.notes[f"{self.key}="] = value
        return value

    def slot(self) -> None:
        """Keep a place for faults of this field."""
        self.slots[self.place] = st.container()

    def button(self, name: str, icon: str, told: str, press: Callable[..., Any], *arguments: Any) -> None:
        """Draw a small button that also works inside a form; `press` is called before the page runs again."""
        self._pressed(name, icon, "", press, arguments, help=told, type="tertiary")

    def worded(self, name: str, icon: str, told: str, press: Callable[..., Any], *arguments: Any) -> None:
        """Draw a button with words that also works inside a form."""
        self._pressed(name, icon, told, press, arguments, type="secondary")

    def _pressed(
        self, name: str, icon: str, label: str, press: Callable[..., Any], arguments: Any, **options: Any
    ) -> None:
        draw = st.form_submit_button if self.around.in_form else st.button
        key = f"{self.key}!{name}"
        disabled = self.around.disabled
        draw(label, key=key, icon=f":material/{icon}:", on_click=press, args=arguments, disabled=disabled, **options)


def _tame(name: str) -> str:
    """Return what stands for a property in the keys of widgets: itself, or a digest of what is no plain name."""
    return name if _TAME.fullmatch(name) else f"#{zlib.crc32(name.encode('utf-8', 'replace')):08x}"


def filled(value: Any) -> bool:
    """Return whether a value was given: neither missing nor null."""
    return value is not None and not isinstance(value, Missing)
