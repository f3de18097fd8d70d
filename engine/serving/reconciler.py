"""Making services true: what their rows want against what Serve runs.

Rows say what is wanted; a step compares, acts, and writes what it saw. It can be stopped anywhere and done
again: nothing is known here that the rows and Serve do not say. A version that does not start leaves the one
before it serving, and the row says why.

| status | meaning |
|---|---|
| waiting | asked for; nothing has been done yet |
| starting | deployed; it has not answered yet |
| healthy | a real prediction came back from the version wanted |
| unhealthy | it did answer once, and does not now |
| failed | it did not start; `message` says why, and which version goes on serving |
| stopped | it was asked to stop, and is gone |

Every look leaves its time in the row (`seen`): a status that no engine has looked at since is not known to be true
(`engine.records.standing`).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.config import Workspace
from engine.errors import EngineError, ServingError
from engine.records import services, settings
from engine.records.database import Records
from engine.records.services import ServiceRow
from engine.serving import client
from engine.serving.deployer import HOST, Deployed
from engine.serving.replica import ReplicaOrder
from engine.serving.sides import Deployer, Lender
from engine.serving.trial import try_alone
from engine.stores.models import ModelStore
from resources.enforcement.turns import turns_at
from resources.errors import PlacementError, ResourceError
from resources.placement import Loan
from resources.shares import ResourceRequest

PORT_KEY = "serving.port"
HEALTH_SECONDS = 5.0
"""Seconds between two looks at a service that was healthy."""
START_SECONDS = 180.0
"""Seconds that a version may take to start."""
SEEN_SECONDS = 2.0
"""Seconds between two notes that a service was looked at."""
_MISSING = Deployed("missing")


class _ChangedError(ServingError):
    """A service is wished for otherwise than when the step began."""


class Reconciler:
    """Brings services to what their rows want, one step at a time.

    Args:
        workspace: Whose services.
        records: Where their rows are.
        deployer: What runs them.
        placement: What lends them their shares.
        health: Makes a real request of a service; returns `{"model", "version"}` or raises `ServingError`.
        trial: Starts a version in a process of its own and makes it answer; raises `ServingError` where it cannot.
        clock: Seconds, never going back.
    """

    def __init__(
        self,
        workspace: Workspace,
        records: Records,
        deployer: Deployer,
        placement: Lender,
        *,
        health: Callable[[str], Mapping[str, Any]] = client.health,
        trial: Callable[[ReplicaOrder], None] = try_alone,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._workspace = workspace
        self._records = records
        self._deployer = deployer
        self._placement = placement
        self._models = ModelStore(workspace)
        self._health = health
        self._trial = trial
        self._clock = clock
        self._since: dict[str, float] = {}
        self._tried: dict[str, float] = {}
        self._noted: dict[str, float] = {}

    def step(self) -> bool:
        """Compare and act once; returns True while something is on its way and a next step is due soon.

        It may take seconds: call it on a thread of its own, from one thread at a time.

        Raises:
            RecordsError: The records cannot be read or written.
            ServingError: Serve does not answer: Ray is gone, or on its way.
        """
        with self._records.read() as connection:
            rows = services.every(connection)
        if not rows:
            return False
        states = self._deployer.states()
        on_their_way = []
        for row in rows:
            on_their_way.append(self._bring(row, states.get(row.name, _MISSING)))
            self._note_look(row)
        return any(on_their_way)

    def _note_look(self, row: ServiceRow) -> None:
        """Write down that a service was looked at, now and then."""
        now = self._clock()
        if now - self._noted.get(row.name, -SEEN_SECONDS) < SEEN_SECONDS:
            return
        self._noted[row.name] = now
        with self._records.write() as connection:
            services.looked_at(connection, row.name)

    def _bring(self, row: ServiceRow, found: Deployed) -> bool:
        """Act on one service; True while it is on its way."""
        if row.wanted == "stopped":
            return self._stop(row, found)
        if row.status in {"healthy", "unhealthy"} and found.state == "missing":  # to begin anew takes a while
            self._write(row, status="starting", message="", devices=[])
            return True
        if row.status in {"waiting", "stopped"} or self._lost(row, found):
            return self._deploy(row, found)
        if row.status == "starting":
            return self._follow(row, found)
        if self._leaves(row):
            return self._deploy(row, found)
        return self._look(row, found)

    def _leaves(self, row: ServiceRow) -> bool:
        """Return whether a service is to move: its device is out of service, and there is room on another."""
        if row.status not in {"healthy", "unhealthy"} or not self._lost_devices(row):
            return False
        return self._placement.has_room(row.environment, ResourceRequest.of_document(row.share))

    def _lost_devices(self, row: ServiceRow) -> list[str]:
        return sorted(set(row.devices) & set(self._placement.down))

    def _lost(self, row: ServiceRow, found: Deployed) -> bool:
        """True for a service that is gone with its Ray; one that failed is tried once by each engine."""
        return found.state == "missing" and (row.status != "failed" or self._tried.get(row.name) != row.created)

    def _stop(self, row: ServiceRow, found: Deployed) -> bool:
        if found.state != "missing":
            if row.status != "stopping":
                self._deployer.remove(row.name)
                self._write(row, status="stopping")
            return True
        if row.status != "stopped":
            self._give_back(row)
            self._write(row, status="stopped", message="", url="", devices=[])
        return False

    def _deploy(self, row: ServiceRow, found: Deployed) -> bool:
        self._tried[row.name] = row.created
        self._since[row.name] = self._clock()
        try:
            order, share = self._order(row), ResourceRequest.of_document(row.share)
            loan, beside = self._lent(row, order, share, found)
            port = self._port()
            self._deployer.deploy(
                self._held(order, row, loan), share, self._placement.bundles(row.environment, loan), beside=beside
            )
        except _ChangedError:
            return True
        except (EngineError, ResourceError) as error:
            self._fail(row, f"{error} {error.hint}".strip(), found)
            return False
        url = f"http://{HOST}:{port}/{row.name}"
        self._write(row, status="starting", message="", port=port, url=url, devices=list(loan.devices))
        return True

    def _held(self, order: ReplicaOrder, row: ServiceRow, loan: Loan) -> ReplicaOrder:
        """Return an order with the devices and the limits of a share."""
        limits = self._placement.limits(row.environment, loan)
        note = note_of(self._workspace, row) if limits.watched else None
        if note is not None:
            note.parent.mkdir(parents=True, exist_ok=True)
            note.unlink(missing_ok=True)
        partition = self._placement.partition(row.environment, loan)
        return replace(
            order,
            seen={**self._placement.seen(loan), **partition},
            limits=limits.document(),
            note=str(note) if note else "",
            turns=self._turns(row, loan) if limits.fraction and not partition else None,
        )

    def _turns(self, row: ServiceRow, loan: Loan) -> dict[str, Any]:
        """Return where a service waits for its turns at the device of which it has a part: before training."""
        who = f"service.{row.name}.{row.version}"
        return turns_at(self._workspace.root / "ray", who, loan.devices[0], loan.part, priority=1).document()

    def _lent(self, row: ServiceRow, order: ReplicaOrder, share: ResourceRequest, found: Deployed) -> tuple[Loan, bool]:
        """Return the share of a version, and whether it starts beside the one before it.

        Where the environment has no room for both, the new version is tried in a process of its own, and then
        takes the place of the old one.
        """
        self._placement.give_back(row.environment, _next(row.name))
        if found.state == "missing":
            return self._placement.lend(row.environment, row.name, share), True
        try:
            return self._placement.lend(row.environment, _next(row.name), share), True
        except PlacementError:
            self._trial(order)
            self._require_wished(row)
            return self._placement.lend(row.environment, row.name, share), False

    def _require_wished(self, row: ServiceRow) -> None:
        """Go on where a service is still wished for as it was read: a trial takes a while, and ends what serves.

        Raises:
            _ChangedError: It is not.
        """
        with self._records.read() as connection:
            now = services.find(connection, row.name)
        if now is None or now.updated != row.updated:
            raise _ChangedError("The wish has changed.")

    def _order(self, row: ServiceRow) -> ReplicaOrder:
        version = self._models.get(row.model, row.version)
        return ReplicaOrder(
            workspace=str(self._workspace.root),
            service=row.name,
            model=version.name,
            version=version.version,
            piece=str(self._models.load(version.name, version.version)),
            signature=dict(version.signature),
        )

    def _port(self) -> int:
        """Return the port of the proxy: the one services had before, where it is free."""
        with self._records.read() as connection:
            before = settings.setting(connection, PORT_KEY)
        port = self._deployer.start(before)
        if port != before:
            with self._records.write() as connection:
                settings.put_setting(connection, PORT_KEY, port)
        return port

    def _follow(self, row: ServiceRow, found: Deployed) -> bool:
        """Look at a service that is starting."""
        waited = self._clock() - self._since.setdefault(row.name, self._clock())
        if found.state == "failed":
            self._fail(row, row.message or found.message, found)  # who was stopped by the watch has a message
            return False
        if found.state == "running" and self._answers(row):
            self._settle(row)
            self._write(row, status="healthy", message="")
            return False
        if waited > START_SECONDS:
            self._fail(row, f"It did not start within {START_SECONDS:g} seconds. {found.message}".strip(), found)
            return False
        return True

    def _look(self, row: ServiceRow, found: Deployed) -> bool:
        """Ask a service that was healthy, unhealthy or failed for a prediction, now and then."""
        now = self._clock()
        if now - self._since.get(row.name, -HEALTH_SECONDS) < HEALTH_SECONDS:
            return False
        self._since[row.name] = now
        if row.status == "failed":
            if found.state == "running" and self._answers(row):
                self._settle(row)
                self._write(row, status="healthy", message="")
            return False
        try:
            answered = self._health(row.url).get("version", row.version)
        except ServingError as error:
            if found.state == "failed":  # Serve starts it no more
                self._fail(row, row.message or found.message, found)
            else:
                self._write(row, status="unhealthy", message=row.message or str(error))
            return False
        if answered != row.version:  # a wish was taken back while it was being made true
            self._write(row, status="waiting", message="")
            return True
        lost = self._lost_devices(row)
        staying = f"It stays on {', '.join(lost)}, which is out of service: there is no room elsewhere." if lost else ""
        self._write(row, status="healthy", message=staying)
        return False

    def _answers(self, row: ServiceRow) -> bool:
        """True if the version wanted makes a real prediction."""
        try:
            return self._health(row.url).get("version") == row.version
        except ServingError:
            return False

    def _fail(self, row: ServiceRow, message: str, found: Deployed) -> None:
        """Write that a version did not start; what served before goes on."""
        for name in self._placement.names:
            self._placement.give_back(name, _next(row.name))
        serving = ""
        if found.state != "missing":
            try:
                serving = f" Version {self._health(row.url)['version']} goes on serving."
            except ServingError:
                self._deployer.remove(row.name)
        if not serving:
            self._give_back(row)
        held = self._placement.loan(row.environment, row.name)
        devices = list(held.devices) if held is not None else []
        self._write(row, status="failed", message=f"{message}{serving}", devices=devices)

    def _settle(self, row: ServiceRow) -> None:
        """Let a service that has replaced its former version hold its own share alone."""
        self._give_back(row, but=row.environment)
        share = ResourceRequest.of_document(row.share)
        self._placement.lend(row.environment, row.name, share, after=_next(row.name))

    def _give_back(self, row: ServiceRow, but: str = "") -> None:
        for name in self._placement.names:
            if name != but:
                self._placement.give_back(name, row.name)
                self._placement.give_back(name, _next(row.name))

    def _write(self, row: ServiceRow, **values: Any) -> None:
        """Write what was seen, unless the row was changed meanwhile: the next step sees the new wish."""
        if all(getattr(row, name) == value for name, value in values.items()):
            return
        with self._records.write() as connection:
            now = services.find(connection, row.name)
            if now is not None and now.updated == row.updated:
                services.change(connection, row.name, seen=time.time(), **values)


def lent(records: Records, deployer: Deployer) -> dict[str, dict[str, Loan]]:
    """Return what running services hold, by environment and service: placement is told when an engine takes over.

    Args:
        records: Where the rows of services are.
        deployer: On a Ray that runs already, with this process as its driver.
    """
    held = deployer.held()
    with records.read() as connection:
        rows = services.every(connection)
    found: dict[str, dict[str, Loan]] = {}
    for row in rows:
        if row.name in held:
            found.setdefault(row.environment, {})[row.name] = Loan(held[row.name], tuple(row.devices))
    return found


def note_of(workspace: Workspace, row: ServiceRow) -> Path:
    """Return the file in which the replica of a service's version writes that it has begun."""
    return workspace.root / "ray" / "held" / f"service.{row.name}.{row.version}"


def _next(service: str) -> str:
    """Return the borrower that a new version is while the old one still serves."""
    return f"{service} (next)"
