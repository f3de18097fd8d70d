"""Work that stands in for stages: it does what its order says, notes who does it, and answers as a stage does."""

import os
import time
from pathlib import Path

from engine.errors import RunError
from operators.contract.errors import EmptyTableError

LEFT = []
"""What a warm worker keeps of earlier work."""


def work(document, spread=None):
    """Stand in for `run_stage`: do what the order's `pipeline` says and answer in its form."""
    asked = dict(document["pipeline"])
    note = Path(document["workspace"], document["token"])
    note.write_text(str(os.getpid()))
    if asked.get("fail"):
        failure = {"sentence": asked["fail"], "hint": "Look.", "field": "column", "node": document["stage"]}
        return {"failure": {**failure, "details": "", "retryable": True, "seconds": 0.1}}
    if "steps" in asked:
        return {"done": {"outputs": {document["stage"]: {"inside": _inside(*asked["steps"])}}, "seconds": 0.1}}
    if "see" in asked:
        return {"done": {"outputs": {document["stage"]: {"sees": os.environ["CUDA_VISIBLE_DEVICES"]}}, "seconds": 0.1}}
    if asked.get("raise"):
        raise RuntimeError(asked["raise"])
    if "leave" in asked:
        LEFT.append(b"x" * asked["leave"])
        return {"done": {"outputs": {document["stage"]: {"left": len(LEFT)}}, "seconds": 0.1}}
    if "eat" in asked:
        eaten = [bytearray(b"x" * 2**23) for _ in range(asked["eat"] // 2**23) if time.sleep(0.002) is None]
        return {"done": {"outputs": {document["stage"]: {"eaten": len(eaten)}}, "seconds": 0.1}}
    time.sleep(asked.get("sleep", 0))
    if "items" in asked:
        values = _spread(asked, spread)
        return {"done": {"outputs": {document["stage"]: {"values": values}}, "seconds": 0.1}}
    return {"done": {"outputs": {document["stage"]: {"table": {"pid": os.getpid()}}}, "seconds": 0.1}}


def _inside(begin, seconds):
    """Step from a moment on for so long, and return the seconds inside the steps."""
    from resources.enforcement.turns import step

    inside = 0.0
    time.sleep(max(0.0, begin - time.time()))
    while time.time() < begin + seconds:
        with step():
            entered = time.monotonic()
            time.sleep(0.005)
            inside += time.monotonic() - entered
    return inside


def _spread(asked, spread):
    def call(item):
        Path(asked["folder"], f"item-{item}").write_text(str(os.getpid()))
        if item == asked.get("empty"):
            raise EmptyTableError("No rows.", hint="Add some.", field="table")
        if item == asked.get("die"):
            os._exit(1)
        time.sleep(asked.get("pause", 0))
        return item * item

    try:
        return list(spread(call, asked["items"], asked.get("share", 1.0)))
    except (EmptyTableError, RunError) as error:
        return [type(error).__name__, str(error), error.hint]


def collect(executor, count, patience_s=60):
    """Return the first `count` answers."""
    found, deadline = [], time.monotonic() + patience_s
    while len(found) < count and time.monotonic() < deadline:
        found += executor.answers(0.5)
    return found


def worker_of(workspace, token, patience_s=60):
    """Return the pid that works on an attempt, as soon as one does."""
    note, deadline = Path(workspace, token), time.monotonic() + patience_s
    while time.monotonic() < deadline and not (note.exists() and note.read_text()):
        time.sleep(0.01)
    return int(note.read_text())


def running(pid):
    """Return whether a process lives; a zombie does not."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
