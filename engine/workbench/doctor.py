"""Whether a workspace and what it needs are in order."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.config import Workspace
from engine.errors import EngineError
from engine.records import environments
from engine.records.database import Records

_LITTLE = 2 * 2**30  # bytes: less free space than this is worth saying


def examined(workspace: Workspace, records: Records, engine: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{"ok", "engine": {"pid", "running"}, "checks": [{"name", "ok", "message"}]}`.

    An engine that does not run is in order: one starts when it is needed.
    """
    looks: dict[str, Callable[[], tuple[bool, str]]] = {
        "workspace": lambda: _writable(workspace.root),
        "disk": lambda: _room(workspace.root),
        "records": lambda: _records(records),
        "secret": lambda: _secret(workspace),
        "java": _java,
    }
    checks = []
    for name, look in looks.items():
        try:
            passed, message = look()
        except (EngineError, OSError, sqlite3.Error) as error:
            passed, message = False, str(error)
        checks.append({"name": name, "ok": passed, "message": message})
    checks.append({"name": "engine", "ok": True, "message": _engine(engine)})
    return {"ok": all(check["ok"] for check in checks), "engine": dict(engine), "checks": checks}


def _writable(root: Path) -> tuple[bool, str]:
    passed = os.access(root, os.W_OK | os.X_OK)
    return passed, f"{root} can be written." if passed else f"{root} cannot be written: change its owner or mode."


def _room(root: Path) -> tuple[bool, str]:
    free = shutil.disk_usage(root).free
    gigabytes = f"{free / 2**30:.1f} GiB free."
    return free >= _LITTLE, gigabytes if free >= _LITTLE else f"Only {gigabytes} Free some space."


def _records(records: Records) -> tuple[bool, str]:
    with records.read() as connection:
        found = [row.name for row in environments.every(connection)]
    return bool(found), f"They can be read; environments: {', '.join(found) or 'none'}."


def _secret(workspace: Workspace) -> tuple[bool, str]:
    if workspace.read_only and not (workspace.root / "secret.key").exists():
        return True, "There is none yet."
    shared = workspace.key and (workspace.root / "secret.key").stat().st_mode & 0o077
    return not shared, "Others can read secret.key: chmod 600 it." if shared else "Only its owner can read it."


def _java() -> tuple[bool, str]:
    found = shutil.which("java")
    return True, f"{found} is there." if found else "There is none, so the engine `spark` cannot be used."


def _engine(engine: Mapping[str, Any]) -> str:
    if not engine["running"]:
        return "None runs; one starts when it is needed."
    return f"Process {engine['pid']} {'takes work' if engine['ready'] else 'is starting'}."
