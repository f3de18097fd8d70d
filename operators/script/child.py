"""Runs one user's script: the other side of `operators.script.sandbox`, in a process of its own.

Its text is handed to an isolated interpreter, so it imports nothing of this project but `operators.children.inside`,
which is handed over with it. Reads `task.json`, `code.py` and `in.arrow` in the working folder; leaves `out.arrow` and
`answer.json` there.
"""

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from operators.children.inside import adopt_orphans, limit, lines, write_only_in

_SCRIPT = "<script>"
_SHARED = Path("/dev/shm")  # noqa: S108 - a private one
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty")


def main() -> None:
    """Do the task in the working folder."""
    task = json.loads(Path("task.json").read_text(encoding="utf-8"))
    write_only_in(_folders(task), _DEVICES)
    adopt_orphans()
    lines(lambda: None)
    limit(task["limits"])
    answer = _answer(Path("code.py").read_text(encoding="utf-8"), os.open(".", os.O_RDONLY))
    sys.stdout.flush()
    Path("answer.json").write_text(json.dumps(answer), encoding="utf-8")


def _folders(task: dict[str, Any]) -> list[str]:
    """Return where the script may write: here, and in shared memory where that is its own and ends with it.

    The own folder has no path that can be followed where it lies in one that is closed to the script's user.
    """
    private = _SHARED.is_dir() and _SHARED.stat().st_dev != task["shared"]
    return [".", *([str(_SHARED)] if private else [])]


def _answer(code: str, folder: int) -> dict[str, Any]:
    """Return what came of the code; its result is written to the folder, wherever the code has gone meanwhile."""
    import polars as pl

    table = pl.read_ipc("in.arrow")
    scope: dict[str, Any] = {"__name__": "script", "pl": pl}
    try:
        exec(compile(code, _SCRIPT, "exec"), scope)  # noqa: S102 - this process exists to run it
        if not callable(scope.get("run")):
            return {"error": "The code does not define run(table)"}
        result = scope["run"](table)
    except BaseException as error:  # noqa: BLE001 - whatever the user's code raises, SystemExit too
        return _fault(error)
    finally:
        os.fchdir(folder)
    if isinstance(result, pl.LazyFrame):
        try:
            result = result.collect()
        except Exception as error:  # noqa: BLE001 - the user's query
            return _fault(error)
    if not isinstance(result, pl.DataFrame):
        return {"error": f"run(table) returned {type(result).__name__}, not a Polars DataFrame"}
    try:
        result.write_ipc("out.arrow")
    except Exception as error:  # noqa: BLE001 - columns that are no Arrow types, a full disk
        return {"error": f"The result cannot be handed back: {_text(error)}"}
    return {"error": None}


def _fault(error: BaseException) -> dict[str, Any]:
    if isinstance(error, SyntaxError) and error.filename == _SCRIPT:
        return {"error": f"SyntaxError: {error.msg}", "line": error.lineno}
    frames = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _SCRIPT]
    return {"error": f"{type(error).__name__}: {_text(error)}", "line": frames[-1] if frames else None}


def _text(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:500] if lines else "no message"
