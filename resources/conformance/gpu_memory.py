"""Checks of GPU memory: within a fraction, past torch, and back after a kill."""

import os
import signal
import tempfile
import time
from pathlib import Path

from resources.conformance.players import Player, together
from resources.conformance.trial import PARTS, Trial
from resources.devices import Inventory
from resources.enforcement.gauges import gauges_here
from resources.enforcement.limits import Limits
from resources.enforcement.watchdog import Begun, Verdict, Watchdog

MIB = 1 << 20
LEFT = 16 * MIB
"""Bytes that may differ between two looks at a whole device."""
PATIENCE_S = 10.0


def processes_are_seen(trial: Trial) -> tuple[bool, str]:
    """See whether NVML tells the memory of a process by the pid that it has here."""
    with Player(PARTS, "overhead") as player:
        reserved = player.line()["reserved"]
        seen = gauges_here().gpu_memory()[0].get(player.pid, 0)
    trial.figures["context"] = {"seen": seen, "reserved": reserved}
    return seen > 0, f"NVML shows {seen / MIB:.0f} MiB for a process of which torch reserved {reserved / MIB:.0f} MiB."


def memory_within_fraction(trial: Trial) -> tuple[bool, str]:
    """Take 24 % and 26 % of the memory with a share of 25 %, twenty times, beside a neighbour that trains."""
    with Player(PARTS, "train", repeats=10) as neighbour, Player(PARTS, "fraction", share=0.25, tries=20) as greedy:
        answers = together([neighbour, greedy], 3 * trial.seconds)
        unharmed = neighbour.process.wait(10) == 0 and answers[0].get("steps", 0) > 0
    with Player(PARTS, "train", repeats=10) as alone:
        [quiet] = together([alone], trial.seconds)
    given, errors = answers[1]["given"], answers[1]["errors"]
    rate = (answers[0]["steps"] / answers[0]["seconds"]) / (quiet["steps"] / quiet["seconds"])
    trial.figures["fraction"] = {**answers[1], "neighbour_rate": rate}
    held = (
        given == {"below": 20, "above": 0} and set(errors) == {"OutOfMemoryError"} and unharmed and answers[1]["alive"]
    )
    return held, (
        f"24 % was given in {given['below']} of 20 tries and 26 % in {given['above']}; it failed with "
        f"{', '.join(errors) or 'nothing'}; the neighbour went on at {rate:.0%} of its speed alone."
    )


def memory_past_torch(trial: Trial) -> tuple[bool, str]:
    """Take memory by cudaMalloc, which torch's fraction does not see; the watchdog is to stop the taker only."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Player(PARTS, "train", repeats=10) as neighbour,
        Player(PARTS, "escape", share=0.1, pause=0.01) as taker,
    ):
        total = _total()
        stopped: list[Verdict] = []

        def stop(verdict: Verdict) -> None:
            os.kill(taker.pid, signal.SIGKILL)
            stopped.append(verdict)

        dog = Watchdog(stop, gauges_here())
        note = Path(folder, "pid")
        Begun(taker.pid).write(note)
        dog.follow("taker", note, Limits(gpus={0: int(total * 0.1)}, fraction=0.1))
        for player in (neighbour, taker):
            player.line()
        begin = time.monotonic() + 0.5
        neighbour.go(begin, begin + 2 * trial.seconds)
        taker.go(begin, begin)
        steps = list(iter(taker.line, {}))
        dog.close()
        unharmed = neighbour.line().get("steps", 0) > 0
    asked = max((one["taken"] for one in steps), default=0)
    over = stopped[0].took - stopped[0].share if stopped else 0
    trial.figures["escape"] = {"asked": asked, "bytes_beyond": over, "stopped": bool(stopped), "unharmed": unharmed}
    if not stopped:
        return False, f"cudaMalloc gave {asked / MIB:.0f} MiB and nobody stopped it."
    return unharmed, (
        f"cudaMalloc passed torch's fraction; the watchdog stopped the task {over / MIB:.0f} MiB beyond its share of "
        f"{stopped[0].share / MIB:.0f} MiB; the neighbour {'went on' if unharmed else 'ended'}."
    )


def memory_comes_back(trial: Trial) -> tuple[bool, str]:
    """Kill a process that holds memory; all of it is to be free again."""
    before = _used()
    with Player(PARTS, "escape", share=0.05, pause=0.01) as taker:
        taker.line()
        taker.go(time.monotonic(), 0)
        for _ in range(8):
            taker.line()
        during = _used()
        taker.process.kill()
        taker.process.wait()
    began = time.monotonic()
    while _used() > before + LEFT and time.monotonic() - began < PATIENCE_S:
        time.sleep(0.01)
    took, left = time.monotonic() - began, _used() - before
    trial.figures["killed"] = {"held": during - before, "left": left, "seconds": took}
    return left <= LEFT, (
        f"A killed process held {(during - before) / MIB:.0f} MiB; {max(0, left) / MIB:.0f} MiB were left after "
        f"{1000 * took:.0f} ms."
    )


def _total() -> int:
    return next(one.memory for one in Inventory.of_machine().devices if one.of_nvidia)


def _used() -> int:
    import pynvml

    pynvml.nvmlInit()
    return int(pynvml.nvmlDeviceGetMemoryInfo(pynvml.nvmlDeviceGetHandleByIndex(0)).used)
