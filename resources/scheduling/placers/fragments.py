"""Fragmentation of machines, compiled: how much free GPU the usual tasks could not use.

Weng et al., "Beware of Fragmentation: Scheduling GPU-Sharing Workloads with Fragmentation Gradient Descent", USENIX ATC
2023, section 3. All amounts are those of `Book`.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from resources.scheduling.book import Counts, Numbers
from resources.scheduling.mix import Mix

WHOLE = 10_000
NOWHERE = -(10**9)
"""Score of a machine on which the task does not fit."""
CPU, MEMORY, GPU, DEVICES, MODELS = range(5)
"""Columns of shapes."""


class Rated(NamedTuple):
    """Of one shape on each machine: the score, the devices as bits, and the version of the book for which they hold."""

    scores: Counts
    devices: Counts
    version: Counts


@njit(cache=True)
def fragment(numbers: Numbers, at: int, mix: Mix, shape: Counts, devices: int) -> float:
    """Return the free GPU of a machine, in ten-thousandths, that a task of the mix cannot be expected to use.

    Args:
        numbers: The book's.
        at: The machine.
        mix: Usual tasks.
        shape: A task to be thought there: cpu, memory, gpu, devices, models; all 0 for none.
        devices: The devices it has, as bits.
    """
    cpu, memory, free = numbers.cpu[at] - shape[CPU], numbers.memory[at] - shape[MEMORY], numbers.gpu[at]
    total = 0.0
    for task in range(len(mix.weights)):
        share = mix.shapes[task, GPU]
        enough, everything, small = 0, 0, 0
        for device in range(len(free)):
            have = free[device]
            if have < 0:
                continue
            if devices >> device & 1:
                have -= shape[GPU]
            everything += have
            if have >= share:
                enough += 1
            else:
                small += have
        wanted = mix.shapes[task, DEVICES]
        fits = mix.shapes[task, CPU] <= cpu and mix.shapes[task, MEMORY] <= memory and enough >= wanted
        if wanted > 0 and fits and numbers.model[at] & mix.shapes[task, MODELS] != 0:
            total += mix.weights[task] * small
        else:
            total += mix.weights[task] * everything
    return total


@njit(cache=True)
def quantised(gained: float, quantum: float) -> int:
    """Return a gain in ten-thousandths of a GPU as a score.

    Args:
        gained: Fragmentation that goes away.
        quantum: Gains closer than this many GPUs may count as equal; at 0 the published score, from 0 to 100.
    """
    if quantum > 0:
        return math.floor(gained / WHOLE / quantum + 1e-9)
    return int(100.0 / (1.0 + math.exp(-gained / WHOLE)))


@njit(cache=True)
def first_devices(free: Counts, share: int, wanted: int) -> int:
    """Return the first devices with a free share as bits; 0 where there are fewer than wanted."""
    found, bits = 0, 0
    for device in range(len(free)):
        if found < wanted and free[device] >= share:
            found += 1
            bits |= 1 << device
    return bits if found == wanted else 0


@njit(cache=True)
def is_first(free: Counts, device: int) -> bool:
    """Return whether no earlier device has exactly as much free."""
    for earlier in range(device):  # noqa: SIM110 - the compiler knows no generators
        if free[earlier] == free[device]:
            return False
    return True


@njit(cache=True)
def best_device(numbers: Numbers, at: int, shape: Counts, mix: Mix, quantum: float, before: float) -> tuple[int, int]:
    """Return the score of the device that suits a task of one device best, and that device as a bit; see `score`."""
    free = numbers.gpu[at]
    best, chosen = NOWHERE, 0
    for device in range(len(free)):
        if free[device] >= shape[GPU] and is_first(free, device):
            value = quantised(before - fragment(numbers, at, mix, shape, 1 << device), quantum)
            if value > best:
                best, chosen = value, 1 << device
    return best, chosen


@njit(cache=True)
def score(numbers: Numbers, at: int, shape: Counts, mix: Mix, quantum: float, before: float) -> tuple[int, int]:
    """Return how good a machine is for a task, and its devices as bits; `NOWHERE` where it does not fit.

    Args:
        numbers: The book's.
        at: The machine.
        shape: The task: cpu, memory, gpu, devices, models.
        mix: Usual tasks.
        quantum: See `quantised`.
        before: Fragmentation of the machine as it is.
    """
    if shape[CPU] > numbers.cpu[at] or shape[MEMORY] > numbers.memory[at]:
        return NOWHERE, 0
    if shape[DEVICES] == 0:
        return quantised(before - fragment(numbers, at, mix, shape, 0), quantum), 0
    if numbers.model[at] & shape[MODELS] == 0:
        return NOWHERE, 0
    free = numbers.gpu[at]
    if shape[DEVICES] > 1:
        bits = first_devices(free, shape[GPU], shape[DEVICES])
        if bits == 0:
            return NOWHERE, 0
        return quantised(before - fragment(numbers, at, mix, shape, bits), quantum), bits
    return best_device(numbers, at, shape, mix, quantum, before)


@njit(cache=True)
def measure(numbers: Numbers, mix: Mix, broken: npt.NDArray[np.float64], measured: Counts) -> None:
    """Bring `broken`, the fragmentation of every machine, up to date where the book has another version."""
    nothing = np.zeros(5, np.int64)
    for at in range(len(measured)):
        if measured[at] != numbers.version[at]:
            broken[at] = fragment(numbers, at, mix, nothing, 0)
            measured[at] = numbers.version[at]


@njit(cache=True)
def rate(
    numbers: Numbers, shape: Counts, mix: Mix, quantum: float, broken: npt.NDArray[np.float64], rated: Rated
) -> None:
    """Bring what is known of one shape up to date where the book has another version."""
    for at in range(len(broken)):
        if rated.version[at] != numbers.version[at]:
            rated.scores[at], rated.devices[at] = score(numbers, at, shape, mix, quantum, broken[at])
            rated.version[at] = numbers.version[at]
