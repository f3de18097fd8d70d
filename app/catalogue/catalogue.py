"""The catalogue on a screen: a search, a choice of categories, and a card for each operator."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.catalogue.search import found
from app.catalogue.wording import engines_of, flow_of, line_of, online_of
from app.choices import page_link
from app.pickers import follow_link, pick
from app.session import note
from app.text import plain, t
from app.titles import category_title, title_of
from operators.categories import CATEGORIES

Entry = Mapping[str, Any]

_ABREAST = 3
_ALL = "all"


def draw_catalogue(entries: Sequence[Entry]) -> None:
    """Draw the operators that are looked for, those of a category under its name."""
    shown = _chosen(entries)
    st.caption(t("operators.some", shown=len(shown), count=len(entries)))
    if not shown:
        st.info(t("operators.none_found"), icon=":material/search_off:")
    columns: Sequence[Any] = ()
    for number, entry in enumerate(shown):
        if number % _ABREAST == 0:
            columns = st.columns(_ABREAST, gap="small")
        with columns[number % _ABREAST]:
            _draw_card(entry)


def _chosen(entries: Sequence[Entry]) -> Sequence[Entry]:
    searching, choosing = st.columns([2, 5], vertical_alignment="bottom")
    text = searching.text_input(
        t("operators.search"),
        key="operators.search",
        placeholder=t("operators.search_hint"),
        icon=":material/search:",
        live=True,
        label_visibility="collapsed",
    )
    there = [name for name in CATEGORIES if any(entry["category"] == name for entry in entries)]
    labels = {_ALL: t("operators.all"), **{name: category_title(name) for name in there}}
    follow_link("category", labels)
    with choosing:
        category = pick(t("operators.category"), labels, "category", kind="segments", label_visibility="collapsed")
    note("category", str(category))
    wanted = [entry for entry in entries if category in (_ALL, entry["category"])]
    return found(wanted, text or "")


def _draw_card(entry: Entry) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        page_link("operators", f"**{plain(title_of(entry))}**", operator=entry["name"])
        st.markdown(line_of(entry))
        category = category_title(entry["category"])
        st.caption(
            f"{flow_of(entry)}  \n{category} · {t('operators.at_a_service')} {online_of(entry)}  \n{engines_of(entry)}"
        )
