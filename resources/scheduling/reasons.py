"""Why a task waits, in words and as a code that screens put into theirs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from resources.scheduling.book import Shape
from resources.scheduling.entries import Running, Waiting
from resources.scheduling.pool import Pool
from resources.shares import WHOLE, Amount

_MINUTE, _HOUR = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a task waits.

    Attributes:
        code: `gang`, `quota`, `order`, `down`, `room`, `kept`, `alone`, `share` or `expected`.
        values: Of the sentence.
        sentence: In English.
    """

    code: str
    values: Mapping[str, Any]
    sentence: str

    def document(self) -> dict[str, Any]:
        """Return the reason as JSON."""
        return {"code": f"wait_{self.code}", "values": dict(self.values), "sentence": self.sentence}


def reason_of(pool: Pool, entry: Waiting, now: float) -> Reason:
    """Return why a task waits in its pool."""
    return next(_reasons(pool, entry, now))


def _reasons(pool: Pool, entry: Waiting, now: float) -> Iterator[Reason]:
    task = entry.task
    if task.gang:
        there = len(pool.gang_of(entry))
        if there < task.gang_size:
            yield Reason("gang", {"there": there, "size": task.gang_size},
                         f"{there} of the {task.gang_size} tasks of its gang are there.")  # fmt: skip
    quota = pool.setup.quotas.get(task.project)
    if quota is not None:
        held = pool.held(task.project)
        request = Amount(task.request.cpu, task.request.gpu, task.request.memory)
        if not (held + request).fits(quota):
            yield Reason("quota", {"project": task.project, "held": str(held), "quota": str(quota)},
                         f"The project {task.project} holds {held} of its {quota}.")  # fmt: skip
    if not pool.policy.overtaking:
        first = next(iter(pool.queue(now)), entry)
        if first is not entry:
            yield Reason("order", {"task": first.task.name}, f"It is the turn of {first.task.name}.")
    pausing = [one.task.name for one in pool.running.values() if one.pausing]
    if task.name in pool.holds and pausing:
        yield Reason("room", {"tasks": ", ".join(pausing)}, f"{', '.join(pausing)} will make room for it.")
    yield from _about_devices(pool, entry, now)


def _about_devices(pool: Pool, entry: Waiting, now: float) -> Iterator[Reason]:
    task, shape = entry.task, pool.book.shape(entry.task)
    healthy = pool.book.share[pool.book.gpu >= 0]
    if task.count and int((healthy >= shape.gpu).sum()) < task.count:
        down = ", ".join(sorted(pool.down))
        yield Reason("down", {"devices": down}, f"The devices that it needs are down: {down}.")
    keeper = pool.kept or next((name for name in pool.holds if name != task.name), "")
    everywhere = pool.kept or len(set(pool.holds.values())) == len(pool.setup.machines)
    if keeper and everywhere and keeper != task.gang:
        yield Reason("kept", {"task": keeper}, f"What becomes free is kept for {keeper}.")
    alone = next((one.task.name for one in pool.running.values() if one.task.alone), "")
    if alone:
        yield Reason("alone", {"task": alone}, f"{alone} runs alone, as it asked to.")
    free, where = _most_free(pool, shape)
    seconds = expected_start(pool, shape, now)
    when = f"; next expected in {readable(seconds)}" if seconds is not None else ""
    values: dict[str, Any] = {"needs": _asked(task.request), "free": free, "where": where}
    if seconds is not None:
        values["minutes"] = max(1, round(seconds / _MINUTE))
    yield Reason(
        "share" if seconds is None else "expected",
        values,
        f"It needs {_asked(task.request)}; {free} free on {where}{when}.",
    )


def _most_free(pool: Pool, shape: Shape) -> tuple[str, str]:
    """Return the most that one place has free of what is short, and the place."""
    book, machines = pool.book, pool.setup.machines
    if shape.devices:
        at = int(np.argmax(book.gpu))
        machine, device = divmod(at, book.gpu.shape[1])
        if int(book.gpu[machine, device]) < shape.gpu or shape.devices > 1:
            gpu = machines[machine].gpus[device]
            return f"{max(0, int(book.gpu[machine, device])) / WHOLE:g} GPU", gpu.name
    at = int(np.argmax(book.cpu))
    free = Amount(max(0, int(book.cpu[at])), 0, max(0, int(book.memory[at])))
    return str(free), machines[at].name


def expected_start(pool: Pool, shape: Shape, now: float) -> float | None:
    """Return in how many seconds a task is expected to find its share; None where nobody knows.

    What runs is taken to end when it is expected to, and nothing else to start before.
    """
    known = [run for run in pool.running.values() if run.task.expected_s is not None]
    trial = pool.book.copy()
    for seconds, run in sorted(((_left(run, now), run) for run in known), key=lambda one: one[0]):
        trial.cpu[run.spot.machine] += run.cpu
        trial.memory[run.spot.machine] += run.task.request.memory
        for device, taken in zip(run.spot.devices, run.taken, strict=True):
            trial.gpu[run.spot.machine, device] += taken
        enough = (trial.gpu >= max(1, shape.gpu)).sum(axis=1) >= shape.devices
        if (enough & (trial.cpu >= shape.cpu) & (trial.memory >= shape.memory)).any():
            return max(0.0, seconds)
    return None


def _left(run: Running, now: float) -> float:
    return max(0.0, (run.task.expected_s or 0.0) - (now - run.began)) / run.speed


def _asked(request: Amount) -> str:
    if request.gpu:
        return f"{request.gpu / WHOLE:g} GPU"
    return str(Amount(request.cpu, 0, request.memory))


def readable(seconds: float) -> str:
    """Return a time in words, as people say it."""
    if seconds < _MINUTE:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / _MINUTE)} min" if seconds < _HOUR else f"{seconds / _HOUR:.1f} h"
