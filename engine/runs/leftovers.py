"""What a worker that was killed leaves behind: its scratch folder, and folders of the children that it had."""

import shutil
import threading
from typing import Final

from engine.config import Workspace
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
    for folder in workspace.scratch.glob(f"{token[:8]}-*"):
        shutil.rmtree(folder, ignore_errors=True)
    if killed:
        folders.sweep()
        again = threading.Timer(AGAIN_S, folders.sweep)
        again.daemon = True
        again.start()
