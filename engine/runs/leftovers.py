"""What a worker that was killed leaves behind: its scratch folder, files that it wrote, folders of its children."""

import shutil
import threading
from contextlib import suppress
from typing import Final

from engine.config import Workspace
from engine.runs.orders import mark_of
from operators.children import folders

AGAIN_S: Final = 2.0
"""Seconds after which it is looked once more: a process that is killed takes a moment to be gone."""


def remove_leftovers(workspace: Workspace, token: str, *, killed: bool) -> None:
    """Remove what an attempt that was answered has left.

    Args:
        workspace: In which it worked.
        token: Of the attempt.
        killed: Whether its worker may have been; those that end by themselves leave no children's folders.
    """
    _sweep(workspace, token)
    if killed:
        folders.sweep()
        again = threading.Timer(AGAIN_S, _again, (workspace, token))
        again.daemon = True
        again.start()


def _again(workspace: Workspace, token: str) -> None:
    _sweep(workspace, token)
    folders.sweep()


def _sweep(workspace: Workspace, token: str) -> None:
    mark = mark_of(token)
    for folder in workspace.scratch.glob(f"{mark}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for places, names in ((workspace.outputs / "partial", f"{mark}*"), (workspace.exports, f".{mark}*.partial")):
        for path in places.glob(names):
            with suppress(OSError):
                path.unlink(missing_ok=True)
