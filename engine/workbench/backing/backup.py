"""Write a backup of a workspace while it is worked in."""

import errno
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.config import Workspace
from engine.errors import ConfigError, StoreError
from engine.workbench.backing import snapshot
from engine.workbench.backing.archive import FORMAT, Contents, write_archive


def back_up(workspace: Workspace, file: Path) -> dict[str, Any]:
    """Write everything that is kept into one file, mode 0600, and return what is in it.

    It is a consistent moment: what its records name is in it. The file appears when it is whole, and not before. It
    holds the secret of the workspace, without which its models could not be opened: who has it has everything.

    Returns `{"file", "bytes", "datasets", "models", "runs", "verified", "damaged"}`; `verified` is false where
    something was damaged in the workspace already, which `damaged` names.

    Raises:
        ConfigError: There is such a file already, or no such folder; or the records are not in the workspace.
        StoreError: The disk is full.
    """
    workspace.require_writable()
    if not workspace.records_url.startswith("sqlite:") or not (workspace.root / "records.db").is_file():
        raise ConfigError(
            "The records of this workspace are kept elsewhere, so no backup can hold them.",
            hint="Unset TANDEM_RECORDS_URL, or back that database up by its own means.",
        )
    target = file.expanduser().absolute()
    _require_free(target)
    staged = workspace.scratch / f"backup-{os.getpid()}-{secrets.token_hex(4)}"
    staged.mkdir(mode=0o700)
    try:
        with _fresh(target) as fresh:
            contents, found = _contents(staged, snapshot.take(workspace, staged))
            with fresh.open("wb") as out:
                write_archive(out, contents, found)
            _appear(fresh, target)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return {**told(contents), "file": str(target), "bytes": target.stat().st_size}


def told(contents: Contents) -> dict[str, Any]:
    """Return what is said of a backup."""
    counts = {"datasets": contents.datasets, "models": contents.models, "runs": contents.runs}
    return {**counts, "verified": not contents.damaged, "damaged": list(contents.damaged)}


def _contents(staged: Path, lost: list[str]) -> tuple[Contents, dict[str, Path]]:
    found = {path.relative_to(staged).as_posix(): path for path in snapshot.files_of(staged)}
    files = {name: (path.stat().st_size, _hash(path)) for name, path in found.items()}
    datasets, models, runs = snapshot.counted(staged)
    damaged = [*lost, *snapshot.damaged(staged, files)]
    return Contents(
        format=FORMAT,
        revision=snapshot.revision_of(staged / "records.db"),
        made=time.time(),
        files=files,
        datasets=datasets,
        models=models,
        runs=runs,
        damaged=tuple(damaged),
    ), found


def _require_free(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise ConfigError(f"There is {target} already.", hint="Name another file, or remove that one first.")
    if not target.parent.is_dir():
        raise ConfigError(f"There is no folder {target.parent}.", hint="Make it first.")


@contextmanager
def _fresh(target: Path) -> Iterator[Path]:
    """Give an empty file beside the target, mode 0600, that is gone when the block ends."""
    _sweep(target)
    fresh = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield fresh
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreError("The disk is full, so there is no backup.", hint="Free some space there.") from error
        raise StoreError(f"The backup cannot be written: {error.strerror}.", hint="Check the folder.") from error
    finally:
        fresh.unlink(missing_ok=True)


def _appear(fresh: Path, target: Path) -> None:
    """Give a whole file its name, unless somebody else has taken it meanwhile."""
    try:
        os.link(fresh, target)
    except FileExistsError:
        _require_free(target)
    except OSError:  # a disk without links
        fresh.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _sweep(target: Path) -> None:
    """Remove what killed processes left of a backup to the same file."""
    for path in target.parent.glob(".*.part"):
        pid = re.fullmatch(rf"\.{re.escape(target.name)}\.(\d+)-[0-9a-f]{{8}}\.part", path.name)
        if pid and not Path(f"/proc/{pid[1]}").exists():
            path.unlink(missing_ok=True)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
