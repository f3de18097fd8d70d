"""The canvas: the graph of a pipeline, drawn by streamlit-flow, with what the user did on it."""

from app.canvas.drawing import draw_canvas, feeds_of
from app.canvas.faces import counted
from app.canvas.gestures import Gesture
from app.canvas.layout import layered, placed
from app.canvas.script import attend

__all__ = ["Gesture", "attend", "counted", "draw_canvas", "feeds_of", "layered", "placed"]
