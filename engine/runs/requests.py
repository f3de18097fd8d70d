"""What users ask of runs: rows for the driver to find; nothing here waits for it."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Connection

from engine.config import Settings
from engine.errors import NotFoundError, RunError
from engine.graph.pipeline import Pipeline
from engine.records import Records, environments, runs
from engine.records.once import once
from engine.records.runs import RunRow
from engine.runs.shares import ensure_environments, specs
from operators.contract.card import ALL_ENGINES
from resources.errors import ResourceError

GIVEN = "parameters"
"""The option of a run that has the values which were given for it."""


@dataclass(frozen=True)
class RunRequest:
    """What is asked for when a run is.

    Args:
        pipeline: What to run; it has no problems, and a value for every parameter that its nodes use.
        environment: Whose share it runs in.
        engine: Engine of its tables.
        seed: Of everything random in it.
        sources: For each ref what it stood for when asked: `SourceRef` as JSON.
        options: `max_attempts` of a stage (3), `timeout_s` of an attempt (none; the wait for a place does not count),
            `priority` (0; higher goes first), `alone` (False; nobody else uses its devices), `not_before` (0; seconds
            since 1970 at which it begins at the earliest).
        parameters: Values that were given for this run; the pipeline has them among its own.
        project: It belongs to.
        actor: Who asks.
        key: Of the gesture that asks; the same key gives the same run.
    """

    pipeline: Pipeline
    environment: str = "train"
    engine: str = "polars"
    seed: int = 0
    sources: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    project: str = "default"
    actor: str = "local"
    key: str | None = None

    def __post_init__(self) -> None:
        if self.engine not in ALL_ENGINES:
            raise RunError(f"There is no engine {self.engine!r}.", hint=f"Choose one of {', '.join(ALL_ENGINES)}.")


def submit(records: Records, request: RunRequest) -> RunRow:
    """Ask for a run and return it as it waits, or the one that was asked for with the same key.

    Raises:
        RunError: A node asks for more than the environment's quota.
        NotFoundError: There is no such environment.
        ReadOnlyError: Nothing may be changed.
    """
    records.require_writable()
    values = {item.name: getattr(request, item.name) for item in fields(request)}
    pipeline, parameters = values.pop("pipeline"), values.pop("parameters")
    values["options"] = {**request.options, **({GIVEN: dict(parameters)} if parameters else {})}
    row = RunRow(f"r{secrets.token_hex(5)}", pipeline.name, pipeline.document(), **values)
    if not known_environments(records):
        ensure_environments(records, Settings())

    def add(connection: Connection) -> RunRow:
        require_shares(connection, pipeline, request.environment)
        return runs.add(connection, row)

    return once(records, lambda connection: runs.asked_by(connection, row.key) if row.key else None, add)


def asked_by(records: Records, key: str) -> str | None:
    """Return the id of the run that a gesture asked for, or None."""
    with records.read() as connection:
        row = runs.asked_by(connection, key)
    return row.id if row else None


def require_shares(connection: Connection, pipeline: Pipeline, environment: str) -> None:
    """Check that the environment could ever give each node what it asks for.

    Raises:
        RunError: It could not: the node would wait for ever.
        NotFoundError: There is no such environment.
    """
    found = environments.find(connection, environment)
    if found is None:
        known = [row.name for row in environments.every(connection)]
        raise NotFoundError.among("environment", environment, known)
    [spec] = specs([found])
    if spec.policy == "fixed":
        raise RunError(f"The environment {environment!r} keeps its share for services.", hint="Run in train or test.")
    for name, node in pipeline.nodes.items():
        try:
            spec.request(node.resources)
        except ResourceError as error:
            raise RunError(f"Node {name!r}: {error}", hint=error.hint) from error


def known_environments(records: Records) -> list[str]:
    """Return the names of the environments there are."""
    with records.read() as connection:
        return [row.name for row in environments.every(connection)]


def cancel(records: Records, run: str) -> RunRow:
    """Ask for the end of a run and return it; one that is over stays as it is.

    Raises:
        NotFoundError: There is no such run.
    """
    with records.write() as connection:
        row = runs.get(connection, run)
        if row.status == runs.QUEUED:  # nobody has begun it: it ends here, even where no engine runs
            ended = {"status": runs.CANCELLED, "ended": time.time(), "seconds": row.seconds or 0.0}
            runs.change(connection, run, cancel_requested=True, **ended)
        elif row.status == runs.RUNNING:
            runs.change(connection, run, cancel_requested=True)
        return runs.get(connection, run)


def resume(records: Records, run: str) -> RunRow:
    """Ask an ended run to go on under its own id and return it; one that lives or succeeded stays as it is.

    Raises:
        NotFoundError: There is no such run.
    """
    with records.write() as connection:
        row = runs.get(connection, run)
        if row.status in (runs.FAILED, runs.CANCELLED):
            runs.change(connection, run, status=runs.QUEUED, cancel_requested=False, error=None, ended=None)
        return runs.get(connection, run)
