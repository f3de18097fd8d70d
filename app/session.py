"""What a browser session remembers, which is names only; the one place of `st.session_state`."""

from collections.abc import Mapping, Sequence

import streamlit as st

from app.languages import CHINESE_CODE, ENGLISH_CODE, LANGUAGES
from engine import Workbench
from engine.config import Settings

_LANGUAGE = "language"


def workbench() -> Workbench:
    """Return the workbench of the workspace that `TANDEM_WORKSPACE` names.

    Raises:
        ConfigError: The workspace cannot be used.
    """
    return _opened(str(Settings().workspace))


@st.cache_resource(show_spinner=False)
def _opened(root: str) -> Workbench:
    return Workbench.open(root)


def language() -> str:
    """Return the code of the language of this session: as chosen, else as the browser prefers."""
    chosen = st.session_state.get(_LANGUAGE)
    return chosen if chosen in LANGUAGES else _preferred()


def language_switch() -> None:
    """Draw the choice of a language; it stands in the link, so a link keeps its language."""
    settle(_LANGUAGE, list(LANGUAGES), _preferred())
    chosen = st.selectbox(
        "Language / 语言",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key=_LANGUAGE,
        icon=":material/translate:",
        label_visibility="collapsed",
    )
    note(_LANGUAGE, str(chosen))


def settle(key: str, options: Sequence[str], default: str) -> None:
    """Set the widget `key` before it is drawn: to what a new link asks for, else to what it was, else to `default`."""
    asked = st.query_params.get(key)
    if asked in options and asked != st.session_state.get(f"link.{key}"):
        st.session_state[key] = asked
    elif st.session_state.get(key) not in options:
        st.session_state[key] = default


def note(key: str, chosen: str) -> None:
    """Write what the widget `key` says into the link, so that the link opens the same view."""
    st.session_state[f"link.{key}"] = chosen
    if st.query_params.get(key) != chosen:
        st.query_params[key] = chosen


def release(key: str) -> None:
    """Forget what the widget `key` says, here and in the link, so that it begins anew."""
    for name in (key, f"link.{key}"):
        st.session_state.pop(name, None)
    st.query_params.pop(key, None)


def _preferred() -> str:
    locale = st.context.locale or ""
    return CHINESE_CODE if locale.lower().startswith("zh") else ENGLISH_CODE


def link(**names: str) -> Mapping[str, str]:
    """Return the query of a link to a page of this workbench: names of things, and the language if chosen."""
    return {**names, **({_LANGUAGE: language()} if language() != _preferred() else {})}


def started(kind: str) -> str | None:
    """Return the id of the work of this kind that this session started and still watches."""
    found = st.session_state.get(f"work.{kind}")
    return str(found) if found else None


def watch(kind: str, identity: str | None) -> None:
    """Remember the id of started work, or forget it."""
    st.session_state[f"work.{kind}"] = identity
