"""Search: in which order a window of arrivals is placed best."""

from resources.scheduling.search.methods import METHODS
from resources.scheduling.search.window import Effort, WindowSearch

__all__ = ["METHODS", "Effort", "WindowSearch"]
