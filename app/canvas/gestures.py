"""What a user did on the canvas, told from two pictures of it: the one that was sent and the one that came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_DRAWN: Final = "st-flow-edge_{}-{}"  # how the component calls a link that was drawn on it
_MOVED: Final = 1.0  # pixels: a click moves less


@dataclass(frozen=True)
class Gesture:
    """One thing that a user did.

    Args:
        kind: `select` a node, `pick` a link, `move` nodes, or `connect` two of them.
        node: That was selected.
        link: `(target, port)` of the link that was picked.
        ends: Source and target of what was connected.
        positions: Of the nodes that were moved, in pixels.
    """

    kind: str
    node: str = ""
    link: tuple[str, str] = ("", "")
    ends: tuple[str, str] = ("", "")
    positions: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def told(
    sent: Mapping[str, tuple[float, float]],
    links: Mapping[str, tuple[str, str]],
    came: Mapping[str, tuple[float, float]],
    selected: Any,
) -> Gesture | None:
    """Return what was done; None where nothing was.

    Args:
        sent: Position of each node as it was sent.
        links: Target and port of each link by its id, as they were sent.
        came: Position of each node as it came back.
        selected: The id of what was clicked or drawn; None where nothing was.
    """
    moved = {node: at for node, at in came.items() if node in sent and _far(at, sent[node])}
    if moved:
        return Gesture("move", positions=moved)
    if selected in sent:
        return Gesture("select", node=str(selected))
    if selected in links:
        return Gesture("pick", link=links[str(selected)])
    drawn = {_DRAWN.format(source, target): (source, target) for source in sent for target in sent}
    return Gesture("connect", ends=drawn[str(selected)]) if selected in drawn else None


def _far(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1])) > _MOVED
