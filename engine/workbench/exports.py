"""Files that runs wrote for people to take away."""

from pathlib import Path
from typing import Any

from engine.config import Workspace
from engine.errors import NotFoundError
from engine.runs.exports import exports_in


class ExportDesk:
    """Lists and hands out the files that `write_table` wrote.

    Args:
        workspace: Whose they are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def list(self) -> list[dict[str, Any]]:
        """Return the files, newest first: `{"name", "bytes", "written"}`, `written` in seconds since 1970."""
        return exports_in(self._workspace.exports)

    def path(self, name: str) -> Path:
        """Return where a file is, by its name with ending.

        Raises:
            NotFoundError: There is no such file.
        """
        names = [one["name"] for one in self.list()]
        if name not in names:
            raise NotFoundError.among("export", name, names)
        return self._workspace.exports / name

    def remove(self, name: str) -> None:
        """Delete a file.

        Raises:
            NotFoundError: There is no such file.
            ReadOnlyError: Nothing may be changed.
        """
        self._workspace.require_writable()
        self.path(name).unlink(missing_ok=True)
