"""MPS: what tells CUDA in a process to take a part of the multiprocessors and of the memory of its device.

An administrator runs the daemon; see "Common Tasks" in NVIDIA's documentation of MPS for the variables.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from resources.device import Device
from resources.shares import WHOLE, Amount

PIPES = "CUDA_MPS_PIPE_DIRECTORY"
THREADS, MEMORY = "CUDA_MPS_ACTIVE_THREAD_PERCENTAGE", "CUDA_MPS_PINNED_DEVICE_MEM_LIMIT"
_MIB = 1 << 20


def listens() -> bool:
    """Return whether a daemon listens on this machine."""
    return Path(os.environ.get(PIPES, "/tmp/nvidia-mps"), "control").exists()  # noqa: S108 - where MPS has it


def variables(level: str, share: Amount, devices: Sequence[Device], least: int = 0) -> dict[str, str]:
    """Return the variables of a task that has a part of one device at the level `partitioned`; none for others.

    Args:
        level: Of its environment.
        share: What it has.
        devices: Those it runs on.
        least: Down to which it may be squeezed, as for `Limits.of`; its memory is limited to that.
    """
    if level != "partitioned" or len(devices) != 1 or not devices[0].of_nvidia or not listens():
        return {}
    part = min(share.gpu, WHOLE)
    if part == WHOLE and not least:
        return {}
    memory = devices[0].memory * (least or part) // WHOLE // _MIB
    return {THREADS: f"{100 * part / WHOLE:g}", MEMORY: f"0={memory}M"}
