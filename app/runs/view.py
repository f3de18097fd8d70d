"""One run on a screen, drawn again and again while it lives."""

from collections.abc import Callable, Mapping
from typing import Any

from app.errors import shown
from app.listings import draw_metrics
from app.live import watched
from app.runs.compare import draw_compare
from app.runs.head import LIVE, draw_head
from app.runs.logs import draw_logs
from app.runs.nodes import draw_nodes
from app.runs.output import draw_output
from app.runs.register import draw_register
from app.runs.result import draw_result
from app.runs.why import draw_why
from app.session import workbench

Run = Mapping[str, Any]


def draw_run(identity: str, view: str) -> None:
    """Draw the head and one view of a run; while it lives, every second."""
    with shown():
        live = workbench().runs.summary(identity)["status"] in LIVE
    watched(_draw, 1.0 if live else None, identity, view, live=live)


def _draw(identity: str, view: str, *, live: bool) -> bool:
    """Draw the run; return whether it has ended since the page was drawn."""
    with shown():
        run = workbench().runs.show(identity)
        draw_head(run, view)
        with shown(stop=False):
            VIEWS[view](run)
    return live and run["status"] not in LIVE


def _metrics(run: Run) -> None:
    draw_metrics(run["metrics"])


VIEWS: dict[str, Callable[[Run], None]] = {
    "nodes": draw_nodes, "result": draw_result, "metrics": _metrics, "output": draw_output, "why": draw_why,
    "logs": draw_logs, "beside": draw_compare, "register": draw_register,
}  # fmt: skip
