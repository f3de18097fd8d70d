"""The canvas of a pipeline, with how each node fares, and below it what was chosen there.

While the pipeline runs, the canvas is drawn again every second.
"""

import time
from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.canvas import Gesture, attend, counted, draw_canvas, feeds_of, placed
from app.choices import page_link
from app.errors import shown
from app.live import watched
from app.losses import worst
from app.pipelines.running import LIVE
from app.pipelines.sight import Sight, ask_about, edit, look_again, select, turned
from app.pipelines.views import draw_views
from app.previews import moment
from app.sentences import in_words
from app.session import began, drew, notes, read_only, workbench
from app.text import plain, t, word

_ECHO = 5.0  # seconds after a run in which a click on the canvas may still come from when it went on
_ICONS = {"succeeded": "check_circle", "failed": "error", "cancelled": "cancel", "running": "play_circle"}


def draw_designer(sight: Sight) -> None:
    """Draw the canvas and what is shown below it: another step is chosen by drawing these two anew, and no more."""
    at_hand = [sight]

    def draw() -> None:
        if not at_hand:
            began()
        now = at_hand.pop() if at_hand else look_again(sight)
        with st.container(key="pipelines-page"):
            now = _draw_board(now)
            with shown():
                draw_views(now)
        if _versions(now) != _versions(sight):
            st.rerun()  # what stands around speaks of another revision; only now, so that no press is lost
        drew()

    st.fragment(draw)()


def _versions(sight: Sight) -> tuple[float, int, int]:
    return sight.made, sight.draft["revision"], sight.newest["revision"]


def _draw_board(sight: Sight) -> Sight:
    """Draw the canvas, every second while the pipeline runs, and return what is seen after a click on it."""
    if not sight.nodes:
        st.info(t("pipelines.no_nodes"), icon=":material/add_circle:")
        return sight
    with shown():
        live = workbench().pipelines.states(sight.name)["status"] in LIVE

    def draw() -> bool:
        seen, ended = _draw(sight, live=live)
        chosen.append(seen)
        return ended or seen is not sight

    chosen: list[Sight] = []
    if _watched_lately(sight, live=live):
        watched(draw, 1.0 if live else None)
    else:
        with st.container():  # in the place of the part that watches, so that the canvas stays the same
            draw()
    return chosen[0]


def _watched_lately(sight: Sight, *, live: bool) -> bool:
    """Return whether the pipeline runs, or ran a moment ago: what was clicked on the canvas of then finds its part."""
    now = time.monotonic()
    if live:
        sight.held["watched"] = now
    return now - float(sight.held.get("watched", -_ECHO)) < _ECHO


def _draw(sight: Sight, *, live: bool) -> tuple[Sight, bool]:
    """Draw the canvas with its line; return what is seen after a click on it, and whether the run has ended."""
    with shown():
        states = workbench().pipelines.states(sight.name)
    line = st.container()
    gesture = draw_canvas(
        sight.nodes,
        {node: _about(sight, node, states["nodes"].get(node)) for node in sight.nodes},
        key=sight.name,
        layout=sight.document.get("layout"),
        fixed=read_only(),
    )
    if gesture is not None:
        sight = _do(gesture, sight)
    with line:
        _draw_line(sight, states)
    link = sight.held.get("link")
    attend("\n".join(link) if link else sight.selected, link=bool(link), full=bool(sight.held.get("full")))
    return sight, live and states["status"] not in LIVE


def _draw_line(sight: Sight, states: Mapping[str, Any]) -> None:
    """Say what is saved and how the newest run stands, with the way to it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f":material/cloud_done: {_saved(sight)}", width="stretch")
        if states["run"] is None:
            st.caption(t("pipelines.never_ran"))
            _draw_full(sight)
            return
        done = sum(node["state"] in ("done", "reused") for node in states["nodes"].values())
        icon = f":material/{_ICONS.get(states['status'], 'schedule')}:"
        told = t("pipelines.last_run", status=word("status", states["status"]), done=done, count=len(states["nodes"]))
        st.caption(f"{icon} {told}")
        page_link("runs", t("pipelines.open_run"), run=states["run"])
        _draw_full(sight)
    for node, found in states["nodes"].items():
        if found["state"] == "failed" and found["error"] and node != sight.selected:  # that one says it below
            title = f"**{plain(sight.title_of(node))}** · {plain(node)}"
            st.error(f"{title}  \n{plain(in_words(found['error']))}", icon=":material/error:")


def _draw_full(sight: Sight) -> None:
    """Draw the button that gives canvas and form the whole window, or gives the others their room again."""
    full = bool(sight.held.get("full"))

    def turn() -> None:
        sight.held["full"] = not full

    st.button(
        t("pipelines.not_full") if full else t("pipelines.full"),
        key="pipelines.full",
        icon=":material/fullscreen_exit:" if full else ":material/fullscreen:",
        type="tertiary",
        help=t("pipelines.canvas_keys"),
        on_click=turn,
    )


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


def _do(gesture: Gesture, sight: Sight) -> Sight:
    """Do what was asked for on the canvas and return what is seen then; an edit draws the whole page anew."""
    if gesture.kind == "move":
        _move(gesture, sight)
    elif gesture.kind == "connect":
        _connect(gesture, sight)
    elif gesture.kind == "pick":
        ask_about(link=gesture.link)
        return turned(sight)
    elif gesture.node != sight.selected or sight.held.get("link") or sight.held.get("asking"):
        select(gesture.node)
        return turned(sight)
    return sight


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
