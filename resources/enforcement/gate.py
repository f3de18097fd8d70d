"""A step gate: processes that share a GPU compute in turns whose lengths follow their weights.

A GPU slices time equally between processes, whatever their shares. Where each step of the work passes a gate, shares of
compute hold: a process computes during a lease of some milliseconds, and the next lease goes to who has had least for
its weight (start-time fair queueing, Goyal, Vin and Cheng 1996). The gate is cooperative: work that does not pass it is
not held back. Whoever computes nothing for a while leaves its part to the others, and gains no credit by that.

The gate of a device is a small file that the processes map into memory. Who dies leaves its place, whoever has its pid
after it; who keeps a lease but makes no step for a while loses it.
"""

import fcntl
import mmap
import os
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from resources.processes import ProcessId

PLACES = 64
_PLACE = struct.Struct("qqqdddd")
IDLE, WAITING, KEEPING, STEPPING = range(4)
POLL_S = 0.0001
_PID_BITS = 22  # Linux gives no larger pids


@dataclass
class _Client:
    """One place of the file.

    Attributes:
        who: The process in one number, see `_number`; 0 where nobody has the place.
        state: `KEEPING` has the lease and makes no step just now.
        had: Seconds of leases by weight.
        asked: When it last asked or made a step.
        since: When its lease began.
    """

    who: int
    priority: int
    state: int
    weight: float
    had: float
    asked: float
    since: float


class Gate:
    """The gate of one device, as one process passes it.

    Args:
        path: File of the device's gate; made if it is not there.
        weight: Of the leases that go to this process, against those of the others of its priority; above 0.
        priority: Who has a higher one goes first, at the end of the step that runs; only for what computes seldom.
        finish: Waits until the device has done what this process asked of it, `torch.cuda.synchronize` for example.
        lease_s: Seconds after which the turn may go to another; a longer step is not cut.
        patience_s: Seconds for which the turn of one that computes no more is kept.

    Raises:
        ValueError: The weight is not above 0.
        OSError: The file cannot be made, or all 64 places are taken.
    """

    def __init__(
        self,
        path: Path,
        weight: float,
        *,
        priority: int = 0,
        finish: Callable[[], None] = lambda: None,
        lease_s: float = 0.02,
        patience_s: float = 0.005,
    ) -> None:
        if not weight > 0:
            raise ValueError(f"a weight is above 0, and this is {weight}")
        self._who, self._weight, self._priority, self._finish = _number(os.getpid()), weight, priority, finish
        self._lease_s, self._patience_s = lease_s, patience_s
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with self._locked():
            os.ftruncate(self._file, PLACES * _PLACE.size)
            self._map = mmap.mmap(self._file, PLACES * _PLACE.size)
            self._place = self._sit_down()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def step(self) -> Iterator[None]:
        """Compute inside; waits for the turn first, and hands it on after a lease or when somebody goes first."""
        while not self._enter():
            time.sleep(POLL_S)
        try:
            yield
        finally:
            try:
                self._finish()
            finally:  # a device that fails must not keep the others waiting
                self._hand_on()

    def reweigh(self, weight: float) -> None:
        """Let the leases of this process go by another weight from now on.

        Raises:
            ValueError: The weight is not above 0.
        """
        if not weight > 0:
            raise ValueError(f"a weight is above 0, and this is {weight}")
        with self._locked():
            me = self._read(self._place)
            me.weight = weight
            self._write(self._place, me)

    def close(self) -> None:
        """Leave the gate; the others go on without this process."""
        if self._map.closed:
            return
        with self._locked():
            self._write(self._place, _Client(0, 0, IDLE, 1.0, 0.0, 0.0, 0.0))
        self._map.close()
        os.close(self._file)

    def _hand_on(self) -> None:
        if not self._map.closed:
            with self._locked():
                self._leave()

    def _enter(self) -> bool:
        """Begin a step if it is this process's turn; say that it waits otherwise."""
        with self._locked():
            now, me = time.monotonic(), self._read(self._place)
            if me.state != KEEPING:
                others = [(place, one) for place, one in self._clients() if place != self._place]
                if not self._turn(me, [one for _, one in others], now):
                    return False
                for place, one in others:
                    if one.state == KEEPING:
                        self._write(place, _ended(one))
                me.since = now
            me.state, me.asked = STEPPING, now
            self._write(self._place, me)
            return True

    def _turn(self, me: _Client, others: list[_Client], now: float) -> bool:
        """Return whether a lease of this process may begin now."""
        recent = [one for one in others if now - one.asked < self._patience_s]
        peers = [
            one.had
            for one in others
            if one.priority == me.priority and (one.state in (WAITING, STEPPING) or one in recent)
        ]
        if me.state == IDLE and now - me.asked > self._patience_s:  # it was away, and gains nothing by that
            me.had = max(me.had, min(peers, default=me.had))
        me.state, me.asked = WAITING, now
        self._write(self._place, me)
        if any(one.state == STEPPING or (one.state == KEEPING and one in recent) for one in others):
            return False
        preceded = any(one.priority > me.priority and one.state == WAITING for one in others)
        return not preceded and all(me.had <= had for had in peers)

    def _leave(self) -> None:
        """End a step: keep the lease, or hand it on where it is over or one of higher priority waits."""
        me, now = self._read(self._place), time.monotonic()
        me.asked = now
        pressed = any(one.state == WAITING and one.priority > me.priority for _, one in self._clients())
        over = me.priority > 0 or pressed or now - me.since >= self._lease_s
        me.state = KEEPING
        self._write(self._place, _ended(me) if over else me)

    def _sit_down(self) -> int:
        """Take a place that is free, or that a dead process has left."""
        taken = dict(self._clients())
        for place in range(PLACES):
            if place not in taken:
                had = min((one.had for one in taken.values()), default=0.0)
                self._write(place, _Client(self._who, self._priority, IDLE, self._weight, had, 0.0, 0.0))
                return place
        raise OSError(f"all {PLACES} places of the gate are taken")

    def _clients(self) -> Iterator[tuple[int, _Client]]:
        for place in range(PLACES):
            client = self._read(place)
            if client.who and (client.who == self._who or _lives(client.who)):
                yield place, client

    def _read(self, place: int) -> _Client:
        return _Client(*_PLACE.unpack_from(self._map, place * _PLACE.size))

    def _write(self, place: int, client: _Client) -> None:
        _PLACE.pack_into(self._map, place * _PLACE.size, *vars(client).values())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)


def _ended(client: _Client) -> _Client:
    """Return a client whose lease is over, with what it had of it."""
    return replace(client, state=IDLE, had=client.had + (client.asked - client.since) / client.weight)


def _number(pid: int) -> int:
    """Return the process that has `pid` now in one number: a pid is given again to strangers, with its birth it is not.

    0 where there is none.
    """
    process = ProcessId.of(pid)
    return process.born << _PID_BITS | process.pid if process is not None else 0


def _lives(who: int) -> bool:
    """Return whether a process lives; one that has ended and waits for its parent does not."""
    return _number(who & (1 << _PID_BITS) - 1) == who
