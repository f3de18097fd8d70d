"""The stores that are kept small: each says what it holds and who needs it, and removes what it is told to."""

import json
import shutil
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import ClassVar, Final

from engine.records import deletions, drafts, jobs, runs
from engine.serving import forgetting
from engine.serving.compaction import CaptureFile, capture_files
from engine.workbench.cleaning.surplus import Kept
from engine.workbench.deleting import outputs
from engine.workbench.deleting.member import Place, size_of
from engine.workbench.draft_runs import runs_of_draft

FRESH_S: Final = 3600.0
"""Seconds for which a file stays whatever the limits: somebody may be about to use it."""
_SETTLED_S = 2.0  # seconds in which a run that has just found an output writes that down


class Store(ABC):
    """Files that are kept for a while.

    Args:
        place: Where things are kept.
    """

    kind: ClassVar[str]

    def __init__(self, place: Place) -> None:
        self.place = place

    @abstractmethod
    def kept(self) -> list[Kept]:
        """Return all that is there."""

    @abstractmethod
    def remove(self, names: Collection[str]) -> int:
        """Remove files and return how many bytes they took; what began to be needed meanwhile may stay."""


class Outputs(Store):
    """Outputs of runs.

    Those stay that an unfinished run has, the newest runs of a pipeline that people work on, a run that trained a
    registered model, and a run whose deletion can be taken back.
    """

    kind = "outputs"

    def kept(self) -> list[Kept]:
        """Return every file, used when the newest run that has it ended."""
        root = self.place.workspace.outputs
        trained = {one.run for one in self.place.models.list()}
        with self.place.records.read() as connection:
            by_run = outputs.by_run(connection)
            rows = runs.several(connection, by_run)
            needing = {one.id for one in runs.live(connection)} | trained
            needing |= {row.subject for row in deletions.unfinished(connection) if row.kind == "run"}
        for draft in self._drafts():
            needing |= {row.id for row in runs_of_draft(self.place.records, draft)}
        used: dict[str, float] = defaultdict(float)
        for run, files in by_run.items():
            for name in files:
                used[name] = max(used[name], rows[run].ended or rows[run].created if run in rows else 0.0)
        needed = set().union(*(by_run.get(run, set()) for run in needing))
        found = []
        for path in root.glob("??/*"):
            name, facts = f"{path.parent.name}/{path.name}", path.stat()
            fresh = name not in used and time.time() - facts.st_mtime < FRESH_S
            found.append(Kept(name, facts.st_size, used.get(name, facts.st_mtime), name in needed or fresh))
        return found

    def remove(self, names: Collection[str]) -> int:
        """Remove files with the receipts that name them; later runs compute them again."""
        freed = self._removed(names)
        if freed is None:
            time.sleep(_SETTLED_S)
            freed = self._removed(names)
        return freed or 0

    def _removed(self, names: Collection[str]) -> int | None:
        with self.place.records.write() as connection:
            by_run = outputs.by_run(connection)
            taken = set().union(*(by_run.get(one.id, set()) for one in runs.live(connection)))
            return outputs.remove(connection, self.place.workspace.outputs, set(names) - taken)

    def _drafts(self) -> list[str]:
        with self.place.records.read() as connection:
            return [row.name for row in drafts.listed(connection)]


class CapturedRows(Store):
    """What services were asked and answered."""

    kind = "captures"

    def kept(self) -> list[Kept]:
        """Return every file, used when its last row was asked."""
        found = []
        for folder in self._folders():
            for file in capture_files(folder):
                facts = file.path.stat()
                found.append(Kept(f"{folder.name}/{file.path.name}", facts.st_size, _asked(file, facts.st_mtime)))
        return found

    def remove(self, names: Collection[str]) -> int:
        """Remove files; nobody joins any meanwhile."""
        return sum(
            forgetting.drop(folder, {name.partition("/")[2] for name in names if name.startswith(f"{folder.name}/")})
            for folder in self._folders()
        )

    def _folders(self) -> list[Path]:
        return sorted(path for path in self.place.workspace.captures.glob("*") if path.is_dir())


class JobFiles(Store):
    """Files that came in for jobs, and what jobs found. Those stay that a job has yet to read."""

    kind = "jobs"

    def kept(self) -> list[Kept]:
        """Return every file that came in, and the folder of every job."""
        folder, now = self.place.workspace.jobs, time.time()
        with self.place.records.read() as connection:
            wanted = json.dumps(jobs.arguments_of_live(connection), ensure_ascii=False)
            going = {one.id for one in jobs.live(connection)}
        paths = [*folder.glob("uploads/*"), *(path for path in folder.glob("*") if path.name != "uploads")]
        found = []
        for path in paths:
            used = path.lstat().st_mtime
            needed = path.name in wanted or path.name in going or now - used < FRESH_S
            found.append(Kept(path.relative_to(folder).as_posix(), size_of(path), used, needed))
        return found

    def remove(self, names: Collection[str]) -> int:
        """Remove files and folders."""
        freed = 0
        for name in names:
            path = self.place.workspace.jobs / name
            freed += size_of(path)
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        return freed


def _asked(file: CaptureFile, written: float) -> float:
    """Return when the last row of a file was asked, by its name; of one that does not tell, when it was written."""
    return min(file.until.timestamp(), written)
