"""The screen of operators: the catalogue, and one operator with its live form."""

from app.catalogue.catalogue import draw_catalogue
from app.catalogue.detail import draw_operator

__all__ = ["draw_catalogue", "draw_operator"]
