"""The one object a page, a script or the command line holds, and the desks it delegates to."""

from engine.workbench.bench import Workbench
from engine.workbench.runs import RunHandle

__all__ = ["RunHandle", "Workbench"]
