"""A run while it is driven: its state, its pipeline and what it has kept; decides, and writes into a journal."""

import secrets
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from engine.config import Workspace
from engine.graph.fingerprint import digest
from engine.records import attempts, runs
from engine.records import events as ledger
from engine.records.receipts import Receipt
from engine.records.traces import LogLine
from engine.runs import events, executor
from engine.runs.clock import Clock
from engine.runs.instructions import Finish, Instruction, Start, Stop
from engine.runs.journal import Journal
from engine.runs.recall import Recall, documents, ports
from engine.runs.state import FINISHED, RunState
from engine.runs.why import Parts, reason
from engine.runs.work import Work

STOP_WITHIN = 5.0
"""Seconds that a stopped attempt has to answer before it counts as lost."""


class LiveRun:
    """Takes in what happens to one run, and writes down what follows.

    Args:
        row: The run as it was asked for.
        happened: Its ledger so far; empty for a new run.
        earlier: For each node the nearest earlier run and the node's parts there.
        workspace: Where it runs.
        recall: Finds what need not be done again.
        clock: Shows and measures time.

    Raises:
        PipelineError: The pipeline cannot be read or planned any more.
    """

    def __init__(
        self,
        row: runs.RunRow,
        happened: Sequence[ledger.EventRow],
        earlier: Mapping[str, tuple[str, Parts]],
        workspace: Workspace,
        recall: Recall,
        clock: Clock,
    ) -> None:
        self.row = row
        self.state = RunState()
        self._work = Work(row, workspace)
        self._earlier = earlier
        self._recall = recall
        self._clock = clock
        self._since: dict[str, float] = {}
        self._since_work: dict[str, float] = {}  # when an attempt was last seen waiting
        self._stopping: dict[str, float] = {}
        self._parts: dict[str, tuple[str, dict[str, Any]]] = {}
        self._errors: dict[str, Mapping[str, Any]] = {}
        self._before = self._seconds_before()
        self._adopted = clock.elapsed()
        self._next = 0
        for event in happened:
            self._replay(event)

    # -- what happens ---------------------------------------------------------------------------------

    def begin(self, journal: Journal) -> None:
        """Start the run, or go on with it where it was left."""
        gone = tuple(
            name
            for name, stage in self.state.stages.items()
            if stage.status in FINISHED and not self._recall.intact(self._work.outputs[name])
        )
        values: dict[str, Any] = {"status": runs.RUNNING, "error": None, "ended": None}
        if self.row.started is None:
            values["started"] = self._clock.now()
        journal.changes.append((self.row.id, values))
        if self._next == 0:
            patience = int(self.row.options.get("max_attempts", 3))
            self._take(events.Requested(self._work.planned(), patience), journal)
        elif self.state.status == "running":
            for token in self.state.running():
                journal.answered.append((token, {"status": "lost", "ended": self._clock.now()}))
            self._take(events.Recovered(gone), journal)
        else:
            self._take(events.Resumed(gone), journal)

    def cancel(self, journal: Journal) -> None:
        """Stop what runs and start nothing more."""
        if not self.state.cancelling:
            self._take(events.CancelRequested(), journal)

    def answer(self, stage: str, answer: executor.Answer, journal: Journal) -> None:
        """Take in what a worker answered to an attempt at `stage`."""
        if answer.token not in self.state.running():
            what = type(answer).__name__.lower()
            self._note(events.Refused(stage, answer.token, what), {}, journal)
        elif isinstance(answer, executor.Succeeded):
            self._succeeded(stage, answer, journal)
        elif isinstance(answer, executor.Failed):
            self._failed(stage, answer, journal)
        else:
            self._closed(answer.token, "stopped" if answer.token in self._stopping else "lost", journal)
            self._take(events.Lost(stage, answer.token, answer.reason), journal)

    def overdue(self, journal: Journal, waiting: Callable[[], Collection[str]] = tuple) -> None:
        """Give up attempts that take too long, and those that do not stop.

        Args:
            journal: What follows is written here.
            waiting: Gives the attempts that have no place to work yet; that time is not theirs.
        """
        now, limit = self._clock.elapsed(), self.row.options.get("timeout_s")
        if limit:
            self._since_work |= dict.fromkeys(set(waiting()) & set(self.state.running()), now)
        for token, stage in self.state.running().items():
            if now - self._stopping.get(token, now) > STOP_WITHIN:
                self._closed(token, "lost", journal)
                self._take(events.Lost(stage, token, "It did not stop in time."), journal)
            elif limit and now - self._since_work.get(token, self._since[token]) > limit:
                self._closed(token, "failed", journal)
                self._take(events.TimedOut(stage, token, limit), journal)

    def fail(self, sentence: str, hint: str, journal: Journal) -> None:
        """End the run because it cannot be driven; what it has kept stays."""
        journal.stops.extend(self.state.running())
        error = {"sentence": sentence, "hint": hint, "node": "", "field": ""}
        self._end("failed", error, journal)

    # -- what follows ---------------------------------------------------------------------------------

    def _take(self, event: events.Event, journal: Journal, extra: Mapping[str, Any] | None = None) -> None:
        """Let the state take in an event and follow its instructions until none is left."""
        todo: deque[Instruction] = deque(self.state.handle(event))
        self._note(event, extra or {}, journal)
        while todo:
            instruction = todo.popleft()
            if isinstance(instruction, Start):
                followed, known = self._started(instruction, journal)
                todo.extend(self.state.handle(followed))
                self._note(followed, known, journal)
            elif isinstance(instruction, Stop):
                self._stopping[instruction.token] = self._clock.elapsed()
                journal.stops.append(instruction.token)
            elif isinstance(instruction, Finish):
                self._note(events.Ended(instruction.status), {}, journal)
                self._end(instruction.status, self._first_error(), journal)

    def _started(self, start: Start, journal: Journal) -> tuple[events.Event, dict[str, Any]]:
        """Return what comes of a start: an earlier run's outputs, or a new attempt."""
        stage = self._work.stages[start.stage]
        parts = self._work.parts(stage)
        fingerprint = digest(parts[stage.name])
        receipt = self._recall.find(fingerprint)
        if receipt is not None:
            self._work.outputs[stage.name] = ports(receipt.outputs)
            known = {"outputs": dict(receipt.outputs), "seconds": receipt.seconds, "parts": parts}
            known["metrics"] = self._recall.metrics(self._work.outputs[stage.name])
            return events.Reused(stage.name, receipt.run, fingerprint), known
        token = secrets.token_hex(16)
        self._since[token] = self._clock.elapsed()
        self._parts[token] = (fingerprint, parts)
        row = attempts.AttemptRow(
            self.row.id, stage.name, start.attempt, token, "running", self._clock.now(), fingerprint
        )
        journal.attempts.append(row)
        journal.orders.append(self._work.order(stage, start.attempt, token))
        why = {node: reason(self._earlier.get(node, ("", None))[1], parts[node]) for node in stage.nodes}
        started = events.AttemptStarted(stage.name, start.attempt, token, fingerprint)
        lines, codes = ({node: pair[i] for node, pair in why.items()} for i in (0, 1))
        return started, {"parts": parts, "reasons": lines, "told": codes}

    def _succeeded(self, stage: str, answer: executor.Succeeded, journal: Journal) -> None:
        kept = ports(answer.outputs[stage])
        fingerprint, parts = self._parts[answer.token]
        self._work.outputs[stage] = kept
        refs = documents(kept)
        schema = {port: ref["columns"] for port, ref in refs.items() if ref["kind"] == "Table"}
        seconds, now = max(0.0, answer.seconds), self._clock.now()
        journal.receipts.append(Receipt(fingerprint, parts, refs, schema, self.row.id, stage, seconds, now))
        self._closed(answer.token, "succeeded", journal, seconds=seconds, memory=answer.memory)
        known = {"outputs": refs, "seconds": seconds, "metrics": self._recall.metrics(kept)}
        self._take(events.Succeeded(stage, answer.token), journal, known)

    def _failed(self, stage: str, answer: executor.Failed, journal: Journal) -> None:
        error = dict(answer.error)
        details = error.pop("details", "")
        if details:
            line = LogLine(self.row.id, error.get("node") or stage, self._clock.now(), "error", details)
            journal.lines.append(line)
        self._errors[stage] = error
        self._closed(answer.token, "failed", journal, seconds=max(0.0, answer.seconds), error=error)
        failed = events.Failed(stage, answer.token, error, answer.retryable)
        self._take(failed, journal, {"seconds": max(0.0, answer.seconds)})

    def _closed(self, token: str, status: str, journal: Journal, **values: Any) -> None:
        self._stopping.pop(token, None)
        self._since_work.pop(token, None)
        since = self._since.pop(token, None)
        if since is not None:
            values.setdefault("seconds", max(0.0, self._clock.elapsed() - since))
        journal.answered.append((token, {"status": status, "ended": self._clock.now(), **values}))

    def _end(self, status: str, error: Mapping[str, Any] | None, journal: Journal) -> None:
        spent = self._before + self._clock.elapsed() - self._adopted
        values = {"status": status, "ended": self._clock.now(), "seconds": spent, "error": error}
        journal.changes.append((self.row.id, values))

    # -- what is written ------------------------------------------------------------------------------

    def _note(self, event: events.Event, extra: Mapping[str, Any], journal: Journal) -> None:
        payload = {**events.to_payload(event), **extra}
        row = ledger.EventRow(
            run=self.row.id,
            seq=self._next,
            at=self._clock.now(),
            kind=events.kind_of(event),
            node=payload.get("stage"),
            attempt=payload.get("attempt"),
            token=payload.get("token"),
            payload=payload,
        )
        journal.events.append(row)
        self._next += 1

    def _replay(self, row: ledger.EventRow) -> None:
        event = events.from_payload(row.kind, row.payload)
        if isinstance(event, events.Requested):
            self._work.know(event.stages)
        if isinstance(event, events.Succeeded | events.Reused):
            self._work.outputs[event.stage] = ports(row.payload["outputs"])
        if isinstance(event, events.Failed):
            self._errors[event.stage] = event.error
        self.state.handle(event)
        self._next = row.seq + 1

    def _first_error(self) -> dict[str, Any] | None:
        for stage in self.state.stages.values():
            if stage.status == "failed":
                error = self._errors.get(stage.name, {})
                sentence = stage.reason or "It failed."
                return {"node": stage.name, "hint": "", "field": "", **error, "sentence": sentence}
        return None

    def _seconds_before(self) -> float:
        """Return what earlier drivers spent on this run, as well as can be known: at least 0 seconds."""
        if self.row.seconds is not None or self.row.started is None:
            return self.row.seconds or 0.0
        return max(0.0, self._clock.now() - self.row.started)
