"""Whether a workspace and what it needs are in order."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.config import Workspace
from engine.errors import EngineError
from engine.records import environments
from engine.records.database import Records
from engine.workbench.deleting.member import size_of
from operators.registry import BUILTIN
from resources.devices import Inventory
from resources.enforcement.levels import held

_NAMED = 20  # what is damaged or left out
_LITTLE = 2 * 2**30  # bytes: less free space than this is worth saying
_MENDED = ((3, 11, 13), (3, 12, 11), (3, 13, 4))
"""The first release of each line of Python without the known faults in unpacking tar archives (CVE-2025-4517 and four
more); later lines never had them. The Makefile says the same at install."""


_SENTENCES = {
    "writable": "{root} can be written.",
    "not_writable": "{root} cannot be written: change its owner or mode.",
    "room": "{free} GiB free.",
    "little_room": "Only {free} GiB free. Free some space.",
    "records": "They can be read; environments: {names}.",
    "no_secret": "There is none yet.",
    "secret": "Only its owner can read it.",
    "secret_shared": "Others can read secret.key: chmod 600 it.",
    "closed": "Only its owner can read what is kept.",
    "exposed": "Others can read {names}: chmod go-rwx them.",
    "data_whole": "What is kept is as it was: datasets (versions: {versions}) and the outputs of runs.",
    "data_damaged": "Damaged are {names}. Import the files of datasets anew; outputs are made anew by the next run.",
    "kept": "Datasets take {datasets}, outputs of runs {outputs}, models {mlflow}, captures {captures}, jobs {jobs}.",
    "operators": "All {count} can be used.",
    "operators_broken": "Left out are {names}. Install what is missing, then start Tandem again; the others work.",
    "java": "{path} is there.",
    "no_java": "There is none, so the engine `spark` cannot be used.",
    "python": "Python {version}.",
    "old_python": "Python {version} has known faults in unpacking tar archives, which Tandem does without; "
    "{mended} mends them.",
    "shares": "They are held at the levels {levels}; `tandem conformance` tries them.",
    "no_engine": "None runs; one starts when it is needed.",
    "engine_ready": "Process {pid} takes work.",
    "engine_starting": "Process {pid} is starting.",
}

Look = tuple[bool, str, Mapping[str, Any]]
"""Whether it is in order, the code of the sentence, and its values."""


def examined(
    workspace: Workspace,
    records: Records,
    engine: Mapping[str, Any],
    inventory: Inventory,
    kept: Callable[[], tuple[int, Sequence[str]]] | None = None,
) -> dict[str, Any]:
    """Return `{"ok", "engine": {"pid", "running"}, "checks": [{"name", "ok", "message", "told"}]}`.

    `told` is the message as `{"code", "values"}`, None where something unforeseen went wrong. An engine that does not
    run is in order: one starts when it is needed.

    Args:
        workspace: What is examined.
        records: Its records.
        engine: Its engine's state.
        inventory: The machine.
        kept: Reads all that is kept, and returns how many versions of datasets there are and what is damaged; not
            looked at when None.
    """
    looks: dict[str, Callable[[], Look]] = {
        "workspace": lambda: _writable(workspace.root),
        "disk": lambda: _room(workspace.root),
        "records": lambda: _records(records),
        "secret": lambda: _secret(workspace),
        "modes": lambda: _modes(workspace),
        **({} if kept is None else {"data": lambda: _data(*kept())}),
        "kept": lambda: _kept(workspace),
        "operators": _operators,
        "java": _java,
        "python": lambda: _python(sys.version_info[:3]),
        "shares": lambda: (True, "shares", {"levels": ", ".join(held(inventory))}),
        "engine": lambda: _engine(engine),
    }
    checks = [_looked(name, look) for name, look in looks.items()]
    return {"ok": all(check["ok"] for check in checks), "engine": dict(engine), "checks": checks}


def _looked(name: str, look: Callable[[], Look]) -> dict[str, Any]:
    try:
        passed, code, values = look()
    except (EngineError, OSError, sqlite3.Error) as error:
        return {"name": name, "ok": False, "message": str(error), "told": None}
    told = {"code": f"doctor_{code}", "values": dict(values)}
    return {"name": name, "ok": passed, "message": _SENTENCES[code].format(**values), "told": told}


def _writable(root: Path) -> Look:
    passed = os.access(root, os.W_OK | os.X_OK)
    return passed, "writable" if passed else "not_writable", {"root": str(root)}


def _room(root: Path) -> Look:
    free = shutil.disk_usage(root).free
    return free >= _LITTLE, "room" if free >= _LITTLE else "little_room", {"free": f"{free / 2**30:.1f}"}


def _records(records: Records) -> Look:
    with records.read() as connection:
        found = [row.name for row in environments.every(connection)]
    return bool(found), "records", {"names": ", ".join(found) or "none"}


def _secret(workspace: Workspace) -> Look:
    if workspace.read_only and not (workspace.root / "secret.key").exists():
        return True, "no_secret", {}
    shared = bool(workspace.key and (workspace.root / "secret.key").stat().st_mode & 0o077)
    return not shared, "secret_shared" if shared else "secret", {}


def _modes(workspace: Workspace) -> Look:
    names = ", ".join(path.name for path in workspace.exposed() if path.name != "secret.key")
    return not names, "exposed" if names else "closed", {"names": names}


def _data(versions: int, damaged: Sequence[str]) -> Look:
    names = ", ".join(damaged[:_NAMED]) + (" …" if len(damaged) > _NAMED else "")
    return not damaged, "data_damaged" if damaged else "data_whole", {"names": names, "versions": versions}


def _kept(workspace: Workspace) -> Look:
    """Say how large things are: `tandem clean --dry-run` tells what of that need not be kept."""
    folders = ("datasets", "outputs", "mlflow", "captures", "jobs")
    return True, "kept", {name: f"{size_of(workspace.root / name) / 2**20:,.1f} MiB" for name in folders}


def _operators() -> Look:
    """Name the operators that cannot be imported, each with what Python said."""
    out = [f"{name} ({module.reason})" for name, module in BUILTIN.broken.items()]
    names = ", ".join(out[:_NAMED]) + (" …" if len(out) > _NAMED else "")
    return not out, "operators_broken" if out else "operators", {"names": names, "count": len(BUILTIN.operators)}


def _java() -> Look:
    found = shutil.which("java")
    return True, "java" if found else "no_java", {"path": found}


def _python(version: tuple[int, int, int]) -> Look:
    """Name an older Python, which is no fault: nothing here unpacks archives into folders."""
    mended = next((first for first in _MENDED if first[:2] == version[:2] and version < first), None)
    names = {"version": ".".join(map(str, version)), "mended": ".".join(map(str, mended or ()))}
    return True, "old_python" if mended else "python", names


def _engine(engine: Mapping[str, Any]) -> Look:
    if not engine["running"]:
        return True, "no_engine", {}
    return True, "engine_ready" if engine["ready"] else "engine_starting", {"pid": engine["pid"]}
