"""What a page is about, chosen from a list and written into its link."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app.navigation import path_of
from app.session import link, note, settle, settle_several
from app.text import t


def choice(label: str, options: Sequence[str], key: str, shown: Callable[[str], str] = str) -> str:
    """Return the chosen one of `options`, the first to begin with; a link with `?key=option` chooses that."""
    settle(key, options, options[0])
    chosen = str(st.selectbox(label, list(options), key=key, format_func=shown))
    note(key, chosen)
    return chosen


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
    settle_several(key, list(labels), default)
    chosen = st.multiselect(
        label,
        list(labels),
        key=key,
        format_func=labels.__getitem__,
        max_selections=most,
        placeholder=t("choice.several"),
    )
    note(key, ",".join(chosen))
    return list(chosen)


def view(label: str, options: Sequence[str], key: str) -> str:
    """Return the chosen one of the views of a page; only that one is drawn."""
    settle(key, options, options[0])
    chosen = st.segmented_control(
        label,
        list(options),
        required=True,
        key=key,
        format_func=lambda name: t(f"view.{name}"),
        label_visibility="collapsed",
    )
    note(key, str(chosen))
    return str(chosen)


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
