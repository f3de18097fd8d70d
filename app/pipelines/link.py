"""The form of a link: which output goes into which input."""

from collections.abc import Sequence

import streamlit as st

from app.errors import shown
from app.pickers import pick
from app.pipelines.sight import Sight, edit, select
from app.session import about, notes, read_only, workbench
from app.text import plain, t


def draw_link(sight: Sight) -> bool:
    """Draw the form of the link that was picked or drawn on the canvas; return whether there is one."""
    if sight.held.get("asking"):
        _draw_question(sight, *sight.held["asking"])
        return True
    target, port = sight.held.get("link") or ("", "")
    if port in ((sight.nodes.get(target) or {}).get("from") or {}):
        _draw_picked(sight, target, port)
        return True
    return False


def _draw_question(sight: Sight, source: str, target: str) -> None:
    with shown():
        links = workbench().pipelines.links(sight.name, source, target)
    st.markdown(f"**{t('pipelines.which_ports', source=plain(source), target=plain(target))}**")
    asked = f"pipelines.ask.{sight.made}.{source}.{target}"
    labels = {link: _offered(sight, target, *link) for link in links}
    chosen = pick(t("pipelines.link"), labels, asked, kind="radio", label_visibility="collapsed")
    with st.container(horizontal=True):
        connect = about("pipelines.connect", sight.made, source, target)
        if st.button(t("pipelines.connect"), key=connect, type="primary", disabled=read_only()) and chosen:
            output, port = chosen
            edit(sight, {"op": "connect", "from": output, "to": target, "port": port})
        if st.button(t("pipelines.leave"), key=about("pipelines.leave", sight.made, source, target)):
            notes(f"canvas.{sight.name}").pop("content", None)
            select(target)
            st.rerun()


def _offered(sight: Sight, target: str, output: str, port: str) -> str:
    """Return a link as it is offered, and what it would take the place of."""
    told = f"{plain(output)} → {plain(target)} · {plain(port)}"
    taken = (sight.nodes[target].get("from") or {}).get(port)
    return f"{told} ({t('pipelines.in_place_of', source=plain(taken))})" if taken else told


def _draw_picked(sight: Sight, target: str, port: str) -> None:
    source = str(sight.nodes[target]["from"][port])
    st.markdown(f"**{t('pipelines.link')}** · {plain(source)} → {plain(target)} · {plain(port)}")
    with shown():
        links = workbench().pipelines.links(sight.name, source.partition(".")[0], target)
    others = [one for one in links if one != (_whole(links, source), port)]
    with st.container(horizontal=True):
        for output, other in others:
            told = f"{plain(output)} → {plain(other)}"
            instead = about("pipelines.instead", sight.made, target, port, output, other)
            if st.button(told, key=instead, disabled=read_only()):
                edit(sight, {"op": "connect", "from": output, "to": target, "port": other, "instead": port})
        unlink = about("pipelines.unlink", sight.made, source, target, port)
        if st.button(t("pipelines.unlink"), key=unlink, icon=":material/link_off:", disabled=read_only()):
            edit(sight, {"op": "disconnect", "to": target, "port": port})
        if st.button(t("pipelines.close"), key=about("pipelines.close_link", sight.made, target, port)):
            select(target)
            st.rerun()


def _whole(links: Sequence[tuple[str, str]], source: str) -> str:
    """Return a link's output with its port, where it leaves out that it means the first."""
    return source if "." in source else next((output for output, _ in links), source)
