"""The designer: a pipeline that is kept by the workbench, on a canvas, as forms, as text and as Python."""

from app.pipelines.board import draw_designer
from app.pipelines.listing import draw_choice
from app.pipelines.running import run_asked
from app.pipelines.samples import draw_missing_samples
from app.pipelines.sight import Sight, draw_conflict, look
from app.pipelines.toolbar import draw_toolbar

__all__ = [
    "Sight",
    "draw_choice",
    "draw_conflict",
    "draw_designer",
    "draw_missing_samples",
    "draw_toolbar",
    "look",
    "run_asked",
]
