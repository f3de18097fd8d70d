"""The canvas of a pipeline: how each node fares, drawn again every second while it runs."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.canvas import Gesture, counted, draw_canvas, feeds_of, placed
from app.choices import page_link
from app.errors import shown
from app.losses import worst
from app.pipelines.running import LIVE
from app.pipelines.sight import Sight, ask_about, edit, select
from app.previews import moment
from app.sentences import in_words
from app.session import notes, read_only, workbench
from app.text import plain, t, word

_ICONS = {"succeeded": "check_circle", "failed": "error", "cancelled": "cancel", "running": "play_circle"}


def draw_board(sight: Sight) -> None:
    """Draw the canvas and do what the user does on it; while the pipeline runs, every second."""
    if not sight.nodes:
        st.info(t("pipelines.no_nodes"), icon=":material/add_circle:")
        return
    with shown():
        live = workbench().pipelines.states(sight.name)["status"] in LIVE
    st.fragment(_draw, run_every=1.0 if live else None)(sight, live=live)


def _draw(sight: Sight, *, live: bool) -> None:
    with shown():
        states = workbench().pipelines.states(sight.name)
    if live and states["status"] not in LIVE:
        st.rerun()
    _draw_line(sight, states)
    gesture = draw_canvas(
        sight.nodes,
        {node: _about(sight, node, states["nodes"].get(node)) for node in sight.nodes},
        key=sight.name,
        layout=sight.document.get("layout"),
        selected=_marked(sight),
        fixed=read_only(),
    )
    if gesture is not None:
        _do(gesture, sight)


def _draw_line(sight: Sight, states: Mapping[str, Any]) -> None:
    """Say what is saved and how the newest run stands, with the way to it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f":material/cloud_done: {_saved(sight)}", width="stretch")
        if states["run"] is None:
            st.caption(t("pipelines.never_ran"))
            return
        done = sum(node["state"] in ("done", "reused") for node in states["nodes"].values())
        icon = f":material/{_ICONS.get(states['status'], 'schedule')}:"
        told = t("pipelines.last_run", status=word("status", states["status"]), done=done, count=len(states["nodes"]))
        st.caption(f"{icon} {told}")
        page_link("runs", t("pipelines.open_run"), run=states["run"])
    for node, found in states["nodes"].items():
        if found["state"] == "failed" and found["error"] and node != sight.selected:  # that one says it below
            title = f"**{plain(sight.title_of(node))}** · {plain(node)}"
            st.error(f"{title}  \n{plain(in_words(found['error']))}", icon=":material/error:")


def _saved(sight: Sight) -> str:
    """Return the line that says where the pipeline stands."""
    problems = len(sight.findings["problems"])
    saved = t("pipelines.saved", revision=sight.draft["revision"], moment=str(moment(sight.draft["saved"]))[-8:])
    return f"{saved} · {counted(problems) if problems else t('pipelines.fine')}"


def _about(sight: Sight, node: str, state: Mapping[str, Any] | None) -> dict[str, Any]:
    operator = sight.operator_of(node)
    fared = state or {"state": "idle", "rows": None, "seconds": None}
    return {
        "title": sight.title_of(node),
        "category": operator["category"] if operator else "",
        "state": fared["state"],
        "rows": fared["rows"],
        "seconds": round(fared["seconds"], 1) if fared["seconds"] else None,
        "problems": sum(problem["severity"] == "error" for problem in sight.problems_of(node)),
        "warned": bool(worst(fared.get("losses") or ()) or sight.problems_of(node)),
    }


def _marked(sight: Sight) -> str | None:
    return "\n".join(sight.held["link"]) if sight.held.get("link") else sight.selected


def _do(gesture: Gesture, sight: Sight) -> None:
    if gesture.kind == "move":
        _move(gesture, sight)
    elif gesture.kind == "connect":
        _connect(gesture, sight)
    elif gesture.kind == "pick":
        ask_about(link=gesture.link)
        st.rerun()
    elif gesture.node != sight.selected or sight.held.get("link") or sight.held.get("asking"):
        select(gesture.node)
        st.rerun()


def _move(gesture: Gesture, sight: Sight) -> None:
    """Keep where nodes were moved to; with the first move also where all the others lie, so that they stay there."""
    layout = sight.document.get("layout") or {}
    others = {node: at for node, at in placed(feeds_of(sight.nodes), layout).items() if node not in layout}
    edit(sight, {"op": "move", "positions": {node: list(at) for node, at in {**others, **gesture.positions}.items()}})


def _connect(gesture: Gesture, sight: Sight) -> None:
    """Connect two nodes; where several of their ports fit, ask which."""
    source, target = gesture.ends
    with shown():
        links = workbench().pipelines.links(sight.name, source, target)
    notes(f"canvas.{sight.name}").pop("content", None)  # the link that was drawn gives way to the one that is kept
    if len(links) == 1:
        output, port = links[0]
        edit(sight, {"op": "connect", "from": output, "to": target, "port": port})
    elif links:
        ask_about(asking=gesture.ends)
    else:
        sight.held["told"] = t("pipelines.nothing_fits", source=plain(source), target=plain(target))
    st.rerun()
