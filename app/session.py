"""What a browser session remembers, which is names only; the one place of `st.session_state`."""

import functools
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from app.languages import CHINESE_CODE, ENGLISH_CODE, LANGUAGES
from engine import Workbench
from engine.config import Settings

LANGUAGE_KEY = "language"
_LONGEST = 2000  # characters of a value that a link can carry
_KEYS, _ASKED = "gestures", "gestures.asked"
_TOLD, _MOST = "told", 2000  # widgets whose values are remembered
_NOTHING: tuple[Any, ...] = (None, [])  # what widgets say that were never touched
_DREW, _SENT = "drew", "sent"
_SOON = 0.3  # seconds after which what a run drew to its end is with the browser, where no other began
_DOUBLE = 0.7  # seconds within which a second click is one with the first


class Identity(str):
    """What is chosen in a picker, as the picker keeps it: so it is never taken for the text of a label."""

    __slots__ = ()


def workbench() -> Workbench:
    """Return the workbench of the workspace that `TANDEM_WORKSPACE` names.

    Raises:
        ConfigError: The workspace cannot be used.
    """
    settings = _settings()
    return _opened(str(settings.workspace), read_only=settings.read_only)


@st.cache_resource(show_spinner=False)
def _opened(root: str, *, read_only: bool = False) -> Workbench:
    del read_only  # a setting, which tells one workbench from another
    return Workbench.open(root)


def read_only() -> bool:
    """Return whether this workbench only shows; what changes something is then drawn, but cannot be pressed."""
    return _settings().read_only


def _settings() -> Settings:
    """Return the settings as the environment has them now, read anew only where it has changed: pages ask often."""
    return _settings_of(tuple(sorted(item for item in os.environ.items() if item[0].startswith("TANDEM_"))))


@functools.lru_cache(maxsize=8)
def _settings_of(_environment: tuple[tuple[str, str], ...]) -> Settings:
    return Settings()


def language() -> str:
    """Return the code of the language of this session: as chosen, else as the browser prefers."""
    chosen = st.session_state.get(LANGUAGE_KEY)
    return str(chosen) if chosen in LANGUAGES else preferred_language()


def linked(key: str) -> bool:
    """Return whether a link that was just opened asks for something of the widget `key`."""
    asked = st.query_params.get(key)
    return asked is not None and asked != st.session_state.get(f"link.{key}")


def noted(key: str) -> str | None:
    """Return what `note` wrote into the link last."""
    found = st.session_state.get(f"link.{key}")
    return None if found is None else str(found)


def said(key: str) -> Any:
    """Return what the widget `key` says; None where it was not drawn."""
    return st.session_state.get(key)


@dataclass
class Told:
    """What a widget says, and what its browser may say instead because it has not heard of that.

    Args:
        value: What the widget was set to, or was found to say since.
        held: What the browser may say instead: what the widget said before.
        at: When it was set, by the monotonic clock.
    """

    value: Any
    held: Sequence[Any] = ()
    at: float = 0.0


def say(key: str, value: Any) -> None:
    """Set the widget `key` before it is drawn, here and in the browser; see `heard`."""
    held = [*(unheard(key) or Told(None)).held, st.session_state.get(key)]
    if len(_told()) > _MOST:
        st.session_state[_TOLD] = {name: one for name, one in _told().items() if name in st.session_state}
    _told()[key] = Told(value, [one for one in held if one != value], time.monotonic())
    st.session_state[key] = value


def unheard(key: str) -> Told | None:
    """Return what the widget `key` was set to, while its browser may not have heard of it; else None.

    What sets a widget goes to the browser once, with the run that set it. Where another run follows at once, that may
    be thrown away, or the browser forgets the widget between the two; then it says what it held before, or nothing,
    which is nobody's choice.
    """
    found = _told().get(key)
    return None if found is None or is_sent(found.at) else found


def heard(key: str, *defaults: Any, meant: Callable[[Any], Any] = lambda raw: raw) -> Any:
    """Return what the widget `key` says before it is drawn; what it was set to where its browser cannot know of that.

    Args:
        key: Of a widget that was drawn before.
        defaults: What a browser says that has forgotten the widget, besides nothing.
        meant: Returns what stands behind a value that the widget says.
    """
    now, told = meant(said(key)), unheard(key)
    unknowing = (*map(meant, told.held), *_NOTHING, *defaults) if told else ()
    return meant(told.value) if told and now in unknowing else now


def hold(key: str, value: Any) -> None:
    """Note that the widget `key` says `value`, before it is drawn, and tell the browser where that may not know it."""
    _told().setdefault(key, Told(value)).value = value
    if unheard(key):
        st.session_state[key] = value


def _told() -> dict[str, Told]:
    found: dict[str, Told] = st.session_state.setdefault(_TOLD, {})
    return found


def about(action: str, *identities: object) -> str:
    """Return the key of a button about something: pressed on an older page, it never does anything to another.

    What a user fills in beside the button is no part of it: filled in and pressed at once, the press would be lost.

    Args:
        action: What the button does.
        identities: What it does it to.
    """
    return f"{action}@{'/'.join(map(str, identities))}"


def note(key: str, chosen: str) -> None:
    """Write what the widget `key` says into the link, so that the link opens the same view; not what is very long."""
    st.session_state[f"link.{key}"] = chosen
    if len(chosen) > _LONGEST:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != chosen:
        st.query_params[key] = chosen


def choose(key: str, value: str) -> None:
    """Set the picker `key`, and the link, to `value` before the picker is drawn."""
    say(key, Identity(value))
    note(key, value)


def release(key: str) -> None:
    """Forget what the widget `key` says, here and in the link, so that it begins anew."""
    for name in (key, f"link.{key}"):
        st.session_state.pop(name, None)
    _told().pop(key, None)
    st.query_params.pop(key, None)


def preferred_language() -> str:
    """Return the code of the language that the browser prefers."""
    locale = st.context.locale or ""
    return CHINESE_CODE if locale.lower().startswith("zh") else ENGLISH_CODE


def link(**names: str) -> Mapping[str, str]:
    """Return the query of a link to a page of this workbench: names of things, and the language if chosen."""
    return {**names, **({LANGUAGE_KEY: language()} if language() != preferred_language() else {})}


def started(kind: str, subject: str = "") -> str | None:
    """Return the id of the job of this kind and subject that this session started and still watches."""
    found = st.session_state.get(f"work.{kind}.{subject}")
    return str(found) if found else None


def watch(kind: str, identity: str | None, subject: str = "") -> None:
    """Remember the id of a started job, or forget it."""
    st.session_state[f"work.{kind}.{subject}"] = identity


def dismissed(kind: str, subject: str = "") -> str | None:
    """Return the id of the ended job of this kind and subject that this session wants to see no more."""
    found = st.session_state.get(f"work.over.{kind}.{subject}")
    return str(found) if found else None


def dismiss(kind: str, identity: str, subject: str = "") -> None:
    """Remember that an ended job is to be seen no more."""
    st.session_state[f"work.over.{kind}.{subject}"] = identity


def gesture(kind: str) -> str:
    """Return the key of what the user is doing: two clicks of one gesture get the same, the next gesture another.

    A second click interrupts the run of the script that the first one caused, and begins another in which the button
    is pressed too. So the key stays as long as runs ask for it, and goes once the page was drawn to its end by
    a run that did not ask: only then has the user seen what came of the click.
    """
    st.session_state.setdefault(_ASKED, set()).add(kind)
    keys: dict[str, str] = st.session_state.setdefault(_KEYS, {})
    return keys.setdefault(kind, secrets.token_hex(16))


def once(kind: str, make: Callable[[], str]) -> str:
    """Return what `make` makes; the second click of a double click gets what the first one made.

    For what is done at once in the records, where a page may be drawn anew between the two clicks.

    Args:
        kind: Of the gesture, with all that tells it from another.
        make: Returns the name of what it made.
    """
    ended, made = st.session_state.get(f"once.{kind}", (0.0, ""))
    if time.monotonic() - ended > _DOUBLE:
        made = make()
    st.session_state[f"once.{kind}"] = time.monotonic(), made
    return str(made)


@contextmanager
def drawing() -> Iterator[None]:
    """Draw a page inside; gestures that it did not ask for are over when it is drawn to its end."""
    st.session_state[_ASKED] = set()
    began()
    try:
        yield
    except StopException:  # a page that ends early is drawn, too; one that begins again is not
        _forget_gestures()
        raise
    _forget_gestures()
    drew()


def began() -> None:
    """Note that a page, or a part of it, begins to be drawn.

    Where another was just drawn, that may be thrown away unsent while the browser hears that it has ended: then it
    forgets all widgets of that picture, and everything must be told again.
    """
    ended = st.session_state.pop(_DREW, None)
    quiet = ended is not None and time.monotonic() - ended > _SOON
    st.session_state[_SENT] = ended if quiet else 0.0


def drew() -> None:
    """Note that a page, or a part of it, was drawn to its end: what was drawn before may never have been sent."""
    st.session_state[_DREW] = time.monotonic()


def is_sent(drawn: float) -> bool:
    """Return whether the browser surely has what was drawn at that moment (by the monotonic clock)."""
    return drawn < float(st.session_state.get(_SENT, 0.0))


def _forget_gestures() -> None:
    keys: dict[str, str] = st.session_state.get(_KEYS, {})
    asked: set[str] = st.session_state.get(_ASKED, set())
    st.session_state[_KEYS] = {kind: key for kind, key in keys.items() if kind in asked}


def notes(form: str) -> dict[str, Any]:
    """Return what a form of this session notes down between reruns: what its widgets began with and last said."""
    found: dict[str, Any] = st.session_state.setdefault(f"notes.{form}", {})
    return found


def as_drawn(what: str, now: Any) -> Any:
    """Return what this tab has drawn last of something that changes, and note `now`, which is drawn next.

    What a button does was decided on what stood on it: `now` where it was not drawn before.
    """
    held = notes("drawn")
    before = held.get(what, now)
    held[what] = now
    return before


def prefill(key: str, value: Any) -> None:
    """Give the widget `key` its first value; unlike its own default, the user can then clear it."""
    if is_new(key):
        say(key, value)
    else:
        hold(key, heard(key))


def is_new(key: str) -> bool:
    """Return whether the widget `key` has not been drawn, or not in the last run of the page."""
    return key not in st.session_state
