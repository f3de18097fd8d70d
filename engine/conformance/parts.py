"""What stages do in checks: hold a share, burn CPU, take memory, answer small requests, step on a shared device."""

import os
import time
from collections.abc import Callable
from typing import Any

from resources.enforcement.turns import step

MIB = 1 << 20
SIDE = 512
STEP_S = 0.005


def act(document: dict[str, Any], _spread: Any = None) -> dict[str, Any]:
    """Play the part that the order's `pipeline` names, and answer as a stage does."""
    asked = dict(document["pipeline"])
    parts: dict[str, Callable[..., dict[str, Any]]] = {
        "hold": _hold, "burn": _burn, "eat": _eat, "answer": _answer, "step": _step,
        "storm": _storm,
    }  # fmt: skip
    part = parts[asked.pop("part")]
    began = time.time()
    told = {"pid": os.getpid(), "began": began, **part(**asked), "ended": time.time()}
    return {"done": {"outputs": {document["stage"]: told}, "seconds": told["ended"] - began}}


def _hold(seconds: float) -> dict[str, Any]:
    time.sleep(seconds)
    return {}


def _burn(seconds: float) -> dict[str, Any]:
    """Multiply matrices with as many threads as the library takes; tell the cores that were used."""
    import numpy as np

    matrix = np.random.default_rng(0).random((2 * SIDE, 2 * SIDE))
    began, used = time.monotonic(), time.process_time()
    while time.monotonic() - began < seconds:
        matrix @ matrix
    return {"cores": (time.process_time() - used) / (time.monotonic() - began)}


def _storm(seconds: float) -> dict[str, Any]:
    """Burn CPU in as many processes as there are cores, and one more; tell the cores that they used together."""
    import subprocess
    import sys

    code = f"import time\nend = time.monotonic() + {seconds}\nwhile time.monotonic() < end: pass"
    began, used = time.monotonic(), os.times()
    many = [subprocess.Popen([sys.executable, "-c", code]) for _ in range((os.cpu_count() or 1) + 1)]
    for one in many:
        one.wait()
    now, took = os.times(), time.monotonic() - began
    spent = now.children_user + now.children_system - used.children_user - used.children_system
    return {"cores": spent / took}


def _step(begin: float, seconds: float) -> dict[str, Any]:
    """Make steps of 5 ms from a time on, as work on a shared device does.

    Tells the part of the time inside them, and whether this began too late to be compared.
    """
    inside, end, late = 0.0, begin + seconds, time.time() > begin
    while (now := time.time()) < end:
        if now < begin:
            time.sleep(0.001)
            continue
        with step():
            entered = time.monotonic()
            time.sleep(STEP_S)  # the device computes
            inside += time.monotonic() - entered
    return {"inside": inside / seconds, "late": late}


def _eat(size: int) -> dict[str, Any]:
    """Take memory and write to it, 8 MiB at a time."""
    taken = []
    for _ in range(size // (8 * MIB)):
        taken.append(bytearray(os.urandom(4096)) * (8 * MIB // 4096))
        time.sleep(0.002)
    return {"taken": len(taken) * 8 * MIB}


def _answer(seconds: float) -> dict[str, Any]:
    """Answer small requests one after the other; tell how many a second, and the slowest hundredth in milliseconds."""
    import numpy as np

    matrix, end, took = np.random.default_rng(0).random((SIDE // 2, SIDE // 2)), time.monotonic() + seconds, []
    while time.monotonic() < end:
        began = time.perf_counter()
        matrix @ matrix
        took.append(time.perf_counter() - began)
        time.sleep(0.002)
    return {"rate": len(took) / seconds, "p99": 1000 * sorted(took)[int(len(took) * 0.99)]}
