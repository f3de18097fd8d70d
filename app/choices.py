"""What a page is about, chosen from a list and written into its link."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app.languages import LANGUAGES
from app.navigation import path_of
from app.pickers import follow_link, pick, pick_linked, pick_several_linked
from app.session import LANGUAGE_KEY, link, note, preferred_language
from app.text import t


def choice(
    label: str, options: Sequence[str], key: str, shown: Callable[[str], str] = str, *, of: str | None = None
) -> str:
    """Return the chosen one of `options`, the first to begin with; a link with `?key=option` chooses that.

    Args:
        label: Of the widget.
        options: What there is.
        key: Of the widget and in the link.
        shown: Returns what an option is called.
        of: What the options belong to, where it is told when the chosen one goes away; see `pick_linked`.
    """
    return pick_linked(label, {option: shown(option) for option in options}, key, of=of)


def several(
    label: str, labels: Mapping[str, str], key: str, *, default: Sequence[str] = (), most: int | None = None
) -> list[str]:
    """Return the chosen ones of `labels`, which are written into the link as `?key=one,two`.

    Args:
        label: Of the widget.
        labels: What each choice is called, by the choice.
        key: Of the widget and in the link.
        default: What is chosen to begin with.
        most: How many may be chosen at most.
    """
    return pick_several_linked(label, labels, key, first=default, most=most, placeholder=t("choice.several"))


def view(label: str, options: Sequence[str], key: str) -> str:
    """Return the chosen one of the views of a page; only that one is drawn."""
    labels = {name: t(f"view.{name}") for name in options}
    follow_link(key, labels)
    chosen = str(pick(label, labels, key, kind="segments", label_visibility="collapsed"))
    note(key, chosen)
    return chosen


def language_switch() -> None:
    """Draw the choice of a language; it stands in the link, so a link keeps its language."""
    follow_link(LANGUAGE_KEY, LANGUAGES)
    chosen = pick(
        "Language / 语言",
        LANGUAGES,
        LANGUAGE_KEY,
        first=preferred_language(),
        icon=":material/translate:",
        label_visibility="collapsed",
    )
    note(LANGUAGE_KEY, str(chosen))


def empty(sentence: str, button: str, page: str) -> None:
    """Say what is missing, offer the page where it comes from, and end this one."""
    st.info(sentence, icon=":material/lightbulb:")
    if st.button(button, type="primary", key="empty.go"):
        open_page(page)
    st.stop()


def open_page(name: str, **names: str) -> None:
    """Go to a page, about the things named."""
    st.switch_page(_path(name), query_params=dict(link(**names)))


def page_link(name: str, label: str, icon: str = "arrow_forward", **names: str) -> None:
    """Draw a link to a page about the things named."""
    st.page_link(_path(name), label=label, icon=f":material/{icon}:", query_params=dict(link(**names)))


def _path(name: str) -> Path:
    return path_of(name)


def document_of(value: Any) -> Any:
    """Return the JSON document of a value: itself, or what its `document()` gives."""
    return value.document() if hasattr(value, "document") else value
