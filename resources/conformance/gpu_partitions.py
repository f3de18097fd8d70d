"""The check of MPS, with a daemon that the check starts and ends itself."""

import os
import subprocess
import tempfile
import time
from typing import Any

from resources.conformance.players import Player, together
from resources.conformance.trial import PARTS, Trial

MIB = 1 << 20
AT_MOST = 0.35
"""Speed of a client that has a quarter of the threads: a quarter, and what a matrix product gains by higher clocks."""
ENOUGH = 8 << 30
"""Bytes after which a client that was to have 4 GiB has been given too much."""


def partitions(trial: Trial) -> tuple[bool | None, str]:
    """Give a client of MPS a quarter of the multiprocessors and a limit of memory, with a daemon of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CUDA_MPS_PIPE_DIRECTORY": folder, "CUDA_MPS_LOG_DIRECTORY": folder}
        try:
            started = subprocess.run(
                ["nvidia-cuda-mps-control", "-d"],
                env=environment,
                capture_output=True,
                text=True,
                timeout=20,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            trial.figures["mps"] = {"unsupported": str(error)}
            return None, f"MPS is unsupported here: {error}"
        if started.returncode:
            trial.figures["mps"] = {"unsupported": started.stderr[:300]}
            return None, f"MPS is unsupported here: {started.stderr[:200]}"
        try:
            return _as_clients(environment, trial)
        finally:
            subprocess.run(
                ["nvidia-cuda-mps-control"],
                input="quit\n",
                env=environment,
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
            )


def _as_clients(environment: dict[str, str], trial: Trial) -> tuple[bool | None, str]:
    alone = _with_environment(environment, trial)
    quarter = _with_environment({**environment, "CUDA_MPS_ACTIVE_THREAD_PERCENTAGE": "25"}, trial)
    if not alone or not quarter:
        trial.figures["mps"] = {"unsupported": "clients did not start"}
        return None, "MPS is unsupported here: its clients did not start."
    part = (quarter["steps"] / quarter["seconds"]) / (alone["steps"] / alone["seconds"])
    limited = {**environment, "CUDA_MPS_PINNED_DEVICE_MEM_LIMIT": "0=4G"}
    before = dict(os.environ)
    os.environ.update(limited)
    try:
        with Player(PARTS, "escape", share=1.0, pause=0.0) as taker:
            taker.line()
            taker.go(time.monotonic(), 0)
            said = [one for one in iter(taker.line, {}) if "refused" in one or one["taken"] > ENOUGH]
    finally:
        os.environ.clear()
        os.environ.update(before)
    refused = bool(said) and "refused" in said[0]
    taken = said[0]["taken"] if said else 0
    trial.figures["mps"] = {"quarter": part, "refused": refused, "taken": taken}
    return refused and part <= AT_MOST, (
        f"With 25 % of the threads a client reached {part:.0%} of its speed; with a limit of 4 GiB it was given "
        f"{taken / MIB:.0f} MiB{' and then refused' if refused else ''}."
    )


def _with_environment(environment: dict[str, str], trial: Trial) -> dict[str, Any]:
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        with Player(PARTS, "train", repeats=10) as player:
            return together([player], trial.seconds)[0]
    finally:
        os.environ.clear()
        os.environ.update(before)
