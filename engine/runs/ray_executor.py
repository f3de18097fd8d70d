"""Stages on Ray: each attempt is one task in the group of its environment, started when the scheduler says so."""

import logging
import os
import signal
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from math import inf
from typing import Any

from engine.runs.dispatch import Dispatch
from engine.runs.executor import Answer, Failed, Lost, Succeeded, answer_of
from engine.runs.expectations import Expectations
from engine.runs.orders import WorkOrder
from engine.runs.queue_notes import Taken
from engine.runs.ray_worker import Work, perform
from resources.device import Device
from resources.enforcement import mps
from resources.enforcement.gauges import gauges_here
from resources.enforcement.limits import Limits
from resources.enforcement.turns import forget_held, share_file, turns_at, write_share
from resources.enforcement.watchdog import Verdict, Watchdog
from resources.environments import EnvironmentSpec
from resources.errors import ResourceError
from resources.ground import Ground
from resources.scheduling.decisions import Decision
from resources.scheduling.instructions import Instruction, Pause, Refuse, Resize, Start, Stop
from resources.scheduling.pool import Setup
from resources.scheduling.reasons import Reason
from resources.scheduling.setups import setups_of
from resources.shares import WHOLE

LOOK_EVERY_S = 0.2
TRY_EVERY_S = 5.0
CHANGES_EVERY_S = 1.0
DIED = "Ray died while it worked."
CHANGING = Reason("changing", {}, "Its environment changes as soon as what runs there has ended.")

_log = logging.getLogger(__name__)


class RayExecutor:
    """Keeps the promises of `Executor` on the Ray of a workspace, and brings that up again when it dies.

    The scheduler decides when an attempt starts and on which devices; one that makes room for another leaves its worker
    and starts again later, without an answer and without counting as a try.

    Ray never retries: an attempt whose worker dies is answered as `Lost`. When Ray itself dies, everything that
    ran is answered as `Lost`; what is started meanwhile waits for the new Ray. `answers` looks whether Ray lives
    also when nothing runs.

    Args:
        ground: Open already; while the executor lives, it alone opens it again.
        work: Called in the worker as `work(order, spread)`, and importable there; `run_stage` when None.
        environments: Returns what the environments are to be; asked once a second. A change takes effect when nothing
            runs in the environments that change; what is to start there waits until then.
        expectations: Knows how long stages take; nobody does when None.
        devices: Returns the devices that must not be used; asked once a second.
        revive: Brings Ray up again. Opening the ground again is right only where no other thread calls Ray; a
            process with such threads gives `resources.processes.replace_myself`, which does not come back.
    """

    def __init__(
        self,
        ground: Ground,
        work: Work | None = None,
        revive: Callable[[], None] | None = None,
        environments: Callable[[], Sequence[EnvironmentSpec]] | None = None,
        expectations: Expectations | None = None,
        devices: Callable[[], Collection[str]] | None = None,
    ) -> None:
        self._ground = ground
        self._wanted = environments
        self._expectations = expectations
        self._down = devices
        self._asked = -inf
        self._changing: set[str] = set()
        self._refused: tuple[EnvironmentSpec, ...] = ()
        self._bring_up = revive or ground.open
        self._function = work or _run_stage()
        self._running: dict[Any, str] = {}
        self._waiting: dict[str, WorkOrder] = {}
        self._ready: list[Answer] = []
        self._stopped: set[str] = set()
        self._pausing: set[str] = set()
        self._verdicts: dict[str, Verdict] = {}
        self._watchdog = Watchdog(self._put_down, gauges_here())
        self._looked = self._tried = -inf
        self._alive = True
        self._settle()

    @property
    def alive(self) -> bool:
        """Whether there is a Ray to work on; looked at five times a second."""
        if self._alive and time.monotonic() - self._looked > LOOK_EVERY_S:
            self._looked = time.monotonic()
            self._alive = self._ground.alive
        return self._alive

    def start(self, order: WorkOrder) -> None:
        """Hand the order to Ray; one that its environment can never fulfil is answered with `Failed` at once."""
        if not self.alive or order.environment in self._changing:
            self._waiting[order.token] = order
            return
        try:
            request = self._ground.placement.request(order.environment, order.resources)
        except ResourceError as error:
            told = {"sentence": str(error), "hint": error.hint, "field": error.field, "node": order.stage}
            self._ready.append(Failed(order.token, {**told, "details": ""}))
            return
        self._follow(self._dispatch.arrive(order, request))

    def stop(self, token: str) -> None:
        """Kill the worker that has the attempt, with everything it started; or take it out of the queue."""
        if self._waiting.pop(token, None) is not None:
            self._ready.append(Lost(token, "It was stopped."))
        elif token in self._running.values():
            self._stopped.add(token)
            self._kill(token)
        elif token in self._dispatch.orders:
            self._ready.append(Lost(token, "It was stopped."))
            self._follow(self._dispatch.withdraw(token))

    def waiting(self) -> Collection[str]:
        """Return the attempts that have no share yet, or none again since they made room."""
        return (set(self._waiting) | set(self._dispatch.orders)) - set(self._running.values())

    def why_waiting(self) -> dict[str, tuple[WorkOrder, Reason]]:
        """Return why each attempt waits that has no share yet, by token."""
        held = {token: (order, CHANGING) for token, order in self._waiting.items()}
        return {**held, **self._dispatch.waiting()}

    def taken(self) -> dict[str, Taken]:
        """Return what is taken of each environment now, by stages and by services."""
        placement, found = self._ground.placement, {}
        for name in placement.names:
            share, running, waiting = self._dispatch.held(name)
            lent = placement.environment(name).quota - placement.free(name)
            found[name] = Taken(share + lent, running, waiting)
        return found

    def new_decisions(self) -> list[tuple[WorkOrder, Decision, float]]:
        """Return what the scheduler has decided since the last call, each with the seconds that have gone by since."""
        return self._dispatch.decided()

    def _follow(self, instructions: Iterable[Instruction]) -> None:
        """Do what the scheduler says; a share that is another now is held at the next step that passes the gate."""
        for instruction in instructions:
            order = self._dispatch.orders[instruction.task]
            if isinstance(instruction, Start):
                self._launch(order, instruction)
            elif isinstance(instruction, Refuse):
                error = {**_failure(instruction.sentence, instruction.hint), "node": order.stage}
                self._ready.append(Failed(order.token, error))
                self._dispatch.ended(order.token)
            elif isinstance(instruction, Resize):
                path = share_file(self._ground.home, order.token)
                if path.exists():  # otherwise nobody waits for turns by it
                    write_share(path, instruction.share.gpu)
            elif isinstance(instruction, Pause):
                self._pausing.add(order.token)
                self._kill(order.token)
            elif isinstance(instruction, Stop):  # it may start elsewhere at once, so what it did here is not awaited
                self._kill(order.token)
                self._running = {at: token for at, token in self._running.items() if token != order.token}

    def _launch(self, order: WorkOrder, start: Start) -> None:
        options = self._ground.placement.options(order.environment, start.share)
        inventory = self._ground.inventory
        devices = inventory.named(start.devices)
        level = self._ground.placement.environment(order.environment).level
        least = self._dispatch.least(order.token)
        limits = replace(
            Limits.of(level, start.share, devices, least), cores=self._ground.placement.cores(order.environment)
        )
        partition = mps.variables(level, start.share, devices, least)
        note = self._watched(order.token, limits)
        turns = None if partition else self._turns(order.token, level, start, devices)
        # A worker that touches a real device has its driver's context and memory until it ends: it does one attempt, so
        # that what it had is free, and the next sees its own devices.
        perform = self._perform if all(one.logical for one in devices) else self._perform_once
        reference = perform.options(**options, name=order.stage).remote(
            self._work,
            order.model_dump(mode="json"),
            {**inventory.seen(devices), **partition},
            limits.document(),
            note,
            turns,
        )
        self._running[reference] = order.token

    def _turns(self, token: str, level: str, start: Start, devices: Sequence[Device]) -> dict[str, Any] | None:
        """Return where the steps of an attempt wait for their turns; None where it shares no device."""
        shares = len(devices) == 1 and (start.share.gpu < WHOLE or self._dispatch.least(token))
        if level == "advisory" or not shares or not self._ground.here:
            return None
        return turns_at(self._ground.home, token, devices[0].device, start.share.gpu).document()

    def _watched(self, token: str, limits: Limits) -> str:
        """Have the watchdog look at an attempt; return where its worker writes its pid, empty where nobody looks."""
        if not (limits.watched and self._ground.here):
            return ""
        note = self._ground.home / "held" / token
        note.parent.mkdir(exist_ok=True)
        note.unlink(missing_ok=True)
        self._watchdog.follow(token, note, limits)
        return str(note)

    def _put_down(self, verdict: Verdict) -> None:
        """Kill the worker of an attempt that takes more than its share; called by the watchdog."""
        self._verdicts[verdict.token] = verdict
        with suppress(OSError):
            os.kill(verdict.pid, signal.SIGKILL)

    def _kill(self, token: str) -> None:
        for reference, running in self._running.items():
            if running == token and self.alive:
                self._ray.cancel(reference, force=True, recursive=True)

    def answers(self, timeout: float) -> list[Answer]:
        """Return what has been answered since the last call; wakes up as soon as Ray has an answer.

        It takes some seconds when Ray has died: as long as a new one takes to start.
        """
        found, self._ready = self._ready, []
        patience = 0.0 if found else timeout
        done = self._done(patience) if self._running else []
        if not self.alive:
            found += [Lost(token, DIED) for token in self._running.values()]
            self._forget()
            if not self._revive():
                time.sleep(patience)
        elif not self._running:
            time.sleep(patience)
        found += [answer for reference in done for answer in self._answers_of(reference)]
        self._follow(self._dispatch.look())
        if time.monotonic() - self._asked > CHANGES_EVERY_S and self.alive:
            self._asked = time.monotonic()
            self._change()
            if self._down is not None:
                self._follow(self._dispatch.down(self._down()))
        return found

    def _change(self) -> None:
        """Take environments that have changed when nothing runs in them; until then nothing new starts there."""
        if self._wanted is None:
            return
        specs = tuple(self._wanted())
        self._changing = set() if specs == self._refused else self._differing(specs)
        busy = self._changing & {self._dispatch.orders[token].environment for token in self._running.values()}
        if self._changing and not busy:
            self._take(specs)
        if not self._changing:
            waiting, self._waiting = self._waiting, {}
            for order in waiting.values():
                self.start(order)

    def _differing(self, specs: Sequence[EnvironmentSpec]) -> set[str]:
        """Return the environments that are to be others, or to have other parts of the devices."""
        wanted, now = {spec.name: spec for spec in specs}, {spec.name: spec for spec in self._ground.environments}
        parts, had = setups_of(self._ground.inventory, specs), self._setups()
        return {
            name for name in {**now, **wanted}
            if now.get(name) != wanted.get(name) or parts.get(name) != had.get(name)
        }  # fmt: skip

    def _take(self, specs: Sequence[EnvironmentSpec]) -> None:
        """Let the environments be others, as far as that can be; one that cannot is told once, and left."""
        try:
            self._ground.change(specs)
        except ResourceError as error:
            _log.warning("%s %s", error, error.hint)
            self._refused = tuple(specs)
        else:
            setups = self._setups()
            for name in sorted(self._changing):
                self._follow(self._dispatch.change(name, setups.get(name)))
        self._changing = set()

    def close(self) -> None:
        """End whatever still runs, and leave Ray's processes as they are."""
        if self.alive:
            for reference in self._running:
                self._ray.cancel(reference, force=True, recursive=True)
        self._running.clear()
        self._dispatch = self._scheduled()
        self._waiting.clear()
        self._ready.clear()
        self._watchdog.close()

    def _settle(self) -> None:
        """Put on this Ray what every attempt needs."""
        import ray

        self._ray = ray
        self._work: Any = ray.put(self._function)
        self._perform = ray.remote(max_retries=0)(perform)
        self._perform_once = ray.remote(max_retries=0, max_calls=1)(perform)
        self._dispatch = self._scheduled()

    def _scheduled(self) -> Dispatch:
        return Dispatch(self._setups(), expectations=self._expectations)

    def _setups(self) -> dict[str, Setup]:
        return setups_of(self._ground.inventory, self._ground.environments)

    def _forget(self) -> None:
        """Let what ran be gone with its Ray; what waited for its share waits for the next."""
        lost = set(self._running.values())
        waiting = {token: order for token, order in self._dispatch.orders.items() if token not in lost}
        self._running.clear()
        self._pausing.clear()
        self._dispatch = self._scheduled()
        self._waiting = {**waiting, **self._waiting}

    def _revive(self) -> bool:
        """Start Ray again, and hand it what waits; where that fails, say so and try again in a while."""
        if time.monotonic() - self._tried < TRY_EVERY_S:
            return False
        self._tried = time.monotonic()
        self._work = None
        _log.warning("Ray is gone and is started again.")
        try:
            self._bring_up()
            self._settle()
        except ResourceError as error:
            _log.error("%s %s", error, error.hint)
            return False
        self._alive = True
        waiting, self._waiting = self._waiting, {}
        for order in waiting.values():
            self.start(order)
        return True

    def _done(self, patience: float) -> list[Any]:
        """Return the tasks that ended, waiting for the first of them; look now and then whether Ray lives."""
        everything, deadline = list(self._running), time.monotonic() + patience
        done: list[Any] = []
        while not done and self.alive:
            left = max(0.0, min(LOOK_EVERY_S, deadline - time.monotonic()))
            done, _ = self._ray.wait(everything, num_returns=1, timeout=left)
            if left == 0.0:
                break
        if done:  # one woke us up: take along what else is there
            done, _ = self._ray.wait(everything, num_returns=len(everything), timeout=0)
        return done

    def _answers_of(self, reference: Any) -> list[Answer]:
        """Return the answer of a task that is over; none of one that was told to pause and has done so."""
        token = self._running.get(reference)
        if token is None:
            return []
        answer = self._answer(reference)
        pausing = token in self._pausing
        self._pausing.discard(token)
        if pausing and isinstance(answer, Lost) and token not in self._stopped:
            self._follow(self._dispatch.paused(token))
            return []
        self._stopped.discard(token)
        if isinstance(answer, Succeeded):
            self._dispatch.learn(token, answer.seconds, answer.memory)
        self._follow(self._dispatch.ended(token))
        return [answer]

    def _answer(self, reference: Any) -> Answer:
        token = self._running.pop(reference)
        self._watchdog.forget(token)
        forget_held(self._ground.home, token)
        try:
            return answer_of(token, self._ray.get(reference))
        except self._ray.exceptions.RayError as error:
            return self._explained(token, error)

    def _explained(self, token: str, error: Exception) -> Answer:
        """Return what an error of Ray means for the attempt."""
        verdict = self._verdicts.pop(token, None)
        if verdict is not None:
            return Failed(token, _failure(verdict.sentence, "Use fewer rows, or ask for more in the node's resources."))
        if token in self._stopped or isinstance(error, self._ray.exceptions.TaskCancelledError):
            return Lost(token, "It was stopped.")
        if isinstance(error, self._ray.exceptions.OutOfMemoryError):
            hint = "Use fewer rows, or ask for more memory in the node's resources."
            return Failed(token, _failure("The machine ran out of memory.", hint), retryable=True)
        if isinstance(error, self._ray.exceptions.RayTaskError):
            first = str(error.cause).strip().splitlines() or [type(error.cause).__name__]
            return Failed(token, {**_failure(first[0], "See the log of the run."), "details": str(error)[-8000:]})
        return Lost(token, f"Its worker died ({type(error).__name__}).")


def _failure(sentence: str, hint: str) -> dict[str, str]:
    return {"sentence": sentence, "hint": hint, "field": "", "node": "", "details": ""}


def _run_stage() -> Work:
    from engine.runs.task import run_stage  # it imports every library of tables

    return run_stage
