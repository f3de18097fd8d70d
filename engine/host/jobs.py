"""The loop that does jobs, on threads of the engine process; it begins before Ray is there."""

import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.config import Settings, Workspace
from engine.errors import EngineError, RecordsError
from engine.records import Records, jobs
from engine.records.jobs import JobRow
from engine.workbench.bench import Workbench
from engine.workbench.progress import Progress
from engine.workbench.tasks import LANES, Lane, task_of, undo
from operators.contract.errors import OperatorError
from resources.errors import ResourceError

POLL = 0.05
"""Seconds between two looks at the records at least, and while jobs go on."""
IDLE = 0.5
"""Seconds between two looks while none does; whoever asks for a job wakes the loop at once."""
STOP_AGAIN = 0.5
"""Seconds after which a job that was asked to stop is asked again."""
STOP_WITHIN = 30.0
"""Seconds after which a job that was asked to stop and goes on is given up."""
AT_ONCE: Mapping[Lane, int] = {"work": 2, "look": 4, "query": 4, "wait": 16}
"""Jobs that go on at the same time; more wait their turn. What works hard leaves room for runs."""
END_WITHIN = 5.0
"""Seconds that jobs have to stop when the engine is asked to end."""
SWEEP_EVERY = 3600.0
ROWS_KEPT = 30 * 86_400.0
"""Seconds after which a job that is over is forgotten."""
STUBBORN: Mapping[str, str] = {
    "sentence": f"It did not stop within {STOP_WITHIN:g} s of being cancelled, and is watched no more.",
    "hint": "What it still finishes may yet appear.",
}
KNOWN = (EngineError, OperatorError, ResourceError)

_log = logging.getLogger(__name__)


@dataclass
class _Attempt:
    """One job that goes on here.

    Args:
        deadline: When it has taken too long, in seconds of `time.monotonic`.
        asked: When it was first asked to stop; None before.
    """

    row: JobRow
    progress: Progress
    lane: Lane
    deadline: float
    asked: float | None = None

    @property
    def late(self) -> bool:
        """Whether it has taken too long."""
        return time.monotonic() > self.deadline

    def stop(self) -> None:
        """Ask it to stop, once more where it was asked before."""
        self.asked = self.asked or time.monotonic()
        self.progress.stop()


class JobLoop:
    """Does jobs until it is stopped.

    Args:
        workspace: Whose jobs.
        records: Its records.
        settings: Of the engine; project and actor are those of each job.
    """

    def __init__(self, workspace: Workspace, records: Records, settings: Settings) -> None:
        self._workspace = workspace
        self._records = records
        self._settings = settings
        self._benches: dict[tuple[str, str], Workbench] = {}
        self._live: dict[str, _Attempt] = {}
        self._lock = threading.Lock()  # around `_live` and `_benches`
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Let what a dead engine left wait again, and begin."""
        self.recover()
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more, ask what goes on to stop, and let it wait for the next engine."""
        self._stop.set()
        deadline = time.monotonic() + END_WITHIN
        while self._attempts() and time.monotonic() < deadline:
            for attempt in self._attempts():
                attempt.stop()
            time.sleep(POLL)
        if self._thread.is_alive():
            self._thread.join(timeout=END_WITHIN)

    def recover(self) -> None:
        """Let jobs wait again that an engine that died had begun; one that killed several is given up."""
        with self._records.read() as connection:
            cancelled = [row for row in jobs.orphaned(connection) if row.cancel_requested]
        for row in cancelled:
            undo(self._bench(row), row)
        with self._records.write() as connection:
            for row in jobs.orphaned(connection):
                if row.cancel_requested:
                    jobs.end(connection, row, jobs.CANCELLED)
                elif row.attempts >= jobs.ATTEMPTS:
                    sentence = f"The engine ended {row.attempts} times while it did this, so it is not tried again."
                    error = {"sentence": sentence, "hint": "Its log, logs/engine.log, may say why."}
                    jobs.end(connection, row, jobs.FAILED, error=error)
                else:
                    jobs.let_wait_again(connection, row)

    def do_waiting(self) -> None:
        """Do here and now, one after the other, what waits."""
        while row := self._claimed(self._waiting()):
            self._perform(self._attempt(row))

    def _run(self) -> None:
        watch, pause, due, seen, swept = self._records.watch(), 0.0, True, 0.0, float("-inf")
        while not self._stop.wait(pause):
            try:
                if not (due or self._attempts()):
                    watch.wait(IDLE)
                pause = POLL
                due = watch.changed() or due or bool(self._attempts() and time.monotonic() - seen > STOP_AGAIN)
                if due:
                    seen = time.monotonic()
                    self._step()
                    due = False  # what could not be read or written is looked at again
                if time.monotonic() - swept > SWEEP_EVERY:
                    swept = time.monotonic()
                    self._sweep()
            except RecordsError as error:
                _log.warning("%s %s", error, error.hint)
                pause = 1.0
            except Exception:  # noqa: BLE001 - jobs are done whatever happens
                _log.exception("A look at the jobs failed.")
                pause = 1.0
        watch.close()

    def _step(self) -> None:
        """Pass on what was asked to stop, give up what does not, and begin what there is room for."""
        waiting = self._waiting()
        cancelled = {job.id for job in waiting if job.cancel_requested}
        for attempt in self._attempts():
            if attempt.late or attempt.row.id in cancelled:
                attempt.stop()
            if attempt.asked is not None and time.monotonic() - attempt.asked > STOP_WITHIN:
                self._give_up(attempt)
        while row := self._claimed(self._with_room(waiting)):
            attempt = self._attempt(row)
            threading.Thread(target=self._perform, args=(attempt,), name=f"job {row.id}", daemon=True).start()

    def _waiting(self) -> list[jobs.WaitingJob]:
        with self._records.read() as connection:
            return jobs.live(connection)

    def _with_room(self, waiting: list[jobs.WaitingJob]) -> list[jobs.WaitingJob]:
        taken = Counter(attempt.lane for attempt in self._attempts())
        return [job for job in waiting if taken[_lane(job.kind)] < AT_ONCE[_lane(job.kind)]]

    def _claimed(self, waiting: list[jobs.WaitingJob]) -> JobRow | None:
        """Begin the first of the jobs that still waits, and return it."""
        mine = {attempt.row.id for attempt in self._attempts()}
        for job in waiting:
            if job.status == jobs.QUEUED and job.id not in mine:
                with self._records.write() as connection:
                    row = jobs.claim(connection, job.id)
                if row is not None:
                    return row
        return None

    def _attempt(self, row: JobRow) -> _Attempt:
        progress = Progress(row.id, self._workspace.jobs / row.id, told=row.progress, tell=lambda t: self._tell(row, t))
        deadline = time.monotonic() + self._seconds(row)
        attempt = _Attempt(row, progress, _lane(row.kind), deadline)
        with self._lock:
            self._live[row.id] = attempt
        return attempt

    def _attempts(self) -> list[_Attempt]:
        with self._lock:
            return list(self._live.values())

    def _perform(self, attempt: _Attempt) -> None:
        """Do a job to its end and write down what came of it."""
        row, progress = attempt.row, attempt.progress
        status, told = self._outcome(row, progress)
        try:
            if status != jobs.DONE and attempt.late:
                self._write_down(lambda connection: jobs.end(connection, row, jobs.FAILED, error=self._too_long(row)))
            elif status != jobs.DONE and progress.stopped:
                self._insist(lambda: self._undo_if_cancelled(row))
                self._write_down(lambda connection: self._stopped(connection, row))
            else:
                self._write_down(lambda connection: jobs.end(connection, row, status, **told))
        finally:
            self._forget(attempt)

    def _give_up(self, attempt: _Attempt) -> None:
        """Let a job be over that does not stop: its thread may go on, and what it then says is not heard."""
        row = attempt.row
        error = self._too_long(row) if attempt.late else STUBBORN
        _log.error("Job %s (%s) is given up: %s", row.id, row.kind, error["sentence"])
        self._undo_if_cancelled(row)
        with self._records.write() as connection:
            jobs.end(connection, row, jobs.FAILED, error=error)
        self._forget(attempt)

    def _forget(self, attempt: _Attempt) -> None:
        with self._lock:
            if self._live.get(attempt.row.id) is attempt:
                del self._live[attempt.row.id]

    def _seconds(self, row: JobRow) -> float:
        """Return how long a job may take: what every job may, and what its question was given."""
        asked = row.arguments.get("timeout")
        return self._settings.job_s + (asked if isinstance(asked, int | float) else 0.0)

    def _too_long(self, row: JobRow) -> dict[str, str]:
        hint = "Ask for less, or set TANDEM_JOB_S higher. What it still finishes may yet appear."
        return {"sentence": f"It took longer than {self._seconds(row):g} s, the limit of TANDEM_JOB_S.", "hint": hint}

    def _outcome(self, row: JobRow, progress: Progress) -> tuple[str, dict[str, Any]]:
        try:
            result = task_of(row.kind)(self._bench(row), row.arguments, progress)
            return jobs.DONE, {"result": json.loads(json.dumps(result, default=str)), "progress": progress.told}
        except KNOWN as error:
            return jobs.FAILED, {"error": {"sentence": str(error), "hint": error.hint}}
        except Exception as error:  # noqa: BLE001 - whatever happens, watchers read a sentence
            if not progress.stopped:
                _log.exception("Job %s (%s) failed.", row.id, row.kind)
            sentence = f"Something unexpected happened ({type(error).__name__})."
            hint = "The engine's log, logs/engine.log, says more."
            return jobs.FAILED, {"error": {"sentence": sentence, "hint": hint}}

    def _stopped(self, connection: Any, row: JobRow) -> None:
        """End a job that was stopped: its user wanted that, or the engine ends and the next one does it."""
        if self._stop.is_set() and not jobs.get(connection, row.id).cancel_requested:
            jobs.put_back(connection, row)
        else:
            jobs.end(connection, row, jobs.CANCELLED)

    def _undo_if_cancelled(self, row: JobRow) -> None:
        """Undo what a job has left whose user wants it no more; one whose engine ends goes on later."""
        with self._records.read() as connection:
            cancelled = jobs.get(connection, row.id).cancel_requested
        if cancelled:
            undo(self._bench(row), row)

    def _write_down(self, write: Callable[[Any], object]) -> None:
        """Write how a job ended, however long the records refuse it: the work is done and must not be lost."""

        def step() -> None:
            with self._records.write() as connection:
                write(connection)

        self._insist(step)

    def _insist(self, step: Callable[[], object]) -> None:
        """Do something with the records, again and again until they let it be done or the engine ends."""
        while True:
            try:
                step()
            except RecordsError as error:
                _log.warning("%s %s", error, error.hint)
                if self._stop.wait(1.0):
                    return
            else:
                return

    def _tell(self, row: JobRow, told: Mapping[str, Any]) -> None:
        try:
            with self._records.write() as connection:
                jobs.report(connection, row.id, told)
        except RecordsError as error:  # the work matters more than the bar that shows it
            _log.warning("%s %s", error, error.hint)

    def _bench(self, row: JobRow) -> Workbench:
        with self._lock:
            if (row.project, row.actor) not in self._benches:
                theirs = self._settings.model_copy(update={"project": row.project, "actor": row.actor})
                self._benches[row.project, row.actor] = Workbench(self._workspace, theirs)
            return self._benches[row.project, row.actor]

    def _sweep(self) -> None:
        """Forget jobs that were over long ago; their files are the keeper's."""
        with self._records.write() as connection:
            jobs.forget(connection, time.time() - ROWS_KEPT)


def _lane(kind: str) -> Lane:
    return LANES.get(kind, "work")
