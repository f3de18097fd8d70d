"""The engine: what happens; the Python API."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.errors import EngineError
    from engine.graph.pipeline import Pipeline
    from engine.workbench import RunHandle, Workbench

__all__ = ["EngineError", "Pipeline", "RunHandle", "Workbench"]

_HOMES = {
    "EngineError": "engine.errors",
    "Pipeline": "engine.graph.pipeline",
    "RunHandle": "engine.workbench.runs",
    "Workbench": "engine.workbench.bench",
}


def __getattr__(name: str) -> Any:
    """Import what is exported when it is first asked for, so that a part of the engine loads only itself."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
