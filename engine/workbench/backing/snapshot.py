"""A workspace at one moment, held still while it goes on: databases copied, files pinned by links."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import create_engine

from engine.config import Workspace
from engine.errors import RecordsError
from engine.records import datasets

REGISTRY = "mlflow/mlflow.db"
TRIES = 5
_STORES = ("datasets", "outputs", "mlflow/artifacts", "exports")
"""Folders whose files never change: written aside, then renamed."""
_CHANGING = "captures"


def take(workspace: Workspace, folder: Path) -> list[str]:
    """Hold a workspace still in a folder on the same disk; return what its records name and is not there.

    Files are linked before the records are copied, and again after: whatever the records name was there before them,
    and what is deleted meanwhile stays as long as the link does. Where something was made and deleted in between, it is
    done again.
    """
    lost: list[str] = []
    for _ in range(TRIES):
        _pin(workspace.root, folder)
        _copy_database(workspace.root / "records.db", folder / "records.db")
        _forget_processes(folder / "records.db")
        if (workspace.root / REGISTRY).exists():
            _copy_database(workspace.root / REGISTRY, folder / REGISTRY)
        _pin(workspace.root, folder)
        lost = _lost(folder)
        if not lost:
            break
    (folder / "secret.key").write_bytes(workspace.key)
    return lost


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the files under a folder, sorted; links, and what is only half written, are none."""
    for here, folders, names in os.walk(folder):  # which passes over a folder that goes while it looks
        folders[:] = sorted(name for name in folders if not _is_half(name))
        for path in sorted(Path(here, name) for name in names if not _is_half(name)):
            if path.is_file() and not path.is_symlink():
                yield path


def _is_half(name: str) -> bool:
    return name == "partial" or name.startswith(".")


def counted(folder: Path) -> tuple[int, int, int]:
    """Return how many versions of datasets and of models, and how many runs there are."""
    with closing(sqlite3.connect(folder / "records.db")) as connection:
        runs = int(connection.execute("SELECT count(*) FROM runs").fetchone()[0])
    return len(_dataset_rows(folder)), len(_model_runs(folder)), runs


def revision_of(database: Path) -> str:
    """Return the revision of records."""
    with closing(sqlite3.connect(database)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _dataset_rows(folder: Path) -> list[datasets.DatasetRow]:
    engine = create_engine(f"sqlite:///{folder / 'records.db'}")
    try:
        with engine.connect() as connection:
            return datasets.every(connection)
    finally:
        engine.dispose()


def _model_runs(folder: Path) -> dict[str, str]:
    """Return, for each version of a model, the run of the registry that holds its files."""
    if not (folder / REGISTRY).exists():
        return {}
    with closing(sqlite3.connect(folder / REGISTRY)) as connection:
        query = "SELECT name, version, run_id FROM model_versions WHERE current_stage <> 'Deleted_Internal'"
        return {f"{name}@{version}": str(run) for name, version, run in connection.execute(query)}


def _lost(folder: Path) -> list[str]:
    lost = []
    for row in _dataset_rows(folder):
        table = folder / "datasets" / Path(str(row.manifest["folder"])).name / "table.parquet"
        if not table.is_file():
            lost.append(f"{row.name}@{row.version}")
    models = _model_runs(folder).items()
    return lost + [name for name, run in models if not (folder / "mlflow" / "artifacts" / run).is_dir()]


def _pin(root: Path, folder: Path) -> None:
    for store in _STORES:
        for path in files_of(root / store) if (root / store).is_dir() else ():
            _put(path, folder / path.relative_to(root), link=True)
    for path in files_of(root / _CHANGING) if (root / _CHANGING).is_dir() else ():
        _put(path, folder / path.relative_to(root), link=False)


def _put(path: Path, target: Path, *, link: bool) -> None:
    """Have a file in another place, too; one that was deleted meanwhile is not wanted any more."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileNotFoundError):
        if not link:
            shutil.copyfile(path, target)
            return
        try:
            os.link(path, target)
        except FileNotFoundError:
            raise
        except OSError:  # a disk without links
            shutil.copyfile(path, target)


def _copy_database(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path, timeout=60)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            whole = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise RecordsError(f"{path} cannot be copied: {error}.", hint="See what `tandem doctor` says.") from error
    if whole != "ok":
        raise RecordsError(f"{path} is damaged: {whole}.", hint="Put an earlier backup in the workspace's place.")


def _forget_processes(database: Path) -> None:
    """Let the copy know of no process: what it named would be another workspace's."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM leases")
        connection.execute("DELETE FROM processes")


def damaged(folder: Path, files: Mapping[str, tuple[int, str]]) -> list[str]:
    """Return the tables of datasets and the outputs whose bytes are not those that were kept.

    Args:
        folder: Where the workspace is held still.
        files: Size and SHA-256 of each of its files.
    """
    found = []
    for row in _dataset_rows(folder):
        name = f"datasets/{Path(str(row.manifest['folder'])).name}/table.parquet"
        if name in files and files[name][1] != row.content_hash:
            found.append(f"{row.name}@{row.version}")
    kept = {name: hashed for name, (_, hashed) in files.items() if name.startswith("outputs/")}
    return found + sorted(name for name, hashed in kept.items() if Path(name).stem not in ("", hashed))
