"""The driver: the one thread that reads requests and answers, writes the ledger, and gives orders."""

import logging
import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from engine.config import Workspace
from engine.errors import EngineError, RecordsError
from engine.records import Records, attempts, events, runs
from engine.runs.clock import Clock
from engine.runs.events import Refused, kind_of, to_payload
from engine.runs.executor import Answer, Executor, Lost, Succeeded
from engine.runs.journal import Journal
from engine.runs.leftovers import remove_leftovers
from engine.runs.live import LiveRun
from engine.runs.orders import WorkOrder
from engine.runs.queue_notes import Queue, QueueNotes
from engine.runs.recall import Recall
from engine.runs.why import earlier_parts
from engine.stores.outputs import OutputStore

POLL = 0.02
"""Seconds between two looks at the records while no answer comes."""
IDLE = 0.5
"""Seconds between two rounds while there is nothing to drive; whoever asks for a run wakes the driver at once."""
PAUSE = 1.0
"""Seconds to wait when the records cannot be written."""
AT_ONCE = 64
"""Runs that are driven at the same time; more wait their turn."""

_log = logging.getLogger(__name__)


class Driver:
    """Drives every run of a workspace; `turn` does one round, `run` goes on until told to stop.

    Each round decides in memory, writes everything in one transaction, and only then acts. When the records cannot
    be written, nothing is acted on and the same rows are tried again: no decision is lost and none is made twice.

    Args:
        workspace: Whose runs.
        records: The records of that workspace.
        executor: Where stages are done.
        clock: Shows and measures time.
    """

    def __init__(self, workspace: Workspace, records: Records, executor: Executor, clock: Clock | None = None) -> None:
        self._workspace = workspace
        self._records = records
        self._executor = executor
        self._clock = clock or Clock()
        self._recall = Recall(records, OutputStore(workspace.outputs, workspace.key))
        self._watch = records.watch()
        self._live: dict[str, LiveRun] = {}
        self._stages: dict[str, tuple[str, str]] = {}  # token -> (run, stage) of every order given here
        self._unread: deque[Answer] = deque()
        self._journal = Journal()
        self._look_due = True
        self._next = math.inf  # when the first of those that wait for a time may begin
        self._notes = QueueNotes(records, executor) if isinstance(executor, Queue) else None

    @property
    def busy(self) -> bool:
        """True while a run goes on here."""
        return bool(self._live)

    @property
    def _has_work(self) -> bool:
        return bool(self._live or self._unread or self._look_due or self._journal)

    def run(self, stop: threading.Event) -> None:
        """Drive until `stop` is set; whatever goes wrong in a round is logged, and the next round comes."""
        while not stop.is_set():
            try:
                self.turn(POLL if self._has_work else 0.0)
                if not self._has_work:
                    self._watch.wait(min(IDLE, max(0.0, self._next - self._clock.now())))
            except RecordsError as error:
                _log.warning("%s %s", error, error.hint)
                stop.wait(PAUSE)
            except Exception:  # noqa: BLE001 - the driver goes on whatever happens
                _log.exception("A round of the driver failed.")
                stop.wait(PAUSE)

    def turn(self, timeout: float) -> None:
        """Do one round: requests, answers, deadlines; then write, then act.

        Args:
            timeout: Seconds to wait for an answer at most.

        Raises:
            RecordsError: The records failed; call again, and the round goes on where it was.
        """
        self._flush()
        self._look_due = self._watch.changed() or self._look_due or self._clock.now() >= self._next
        if self._look_due:
            self._look()
            self._flush()
        self._unread.extend(self._executor.answers(timeout))
        if self._unread and self._watch.changed():
            self._look_due = True  # until it was done: what saw a cancellation may answer before that is passed on here
            self._look()
        while self._unread:
            self._answer(self._unread[0])
            self._unread.popleft()
        for live in list(self._live.values()):
            self._guarded(live, partial(live.overdue, waiting=self._executor.waiting))
        self._flush()
        if self._notes is not None:
            self._notes.note()

    def close(self) -> None:
        """Give back what the driver holds; the executor is its owner's to close."""
        self._watch.close()

    def _look(self) -> None:
        """Adopt runs that wait or were left running, and pass on what was asked of live ones."""
        with self._records.read() as connection:
            waiting = runs.live(connection)
        self._look_due = False
        now = self._clock.now()
        later = {run.id: run.not_before for run in waiting if run.status == runs.QUEUED and run.not_before > now}
        self._next = min(later.values(), default=math.inf)
        try:
            for run in waiting:
                live = self._live.get(run.id)
                if live is not None and run.cancel_requested:
                    self._guarded(live, live.cancel)
                elif live is None and len(self._live) < AT_ONCE and run.id not in later:
                    self._adopt(run.id)
        except RecordsError:
            self._look_due = True
            raise

    def _adopt(self, run: str) -> None:
        with self._records.read() as connection:
            row, happened = runs.get(connection, run), events.of(connection, run)
            earlier = earlier_parts(connection, row)
        try:
            live = LiveRun(row, happened, earlier, self._workspace, self._recall, self._clock)
        except Exception as error:  # noqa: BLE001 - a run that cannot be read is kept from the others
            hint = getattr(error, "hint", "") or "The engine's log says more."
            told = {"sentence": f"The run cannot be read: {error}", "hint": hint, "node": "", "field": ""}
            _log.warning("Run %s cannot be read.", run, exc_info=not isinstance(error, EngineError))
            values = {"status": runs.FAILED, "error": told, "ended": self._clock.now(), "seconds": 0.0}
            self._journal.changes.append((run, values))
            return
        self._live[run] = live
        self._guarded(live, live.begin)
        if row.cancel_requested:
            self._guarded(live, live.cancel)

    def _answer(self, answer: Answer) -> None:
        remove_leftovers(self._workspace, answer.token, killed=not isinstance(answer, Succeeded))
        run, stage = self._stages.get(answer.token, ("", ""))
        live = self._live.get(run)
        if live is not None:
            self._guarded(live, lambda journal: live.answer(stage, answer, journal))
        else:
            self._stray(answer)

    def _stray(self, answer: Answer) -> None:
        """Write down an answer to an attempt that this driver never ordered, or whose run is over."""
        with self._records.read() as connection:
            attempt = attempts.find(connection, answer.token)
        if attempt is None:
            return
        live = self._live.get(attempt.run)
        if live is not None:
            self._guarded(live, lambda journal: live.answer(attempt.node, answer, journal))
            return
        late = Refused(attempt.node, attempt.token, type(answer).__name__.lower())
        row = events.EventRow(attempt.run, 0, self._clock.now(), kind_of(late), attempt.node)
        with self._records.write() as connection:
            events.append_last(connection, replace(row, token=attempt.token, payload=to_payload(late)))

    def _guarded(self, live: LiveRun, step: Callable[[Journal], None]) -> None:
        """Take a step of one run; a fault in it concerns that run and no other."""
        journal = Journal()
        try:
            step(journal)
        except RecordsError as error:
            _log.warning("Run %s is read again: %s", live.row.id, error)
            journal = Journal(stops=list(live.state.running()))
            self._drop(live)
        except Exception as error:  # noqa: BLE001 - a fault in one run is kept from the others
            _log.exception("Run %s cannot go on.", live.row.id)
            journal = Journal()
            hint = getattr(error, "hint", "") or "The engine's log says more."
            live.fail(f"The run cannot go on: {type(error).__name__}: {error}", hint, journal)
            self._drop(live)
        self._journal.add(journal)
        for order in journal.orders:
            self._stages[order.token] = (order.run, order.stage)

    def _flush(self) -> None:
        """Write what was decided, then act on it."""
        if not self._journal:
            return
        with self._watch.write() as connection:  # what is written here is no reason to look at what is asked
            self._journal.write(connection)
        written, self._journal = self._journal, Journal()
        stopped = set(written.stops)
        for order in written.orders:
            if order.token in stopped:  # cancelled before it could begin
                stopped.discard(order.token)
                self._unread.append(Lost(order.token, "It was stopped."))
            else:
                self._start(order)
        for token in written.stops:
            if token in stopped:
                self._executor.stop(token)
        for live in [live for live in self._live.values() if live.state.status in runs.ENDED]:
            self._drop(live)

    def _start(self, order: WorkOrder) -> None:
        try:
            self._executor.start(order)
        except Exception as error:  # noqa: BLE001 - the attempt is answered as lost
            _log.exception("An order could not be given.")
            self._unread.append(Lost(order.token, f"It could not be started: {error}"))

    def _drop(self, live: LiveRun) -> None:
        """Drive a run no more; what is left of it in the records is looked at again."""
        self._live.pop(live.row.id, None)
        self._stages = {token: whose for token, whose in self._stages.items() if whose[0] != live.row.id}
        self._look_due = True
