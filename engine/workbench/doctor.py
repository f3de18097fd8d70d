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
from resources.devices import Inventory
from resources.enforcement.levels import held

_LITTLE = 2 * 2**30  # bytes: less free space than this is worth saying


_SENTENCES = {
    "writable": "{root} can be written.",
    "not_writable": "{root} cannot be written: change its owner or mode.",
    "room": "{free} GiB free.",
    "little_room": "Only {free} GiB free. Free some space.",
    "records": "They can be read; environments: {names}.",
    "no_secret": "There is none yet.",
    "secret": "Only its owner can read it.",
    "secret_shared": "Others can read secret.key: chmod 600 it.",
    "java": "{path} is there.",
    "no_java": "There is none, so the engine `spark` cannot be used.",
    "shares": "They are held at the levels {levels}; `tandem conformance` tries them.",
    "no_engine": "None runs; one starts when it is needed.",
    "engine_ready": "Process {pid} takes work.",
    "engine_starting": "Process {pid} is starting.",
}

Look = tuple[bool, str, Mapping[str, Any]]
"""Whether it is in order, the code of the sentence, and its values."""


def examined(workspace: Workspace, records: Records, engine: Mapping[str, Any], inventory: Inventory) -> dict[str, Any]:
    """Return `{"ok", "engine": {"pid", "running"}, "checks": [{"name", "ok", "message", "told"}]}`.

    `told` is the message as `{"code", "values"}`, None where something unforeseen went wrong. An engine that does not
    run is in order: one starts when it is needed.
    """
    looks: dict[str, Callable[[], Look]] = {
        "workspace": lambda: _writable(workspace.root),
        "disk": lambda: _room(workspace.root),
        "records": lambda: _records(records),
        "secret": lambda: _secret(workspace),
        "java": _java,
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


def _java() -> Look:
    found = shutil.which("java")
    return True, "java" if found else "no_java", {"path": found}


def _engine(engine: Mapping[str, Any]) -> Look:
    if not engine["running"]:
        return True, "no_engine", {}
    return True, "engine_ready" if engine["ready"] else "engine_starting", {"pid": engine["pid"]}
