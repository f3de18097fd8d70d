"""Orders of a window, decoded and judged, compiled: each is placed task by task by fragmentation gradient descent."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from resources.scheduling.book import Counts, Numbers
from resources.scheduling.mix import Mix
from resources.scheduling.placers.fragments import CPU, DEVICES, GPU, MEMORY, NOWHERE, fragment, score


class Window(NamedTuple):
    """A window of arrivals and what was worked out for them before any of them is placed.

    Attributes:
        kind: Of each task, its row in the others, shape (tasks,).
        shapes: Shape (kinds, 5).
        ranked: The best machines of each kind, best first, shape (kinds, ranks): more than there are tasks, or all.
        scores: Of those, shape (kinds, ranks).
        devices: Of those, as bits.
        broken: Fragmentation of every machine, shape (machines,).
    """

    kind: Counts
    shapes: Counts
    ranked: Counts
    scores: Counts
    devices: Counts
    broken: npt.NDArray[np.float64]


class Scratch(NamedTuple):
    """Where an order is tried, and taken back.

    Attributes:
        numbers: A copy of the book's.
        slot: Of each machine, its number among those that the order has touched; -1 for the others.
        touched: The machines that it has touched.
        changes: Of those, how often each has changed.
        broken: Their fragmentation.
        seen: Shape (kinds, tasks): for which change `scores` and `devices` hold.
        scores: Of each kind on each touched machine.
        devices: Of those, as bits.
    """

    numbers: Numbers
    slot: Counts
    touched: Counts
    changes: Counts
    broken: npt.NDArray[np.float64]
    seen: Counts
    scores: Counts
    devices: Counts


@njit(cache=True)
def best_untouched(window: Window, scratch: Scratch, kind: int) -> tuple[int, int, int]:
    """Return the score, machine and devices of the best machine that the order has not touched."""
    for rank in range(window.ranked.shape[1]):
        at = window.ranked[kind, rank]
        if scratch.slot[at] < 0:
            return window.scores[kind, rank], at, window.devices[kind, rank]
    return NOWHERE, -1, 0


@njit(cache=True)
def best_spot(
    window: Window, scratch: Scratch, kind: int, count: int, mix: Mix, quantum: float
) -> tuple[int, int, int]:
    """Return the score, machine and devices of the best place for a kind, with `count` machines touched."""
    best, chosen, bits = best_untouched(window, scratch, kind)
    for slot in range(count):
        at = scratch.touched[slot]
        if scratch.seen[kind, slot] != scratch.changes[slot]:
            found = score(scratch.numbers, at, window.shapes[kind], mix, quantum, scratch.broken[slot])
            scratch.scores[kind, slot], scratch.devices[kind, slot] = found
            scratch.seen[kind, slot] = scratch.changes[slot]
        value = scratch.scores[kind, slot]
        if value > best or (value == best and at < chosen):
            best, chosen, bits = value, at, scratch.devices[kind, slot]
    return best, chosen, bits


@njit(cache=True)
def put(scratch: Scratch, at: int, shape: Counts, bits: int, sign: int) -> None:
    """Take a shape from a machine, or give it back where `sign` is 1."""
    scratch.numbers.cpu[at] += sign * shape[CPU]
    scratch.numbers.memory[at] += sign * shape[MEMORY]
    for device in range(scratch.numbers.gpu.shape[1]):
        if bits >> device & 1:
            scratch.numbers.gpu[at, device] += sign * shape[GPU]


@njit(cache=True)
def judge(
    order: Counts, window: Window, scratch: Scratch, mix: Mix, quantum: float, refused: float, machine: Counts,
    devices: Counts,
) -> float:  # fmt: skip
    """Return how bad an order is: the fragmentation that it adds and the GPUs that it refuses, in ten-thousandths.

    Args:
        order: Shape (tasks,).
        window: What is to be placed.
        scratch: Is left as it was found.
        mix: Usual tasks.
        quantum: Of the scores.
        refused: What a refused ten-thousandth counts.
        machine: Takes where each task goes, by its place in the window; -1 where it is refused.
        devices: Takes its devices as bits.
    """
    nothing = np.zeros(5, np.int64)
    count, bad = 0, 0.0
    for task in order:
        kind = window.kind[task]
        shape = window.shapes[kind]
        value, at, bits = best_spot(window, scratch, kind, count, mix, quantum)
        machine[task], devices[task] = (at, bits) if value > NOWHERE else (-1, 0)
        if value == NOWHERE:
            bad += refused * shape[GPU] * shape[DEVICES]
            continue
        if scratch.slot[at] < 0:
            scratch.slot[at], scratch.touched[count] = count, at
            scratch.changes[count], scratch.broken[count] = 0, window.broken[at]
            scratch.seen[:, count] = 0
            count += 1
        slot = scratch.slot[at]
        put(scratch, at, shape, bits, -1)
        scratch.changes[slot] += 1
        after = fragment(scratch.numbers, at, mix, nothing, 0)
        bad += after - scratch.broken[slot]
        scratch.broken[slot] = after
    for task in order:
        if machine[task] >= 0:
            put(scratch, machine[task], window.shapes[window.kind[task]], devices[task], 1)
            scratch.slot[machine[task]] = -1
    return bad


@njit(cache=True)
def judge_all(
    orders: Counts, window: Window, scratch: Scratch, mix: Mix, quantum: float, refused: float, machine: Counts,
    devices: Counts,
) -> npt.NDArray[np.float64]:  # fmt: skip
    """Return how bad each order is, shape (orders,); `machine` and `devices` have a row for each."""
    bad = np.empty(len(orders))
    for at in range(len(orders)):
        bad[at] = judge(orders[at], window, scratch, mix, quantum, refused, machine[at], devices[at])
    return bad
