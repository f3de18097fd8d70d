"""The canvas as a widget.

The component keeps a picture of its own and sends it back after each gesture. It takes a new picture only when it is
stamped later than its own last word, and answers each with an echo. So a picture is stamped anew only when
something in it changed, each answer is read once, and one that was made from an older picture changes nothing.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from typing import Any, Final

import streamlit as st
from streamlit_flow import StreamlitFlowEdge, StreamlitFlowNode, streamlit_flow
from streamlit_flow.layouts import ManualLayout
from streamlit_flow.state import StreamlitFlowState

from app.canvas.faces import DARK, LIGHT, Theme, colour_of, face
from app.canvas.gestures import Gesture, told
from app.canvas.layout import HEIGHT, STEP, WIDTH, placed
from app.session import notes

Nodes = Mapping[str, Mapping[str, Any]]
_LOWEST, _HIGHEST, _WIDEST = 220, 520, 1000  # pixels
_PORT: Final = "\n"  # between target and port in the id of a link: no name has one


def draw_canvas(
    nodes: Nodes,
    about: Nodes,
    *,
    key: str,
    layout: Mapping[str, Any] | None = None,
    selected: str | None = None,
    fixed: bool = False,
) -> Gesture | None:
    r"""Draw nodes and links, and return what the user has just done on them.

    Args:
        nodes: Node documents by name, each with `operator` and `from`.
        about: For each node `title`, `category`, `state`, `rows`, `seconds` and `problems`.
        key: Of this canvas among others.
        layout: Positions by node; where a node has none, one is chosen.
        selected: The node, or `target\\nport` of the link, that is marked.
        fixed: Nothing can be moved or connected.
    """
    theme = DARK if st.context.theme.type == "dark" else LIGHT
    positions = placed(feeds_of(nodes), dict(layout or {}))
    links = _links(nodes)
    held = notes(f"canvas.{key}")
    _stamp(held, [nodes, about, positions, selected, theme.name, fixed])
    shown = StreamlitFlowState(
        [
            _node(name, about[name], positions[name], theme, marked=name == selected, fixed=fixed, stamp=held["stamp"])
            for name in nodes
        ],
        [_edge(edge, nodes, target, port, theme, marked=edge == selected) for edge, (target, port) in links.items()],
        timestamp=held["stamp"],
    )
    answer = streamlit_flow(
        f"canvas.{key}",
        shown,
        height=height_of(positions),
        fit_view=is_wide(positions),
        show_controls=True,
        allow_new_edges=not fixed,
        get_node_on_click=True,
        get_edge_on_click=True,
        min_zoom=0.25,
        hide_watermark=True,
        layout=ManualLayout(),
        style={"background": theme.paper, "borderRadius": "8px"},
    )
    return _heard(answer, shown, held, positions, links)


def is_wide(positions: Mapping[str, tuple[float, float]]) -> bool:
    """Return whether the nodes are seen whole only when they are drawn smaller; others keep their size."""
    return max((at[0] for at in positions.values()), default=0.0) + WIDTH > _WIDEST


def height_of(positions: Mapping[str, tuple[float, float]]) -> int:
    """Return how high the canvas is: as its nodes need, within bounds."""
    lowest = max((at[1] for at in positions.values()), default=0.0)
    return int(min(max(lowest + STEP[1] + 40, _LOWEST), _HIGHEST))


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
        held.pop("content", None)  # made from an older picture, or the newest one was lost: it is sent again
        return Gesture("select", node=str(answer.selected_id)) if answer.selected_id in positions else None
    came = {node.id: (float(node.position["x"]), float(node.position["y"])) for node in answer.nodes}
    return told(positions, links, came, answer.selected_id)


def _node(
    name: str,
    about: Mapping[str, Any],
    at: tuple[float, float],
    theme: Theme,
    *,
    marked: bool,
    fixed: bool,
    stamp: int,
) -> StreamlitFlowNode:
    edge = theme.chosen if marked else theme.line
    return StreamlitFlowNode(
        name,
        at,
        {"content": face(name, about, theme), "stamp": stamp},
        source_position="right",
        target_position="left",
        draggable=not fixed,
        selectable=True,
        connectable=not fixed,
        deletable=False,
        style={
            "width": f"{WIDTH:.0f}px",
            "height": f"{HEIGHT:.0f}px",
            "padding": "7px 10px",
            "textAlign": "left",
            "fontSize": "12px",
            "lineHeight": "1.35",
            "background": theme.card,
            "color": theme.ink,
            "borderRadius": "6px",
            "borderStyle": "solid",
            "borderColor": f"{edge} {edge} {edge} {colour_of(str(about['category']))}",
            "borderWidth": "2px 2px 2px 5px" if marked else "1px 1px 1px 5px",
        },
    )


def _edge(identity: str, nodes: Nodes, target: str, port: str, theme: Theme, *, marked: bool) -> StreamlitFlowEdge:
    source, _, output = str(nodes[target]["from"][port]).partition(".")
    colour = theme.chosen if marked else theme.line
    return StreamlitFlowEdge(
        identity,
        source,
        target,
        marker_end={"type": "arrowclosed", "color": colour},
        label=output if len({str(one).partition(".")[2] for one in _from_node(nodes, source)}) > 1 else "",
        label_show_bg=True,
        label_style={"fill": theme.faint, "fontSize": "10px"},
        label_bg_style={"fill": theme.paper},
        style={"stroke": colour, "strokeWidth": 2.5 if marked else 1.5},
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
