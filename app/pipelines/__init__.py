"""The designer: a pipeline that is kept by the workbench, on a canvas, as forms, as text and as Python."""

from app.pipelines.board import draw_board
from app.pipelines.listing import draw_choice
from app.pipelines.running import run_asked
from app.pipelines.samples import draw_missing_samples
from app.pipelines.sight import Sight, draw_conflict, look
from app.pipelines.toolbar import draw_toolbar
from app.pipelines.views import draw_views

__all__ = [
    "Sight",
    "draw_board",
    "draw_choice",
    "draw_conflict",
    "draw_missing_samples",
    "draw_toolbar",
    "draw_views",
    "look",
    "run_asked",
]
