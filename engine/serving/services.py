"""Services as their users see them: rows in the records, which the reconciler makes true."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from engine.errors import InvalidNameError, NotFoundError, ServingError
from engine.records import engine_lock, environments, services
from engine.records.database import Records
from engine.records.engine_lock import EngineStatus
from engine.records.services import ServiceRow
from engine.records.standing import is_known, status_of
from engine.serving import client
from engine.serving.errors import RequestError
from engine.serving.values import as_json, rows_to_json
from engine.serving.wishes import is_of, replacing, taken_back
from engine.stores.models import ModelStore, ModelVersion
from resources.environments import EnvironmentSpec
from resources.shares import WHOLE

KEPT = 50
"""Versions that a service ran, as far as they are remembered."""
_POLL = 0.1  # seconds between two looks at a service that is waited for


class ServiceHandle:
    """A service that was asked for; it serves whether or not anybody holds a handle.

    Args:
        desk: Where services are looked up.
        name: Of the service.
    """

    def __init__(self, desk: "ServiceDesk", name: str) -> None:
        self.name = name
        self._desk = desk

    def wait(self, timeout: float = 120.0) -> "ServiceHandle":
        """Wait until the service is healthy, or gone where it was stopped, and return this handle.

        Raises:
            ServingError: It failed, or the time is over.
        """
        self._desk.wait(self.name, timeout)
        return self

    def document(self) -> dict[str, Any]:
        """Return the service as `tandem deploy --json` prints it, as it stands now."""
        return self._desk.show(self.name)

    @property
    def url(self) -> str:
        """Where it answers; empty before it was deployed."""
        return str(self.document()["url"])

    def predict(self, rows: Sequence[Mapping[str, Any]], timeout: float = 120.0) -> dict[str, Any]:
        """Return `{"predictions": [{"prediction", "probabilities"}], "model", "version"}` for JSON rows.

        Waits until the service is healthy; one of which that is not known is asked first. Columns that had missing
        values in training may be left out, as over HTTP.

        Raises:
            RequestError: A row does not fit the signature; it names the field and the row.
            ServingError: The service failed, or is not healthy after `timeout` seconds.
        """
        found = self.document()
        if not found["known"] and found["last_status"] == "healthy":  # an answer needs no engine that speaks for it
            try:
                return self._desk.predict(self.name, rows)
            except RequestError:
                raise
            except ServingError:
                pass
        self.wait(timeout)
        return self._desk.predict(self.name, rows)

    def stop(self) -> "ServiceHandle":
        """Ask the service to stop."""
        return self._desk.stop(self.name)

    def __repr__(self) -> str:
        return f"ServiceHandle({self.name!r})"


class ServiceDesk:
    """Asks for services, looks them up, and asks them.

    Args:
        records: Where their rows are.
        models: Where models are looked up.
        drive: Sees to it that an engine makes true what was asked for.
        project: Project of new services.
        actor: Who asks.
    """

    def __init__(
        self,
        records: Records,
        models: ModelStore,
        drive: Callable[[], None],
        *,
        project: str = "default",
        actor: str = "local",
    ) -> None:
        self._records = records
        self._models = models
        self._drive = drive
        self._project = project
        self._actor = actor

    def deploy(
        self,
        model: str,
        *,
        name: str | None = None,
        version: str | int | ModelVersion | None = None,
        environment: str = "inference",
        key: str | None = None,
        **share: Any,
    ) -> ServiceHandle:
        """Ask for a model version to be served, and return the service's handle at once.

        A service of this name takes on the version: the old one serves until the new one is ready. One that is
        well and asked for as it is goes on as it does.

        Args:
            model: Name of the model.
            name: Of the service; the model's when None.
            version: A version, its number or an alias; the champion when None.
            environment: A fixed environment.
            key: Of who asks, with which `take_back` takes the wish back; asked for twice with the same, it is one wish.
            share: What its replica takes: `gpu=0.25`, `cpu=1`, `memory="1GiB"`; a small share of a CPU when left out.

        Raises:
            InvalidNameError: The name cannot stand in a URL.
            NotFoundError: No such model, version or environment.
            ServingError: The environment is not for services.
            ShareError: No such share exists.
            QuotaError: The share is more than the environment's quota.
        """
        number = version.version if isinstance(version, ModelVersion) else version
        chosen = self._models.get(model, number)
        asked = {resource: amount for resource, amount in share.items() if amount is not None}
        request = self._fixed(environment).request(asked)
        called = service_name(name or model)
        with self._records.write() as connection:
            before = services.find(connection, called)
            entry = {"model": chosen.name, "version": chosen.version, "at": time.time(), "actor": self._actor}
            row = ServiceRow(
                name=called,
                model=chosen.name,
                version=chosen.version,
                environment=environment,
                share=request.document(),
                options={"history": [entry, *_history(before)][:KEPT], **replacing(before, key)},
                project=self._project,
                actor=self._actor,
                url=before.url if before else "",
                port=before.port if before else None,
                created=before.created if before else 0.0,
            )
            if before is None or not (is_of(before, key) or _is_wished(before, row)):
                services.put_service(connection, row)
        self._drive()
        return ServiceHandle(self, called)

    def take_back(self, name: str, key: str) -> None:
        """Let a service be what it was before `deploy` was called with `key`: what it ran goes on serving.

        One that was not there before is stopped. Nothing is done where somebody has asked for something else since.
        """
        with self._records.write() as connection:
            row = services.find(connection, name)
            if row is None or not is_of(row, key):
                return
            services.change(connection, name, **taken_back(row))
        self._drive()

    def name_for(self, wish: str) -> str:
        """Return a name that a service may have, as near to `wish`, such as a model's, as can be."""
        return re.sub(r"[^A-Za-z0-9_-]+", "-", wish).strip("-_")[:64] or "service"

    def stop(self, name: str) -> ServiceHandle:
        """Ask a service to stop, and return its handle at once.

        Raises:
            NotFoundError: No such service.
        """
        with self._records.write() as connection:
            _known(connection, name)
            services.change(connection, name, wanted="stopped", message="")
        self._drive()
        return ServiceHandle(self, name)

    def restart(self, name: str) -> ServiceHandle:
        """Ask for a fresh replica of what a service runs, or ran until it was stopped; return its handle at once.

        The old replica answers until the new one does, where the environment has room for both.

        Raises:
            NotFoundError: No such service.
        """
        with self._records.write() as connection:
            _known(connection, name)
            services.change(connection, name, wanted="running", status="waiting", message="")
        self._drive()
        return ServiceHandle(self, name)

    def roll_back(self, name: str, to: Mapping[str, Any] | None = None) -> ServiceHandle:
        """Ask for the version that a service ran before this one, and return its handle at once.

        Args:
            name: Of the service.
            to: `{"model", "version"}` that was told to be the one before; whichever it is when None.

        Raises:
            NotFoundError: No such service, or that version is gone.
            ServingError: It never ran another one, or another one than `to`.
        """
        row = self._row(name)
        former = former_of(row)
        if to is not None and (former is None or any(former[part] != to[part] for part in ("model", "version"))):
            raise ServingError(
                f"Service {name!r} did not run version {to['version']} of {to['model']!r} before this one.",
                hint="It was changed meanwhile: look at what it runs now.",
            )
        if former is None:
            raise ServingError(f"Service {name!r} never ran another version.", hint="Deploy the one you want.")
        share = {"cpu": row.share["cpu"] / WHOLE, "gpu": row.share["gpu"] / WHOLE, "memory": row.share["memory"]}
        asked = {resource: amount or None for resource, amount in share.items()}
        return self.deploy(former["model"], name=name, version=former["version"], environment=row.environment, **asked)

    def get(self, name: str) -> ServiceHandle:
        """Return the handle of a service that exists.

        Raises:
            NotFoundError: No such service.
        """
        self.show(name)
        return ServiceHandle(self, name)

    def show(self, name: str) -> dict[str, Any]:
        """Return a service as it stands now: `{"name", "url", "model", "version", "environment", "share", "status"}`.

        `status` is `unknown` where the engine that runs now has not looked at it, or none runs; `known` is false then,
        `last_status` what was last seen, and `seen_at` when, in seconds since 1970.

        Raises:
            NotFoundError: No such service.
        """
        return _document(self._row(name), self._engine())

    def list(self) -> Sequence[dict[str, Any]]:
        """Return all services, by name, each as `show` does."""
        engine = self._engine()
        with self._records.read() as connection:
            return [_document(row, engine) for row in services.every(connection)]

    def wait(self, name: str, timeout: float = 120.0) -> dict[str, Any]:
        """Return a service once it is healthy, or gone where it was stopped.

        Raises:
            NotFoundError: No such service.
            ServingError: It failed, or the time in seconds is over.
        """
        deadline = time.monotonic() + timeout
        while True:
            row, engine = self._row(name), self._engine()
            status = status_of(row, engine)
            if status == ("stopped" if row.wanted == "stopped" else "healthy"):
                return _document(row, engine)
            if status == "failed" and row.wanted == "running":
                raise ServingError(f"Service {name!r} failed: {row.message}", hint="Deploy another version, or again.")
            if time.monotonic() > deadline:
                hint = row.message or "The engine goes on with it; see `tandem services`."
                raise ServingError(f"Service {name!r} is {status} after {timeout:g} seconds.", hint=hint)
            self._drive()
            time.sleep(_POLL)

    def predict(self, name: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Return a service's answer to rows: `{"predictions", "model", "version"}`.

        A row carries the columns of the signature; those that are `optional` there may be left out and are then null.
        Values are JSON or Python's own, such as dates, decimals and scalars of NumPy; NaN is null.

        Raises:
            NotFoundError: No such service.
            RequestError: A row does not fit the signature; it names the field and the row.
            ServingError: The service does not run, or does not answer.
        """
        row = self._row(name)
        if not row.url:
            hint = row.message or "Wait until it is healthy, or deploy it."
            raise ServingError(f"Service {name!r} is {row.status}.", hint=hint)
        return client.predict(row.url, as_json(list(rows)))

    def predict_table(self, name: str, table: pl.DataFrame) -> dict[str, Any]:
        """Like `predict`, for rows of a table that was read from a file.

        A column that the signature has as text is sent as text, whatever it was read as.

        Raises:
            NotFoundError: No such service.
            RequestError: A row does not fit the signature; it names the field and the row.
            ServingError: The service does not run, or does not answer.
        """
        row = self._row(name)
        inputs = self._models.get(row.model, row.version).signature.get("inputs", [])
        texts = [field["name"] for field in inputs if field["type"] == "string" and field["name"] in table.columns]
        return self.predict(name, rows_to_json(table.with_columns(pl.col(texts).cast(pl.String))))

    def _engine(self) -> EngineStatus:
        return engine_lock.status(self._records)

    def _row(self, name: str) -> ServiceRow:
        with self._records.read() as connection:
            return _known(connection, name)

    def _fixed(self, name: str) -> EnvironmentSpec:
        with self._records.read() as connection:
            row, known = environments.find(connection, name), environments.every(connection)
        if row is None:
            raise NotFoundError.among("environment", name, [one.name for one in known])
        if row.policy != "fixed":
            raise ServingError(
                f"The environment {name!r} is {row.policy}, and services need a fixed share.",
                hint=f"Deploy into one of {', '.join(repr(one.name) for one in known if one.policy == 'fixed')}.",
            )
        return EnvironmentSpec.of(row.name, row.policy, row.quota)


def service_name(name: str) -> str:
    """Return `name` if a service may be called so: it stands in a URL and names a folder.

    Raises:
        InvalidNameError: Any other name.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
        raise InvalidNameError(
            f"A service cannot be called {name[:80]!r}.",
            hint="Use 1 to 64 of a-z, A-Z, 0-9, '_' and '-', beginning with a letter or digit; see --name.",
        )
    return name


def former_of(row: ServiceRow) -> Mapping[str, Any] | None:
    """Return what a service ran before what it runs now: `{"model", "version", "at", "actor"}`; None for nothing."""
    now = (row.model, row.version)
    return next((one for one in _history(row) if (one["model"], one["version"]) != now), None)


def _history(row: ServiceRow | None) -> Sequence[Mapping[str, Any]]:
    """Return what a service was asked to run, newest first."""
    if row is None:
        return []
    known: Sequence[Mapping[str, Any]] = row.options.get("history", [])
    return known or [{"model": row.model, "version": row.version, "at": row.created, "actor": row.actor}]


def _is_wished(before: ServiceRow, row: ServiceRow) -> bool:
    """Return whether a service is wished for as it is: a second click must not begin what the first one began."""
    same = all(getattr(before, name) == getattr(row, name) for name in ("model", "version", "environment", "share"))
    return same and before.wanted == "running" and before.status in ("waiting", "starting", "healthy")


def _document(row: ServiceRow, engine: EngineStatus) -> dict[str, Any]:
    names = ("name", "url", "model", "version", "environment", "share", "message", "wanted", "updated")
    former = former_of(row)
    return {
        **{name: getattr(row, name) for name in names},
        "status": status_of(row, engine),
        "known": is_known(row, engine),
        "last_status": row.status,
        "seen_at": row.seen or row.updated,
        "created": row.created,
        "devices": list(row.devices),
        "history": list(_history(row)),
        "former": None if former is None else {"model": former["model"], "version": former["version"]},
    }


def _known(connection: Any, name: str) -> ServiceRow:
    row = services.find(connection, name)
    if row is None:
        raise NotFoundError.among("service", name, [one.name for one in services.every(connection)])
    return row
