"""The one place where something is chosen from a list: what comes back is what was chosen, never its label.

A browser tells a choice by the label that it shows, with every click on the page, and Streamlit looks that up among the
labels of the newest run. Labels count, tell the time and speak a language: one that a browser still holds may be gone
by then, and the first of the list, or the label itself, would be taken for the choice. So a picker remembers every
label that it has shown in this session: each stands for one thing and never for another, and where the label of
what is chosen has changed, the browser is told the new one.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final, Literal, TypeVar

import streamlit as st

from app.session import Identity, heard, hold, is_new, linked, note, noted, notes, said, say, unheard
from app.text import plain, t

T = TypeVar("T", bound=Hashable)
Kind = Literal["list", "radio", "segments"]
_MOST: Final = 20_000  # labels that a picker remembers
_BEGINNING: Final = object()


def pick(
    label: str,
    labels: Mapping[T, str],
    key: str,
    *,
    first: Any = _BEGINNING,
    kind: Kind = "list",
    typed: bool = False,
    clearable: bool | None = None,
    place: Any = None,
    **dress: Any,
) -> T | None:
    """Draw a picker and return the one of `labels` that is chosen; None where nothing is.

    Args:
        label: Of the widget.
        labels: What each choice is called, by the choice; made different where two are called alike.
        key: Of the widget in this session.
        first: What is chosen to begin with; the first one unless given, None for nothing.
        kind: A list that opens, a radio button for each, or a row of segments.
        typed: Something else may be typed in; it is then returned as it is.
        clearable: The choice can be taken back; where nothing is chosen to begin with unless given.
        place: Where it is drawn.
        dress: More for the widget of Streamlit.
    """
    first = next(iter(labels), None) if first is _BEGINNING else first
    words = _worded(key, labels)
    now = settle(key, words, first, typed=typed)
    _tell_anew(key, words, now)
    options = [_marked(one) for one in words]
    empty = first is None if clearable is None else clearable
    default = list(words).index(now) if now in words else 0  # what a browser says that has heard of no choice
    draw = getattr(place or st, {"list": "selectbox", "radio": "radio", "segments": "segmented_control"}[kind])
    more = {"required": not empty} if kind == "segments" else {"index": None if empty else default}
    more |= {"accept_new_options": True} if typed else {}
    got = draw(label, options, key=key, format_func=lambda one: words.get(one, str(one)), **more, **dress)
    meant = _meant(key, got)
    notes(_form(key))["chosen"] = meant
    return meant  # type: ignore[no-any-return]


def pick_several(
    label: str,
    labels: Mapping[T, str],
    key: str,
    *,
    first: Sequence[T] = (),
    typed: bool = False,
    most: int | None = None,
    **dress: Any,
) -> list[T]:
    """Draw a picker of several and return those that are chosen, in the order in which they were; see `pick`.

    Args:
        label: Of the widget.
        labels: What each choice is called, by the choice.
        key: Of the widget in this session.
        first: What is chosen to begin with.
        typed: Something else may be typed in; it is then returned as it is.
        most: How many may be chosen at most.
        dress: More for the widget of Streamlit.
    """
    words = _worded(key, labels)
    _tell_anew(key, words, settle_several(key, words, first, typed=typed))
    got = st.multiselect(
        label,
        [_marked(one) for one in words],
        key=key,
        format_func=lambda one: words.get(one, str(one)),
        accept_new_options=typed,
        max_selections=most,
        **dress,
    )
    meant = list(dict.fromkeys(_meant(key, one) for one in got))
    notes(_form(key))["chosen"] = meant
    return meant


def pick_linked(label: str, labels: Mapping[str, str], key: str, *, of: str | None = None, **dress: Any) -> str:
    """Draw a picker whose choice stands in the link: `?key=choice` chooses that, and comes before all else.

    What a link asks for, or what was chosen, and is not there any more is said: nobody shall take another for it.

    Args:
        label: Of the widget.
        labels: What each choice is called, by the choice.
        key: Of the widget and in the link.
        of: What the choices belong to: with another, others are there and nothing is said; None where they come and go.
        dress: More, see `pick`.
    """
    asked = follow_link(key, labels, of)
    got = str(pick(label, labels, key, **dress))
    said = st.container()  # also where nothing is said: what is below stays in its place
    if asked is not None:
        said.warning(t("choice.gone", asked=plain(asked), shown=plain(got)), icon=":material/help:")
    note(key, got)
    return got


def pick_several_linked(label: str, labels: Mapping[str, str], key: str, **dress: Any) -> list[str]:
    """Draw a picker of several whose choices stand in the link as `?key=one,two`."""
    asked = st.query_params.get(key)
    if asked is not None and (linked(key) or is_new(key)):
        say(key, _marked([one for one in asked.split(",") if one in labels]))
    got = pick_several(label, labels, key, **dress)
    note(key, ",".join(got))
    return got


def follow_link(key: str, options: Mapping[str, Any] | Sequence[str], of: str | None = None) -> str | None:
    """Set the picker `key` to what a link asks for; return what was asked for, or chosen, and is not there."""
    asked, held = st.query_params.get(key), notes(_form(key))
    before, held["of"] = held.get("of"), of
    if asked is None:
        return None
    if asked in options:
        if linked(key) or is_new(key):
            say(key, Identity(asked))
        return None
    lost = of is not None and of == before and chosen(key) == asked == noted(key)
    return asked if linked(key) or is_new(key) or lost else None


def chosen(key: str) -> Any:
    """Return what the picker `key` says before it is drawn; None where it was not drawn in the run before.

    What its browser says that may not have heard what the picker was set to is no choice.
    """
    return None if is_new(key) else heard(key, meant=lambda raw: _meant(key, raw))


def settle(key: str, options: Mapping[T, Any] | Sequence[T], first: T | None, *, typed: bool = False) -> T | None:
    """Set the picker `key` before it is drawn: to what it says, else to `first`; return what it is set to."""
    now = first if is_new(key) else chosen(key)
    if now is not None and now not in options and not typed:
        before = notes(_form(key)).get("chosen")
        now = before if isinstance(before, Hashable) and before in options else first
    if is_new(key) or chosen(key) != now:
        say(key, _marked(now))
    return now


def settle_several(
    key: str, options: Mapping[T, Any] | Sequence[T], first: Sequence[T], *, typed: bool = False
) -> list[T]:
    """Do as `settle` for a picker of several."""
    now = list(first) if is_new(key) else list(chosen(key) or ())
    there = [one for one in dict.fromkeys(now) if typed or one in options]
    if is_new(key) or there != now:
        say(key, [_marked(one) for one in there])
    return there


def _tell_anew(key: str, words: Mapping[T, str], now: Any) -> None:
    """Let the browser hold the label of now where it holds, or may hold, one of before."""
    held, raw = notes(_form(key)), said(key)
    before: Mapping[Any, str] = held.get("words", {})
    ones = now if isinstance(now, list) else [now]
    stale = any(type(one) is str for one in (raw if isinstance(raw, list) else [raw]))
    changed = any(before.get(one, words.get(one)) != words.get(one) for one in ones)
    overtaken = bool(held.get("told")) and held.get("chosen") != now
    unsent, marked = unheard(key) is not None, _marked(now)
    held.update(words=words, told=stale or changed or overtaken or unsent)
    if stale or changed or overtaken:
        say(key, marked)
    else:
        hold(key, marked)


def _worded(key: str, labels: Mapping[T, str]) -> dict[T, str]:
    """Return labels of which no two are alike, and none of which has ever stood for something else here."""
    memory: dict[str, Any] = notes(_form(key)).setdefault("labels", {})
    words = {}
    for one, label in labels.items():
        told = label
        while memory.setdefault(told, one) != one:
            told = f"{told} ({one})"
        words[one] = told
    if len(memory) > _MOST + len(words):
        notes(_form(key))["labels"] = {told: one for one, told in words.items()}
    return words


def _meant(key: str, raw: Any) -> Any:
    """Return what a widget's value stands for: itself, or what its text is or was the label of."""
    if isinstance(raw, Identity):
        return str(raw)
    if isinstance(raw, list):
        return [_meant(key, one) for one in raw]
    return notes(_form(key)).get("labels", {}).get(raw, raw) if isinstance(raw, str) else raw


def _marked(one: Any) -> Any:
    if isinstance(one, list):
        return [_marked(each) for each in one]
    return Identity(one) if isinstance(one, str) else one


def _form(key: str) -> str:
    return f"picker.{key}"
