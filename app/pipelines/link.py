"""The form of a link: which output goes into which input."""

from collections.abc import Sequence

import streamlit as st

from app.errors import shown
from app.pipelines.sight import Sight, edit, select
from app.session import notes, read_only, workbench
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
    chosen = st.radio(
        t("pipelines.link"),
        range(len(links)),
        format_func=lambda place: _offered(sight, target, *links[place]),
        key=f"pipelines.ask.{source}.{target}",
        label_visibility="collapsed",
    )
    with st.container(horizontal=True):
        if st.button(t("pipelines.connect"), key="pipelines.connect", type="primary", disabled=read_only()):
            output, port = links[chosen or 0]
            edit({"op": "connect", "from": output, "to": target, "port": port})
        if st.button(t("pipelines.leave"), key="pipelines.leave"):
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
            if st.button(told, key=f"pipelines.instead.{output}.{other}", disabled=read_only()):
                edit({"op": "connect", "from": output, "to": target, "port": other, "instead": port})
        if st.button(t("pipelines.unlink"), key="pipelines.unlink", icon=":material/link_off:", disabled=read_only()):
            edit({"op": "disconnect", "to": target, "port": port})
        if st.button(t("pipelines.close"), key="pipelines.close_link"):
            select(target)
            st.rerun()


def _whole(links: Sequence[tuple[str, str]], source: str) -> str:
    """Return a link's output with its port, where it leaves out that it means the first."""
    return source if "." in source else next((output for output, _ in links), source)
