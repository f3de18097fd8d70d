"""Which files of this machine a pipeline may read: those of the user, and never what the workbench keeps.

Whoever can draw a pipeline can read with the rights of the engine: without a limit also its secrets, and those of
others. So a file is read only out of folders of data: the samples, the user's home, the folder of the pipeline file
that is run, and what `TANDEM_DATA_FOLDERS` names.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.errors import DataError, NotFoundError

SAMPLES = Path(__file__).resolve().parents[2] / "data_samples"


class ForeignFileError(DataError):
    """A file that pipelines may not read."""


class DataFolders:
    """The folders out of which pipelines may read.

    Below each, what begins with a dot is left out, and so are links that lead out of it. What `more` names may itself
    be anywhere but in the workspace.

    Args:
        workspace: What the workbench keeps; no pipeline reads there.
        more: Folders besides the samples and the user's home, separated as in `PATH`.
    """

    def __init__(self, workspace: Path, more: str = "") -> None:
        self._workspace = workspace.resolve()
        self._folders = [SAMPLES, *_home(), *(Path(one).expanduser() for one in more.split(os.pathsep) if one)]

    def find(self, ref: str, besides: Sequence[Path] = ()) -> Path:
        """Return the file at a path, with its links followed.

        Args:
            ref: The path; `~` is the user's home.
            besides: More folders, as that of the pipeline file.

        Raises:
            NotFoundError: There is no such file in these folders.
            ForeignFileError: It lies elsewhere.
        """
        try:
            path = Path(ref).expanduser().resolve()
        except (OSError, RuntimeError, ValueError):  # a circle of links, an unknown user, a zero byte
            raise NotFoundError(f"No file {ref!r}.", hint="Check the path; it is read on this machine.") from None
        if not self._may_read(path, besides):
            raise ForeignFileError(
                f"Pipelines may not read {ref!r}.",
                hint="Move it into your home (no folder with a dot), or name its folder in TANDEM_DATA_FOLDERS.",
            )
        if not path.is_file():
            raise NotFoundError(f"No file {ref!r}.", hint="Check the path; it is read on this machine.")
        return path

    def _may_read(self, path: Path, besides: Sequence[Path]) -> bool:
        if path.is_relative_to(self._workspace):
            return False
        inside = [path.relative_to(one) for one in self._roots(besides) if path.is_relative_to(one)]
        return any(not any(part.startswith(".") for part in way.parts) for way in inside)

    def _roots(self, besides: Sequence[Path]) -> Iterator[Path]:
        for folder in (*self._folders, *besides):
            yield folder.resolve()


def _home() -> list[Path]:
    try:
        return [Path.home()]
    except RuntimeError:  # a user without one
        return []
