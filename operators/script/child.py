"""Runs one user's script: the other side of `operators.script.sandbox`, in a process of its own.

Its text is handed to an isolated interpreter, so it imports nothing of this project. Reads `task.json`, `code.py` and
`in.arrow` in the working folder; leaves `out.arrow` and `answer.json` there.
"""

import json
import os
import resource
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

_SCRIPT = "<script>"


def main() -> None:
    """Do the task in the working folder."""
    _end_with_parent()
    task = json.loads(Path("task.json").read_text(encoding="utf-8"))
    for name, value in task["limits"].items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (bound, bound))
    answer = _answer(Path("code.py").read_text(encoding="utf-8"))
    sys.stdout.flush()
    Path("answer.json").write_text(json.dumps(answer), encoding="utf-8")


def _end_with_parent() -> None:
    """End when the pipe at stdin does, whose other end the parent alone holds.

    A signal at the parent's death would not do: one that died before it was asked for never sends it.
    """
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=_wait_for_the_end, args=(lifeline,), daemon=True).start()


def _wait_for_the_end(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)


def _answer(code: str) -> dict[str, Any]:
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


if __name__ == "__main__":
    main()
