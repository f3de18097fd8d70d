"""The canvas as a widget.

The component keeps a picture of its own and sends it back after each gesture. It takes a new picture only when it is
stamped later than its own last word, and answers each with an echo. So a picture is stamped anew only when
something in it changed, each answer is read once, and one that was made from an older picture changes nothing; nor is
the newest sent again for it, or each would be answered a picture too late for ever.
What is chosen is no part of the picture: the script beside the canvas marks it, so a choice sends nothing (28 November
2026; a picture of 100 steps takes a browser a second, with two answers to each).
"""

import hashlib
import json
import time
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

import streamlit as st
from streamlit_flow import StreamlitFlowEdge, StreamlitFlowNode, streamlit_flow
from streamlit_flow.layouts import ManualLayout
from streamlit_flow.state import StreamlitFlowState

from app.canvas.faces import Theme, colour_of, face, theme_of_page
from app.canvas.gestures import Gesture, told
from app.canvas.layout import HEIGHT, WIDTH, leftward, placed
from app.canvas.script import PLACE
from app.session import notes

Nodes = Mapping[str, Mapping[str, Any]]
_BEFORE: Final = 420  # pixels of height, until the script gives it that of the window
_PORT: Final = "\n"  # between target and port in the id of a link: no name has one


def draw_canvas(
    nodes: Nodes,
    about: Nodes,
    *,
    key: str,
    layout: Mapping[str, Any] | None = None,
    fixed: bool = False,
) -> Gesture | None:
    """Draw nodes and links, and return what the user has just done on them; `attend` then marks one of them.

    Args:
        nodes: Node documents by name, each with `operator` and `from`.
        about: For each node `title`, `category`, `state`, `rows`, `seconds` and `problems`.
        key: Of this canvas among others.
        layout: Positions by node; where a node has none, one is chosen.
        fixed: Nothing can be moved or connected.
    """
    theme = theme_of_page()
    feeds = feeds_of(nodes)
    positions = placed(feeds, dict(layout or {}))
    links = _links(nodes)
    held = notes(f"canvas.{key}")
    _stamp(held, [nodes, about, positions, theme.name, fixed])
    left = leftward(feeds, positions)
    shown = StreamlitFlowState(
        [
            _node(name, about[name], positions[name], theme, left=name in left, fixed=fixed, stamp=held["stamp"])
            for name in nodes
        ],
        [_edge(edge, nodes, target, port, theme, left) for edge, (target, port) in links.items()],
        timestamp=held["stamp"],
    )
    with st.container(key=PLACE):
        answer = streamlit_flow(
            f"canvas.{key}",
            shown,
            height=_BEFORE,
            fit_view=False,  # at each picture; the script does it once
            show_controls=True,
            allow_new_edges=not fixed,
            get_node_on_click=True,
            get_edge_on_click=True,
            min_zoom=0.1,
            hide_watermark=True,
            layout=ManualLayout(),
            style={"background": theme.paper, "borderRadius": "8px"},
        )
    return _heard(answer, shown, held, positions, links)


def _stamp(held: dict[str, Any], content: Any) -> None:
    """Stamp a picture later than the component's last word if it is not the one that it has."""
    seen = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
    if held.get("content") != seen:
        held["content"] = seen
        held["stamp"] = max(int(time.time() * 1000), int(held.get("heard", 0)) + 1, int(held.get("stamp", 0)) + 1)


def _heard(
    answer: StreamlitFlowState,
    shown: StreamlitFlowState,
    held: dict[str, Any],
    positions: Mapping[str, tuple[float, float]],
    links: Mapping[str, tuple[str, str]],
) -> Gesture | None:
    if answer is shown or answer.timestamp == held.get("heard"):
        return None
    held["heard"] = answer.timestamp
    if any(node.data.get("stamp") != held["stamp"] for node in answer.nodes) or len(answer.nodes) != len(positions):
        if answer.timestamp >= held["stamp"] or held.get("late") == held["stamp"]:
            held.pop("content", None)  # the newest picture was lost: it is sent again
        # The answer was made from an older picture, while the newest is on its way and has its own answer yet.
        held["late"] = held["stamp"]
        return Gesture("select", node=str(answer.selected_id)) if answer.selected_id in positions else None
    came = {node.id: (float(node.position["x"]), float(node.position["y"])) for node in answer.nodes}
    return told(positions, links, came, answer.selected_id)


def _node(
    name: str,
    about: Mapping[str, Any],
    at: tuple[float, float],
    theme: Theme,
    *,
    left: bool,
    fixed: bool,
    stamp: int,
) -> StreamlitFlowNode:
    edge = theme.line
    return StreamlitFlowNode(
        name,
        at,
        {"content": face(name, about, theme), "stamp": stamp},
        source_position="left" if left else "right",
        target_position="right" if left else "left",
        draggable=not fixed,
        selectable=True,
        connectable=not fixed,
        deletable=False,
        style={
            "width": f"{WIDTH:.0f}px",
            "height": f"{HEIGHT:.0f}px",
            "padding": "5px 10px",
            "textAlign": "left",
            "fontSize": "13.5px",
            "lineHeight": "1.35",
            "background": theme.card,
            "color": theme.ink,
            "borderRadius": "6px",
            "borderStyle": "solid",
            "borderColor": f"{edge} {edge} {edge} {colour_of(str(about['category']))}",
            "borderWidth": "1px 1px 1px 5px",
        },
    )


def _edge(
    identity: str, nodes: Nodes, target: str, port: str, theme: Theme, left: AbstractSet[str]
) -> StreamlitFlowEdge:
    source, _, output = str(nodes[target]["from"][port]).partition(".")
    return StreamlitFlowEdge(
        identity,
        source,
        target,
        edge_type="smoothstep" if (source in left) != (target in left) else "default",  # around the end of a line
        marker_end={"type": "arrowclosed", "color": theme.line},
        label=output if len({str(one).partition(".")[2] for one in _from_node(nodes, source)}) > 1 else "",
        label_show_bg=True,
        label_style={"fill": theme.faint, "fontSize": "10px"},
        label_bg_style={"fill": theme.paper},
        style={"stroke": theme.line, "strokeWidth": 1.5},
        deletable=False,
        focusable=True,
    )


def _links(nodes: Nodes) -> dict[str, tuple[str, str]]:
    return {
        f"{target}{_PORT}{port}": (target, port)
        for target, node in nodes.items()
        for port, source in (node.get("from") or {}).items()
        if str(source).partition(".")[0] in nodes
    }


def feeds_of(nodes: Nodes) -> dict[str, list[str]]:
    """Return for each node those that feed it."""
    return {
        name: [str(source).partition(".")[0] for source in (node.get("from") or {}).values()]
        for name, node in nodes.items()
    }


def _from_node(nodes: Nodes, source: str) -> list[str]:
    found = [one for node in nodes.values() for one in (node.get("from") or {}).values()]
    return [str(one) for one in found if str(one).partition(".")[0] == source]
