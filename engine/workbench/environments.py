"""The desk for environments: what they are, who changed them, and changing them."""

import dataclasses
import time
from collections.abc import Iterable, Mapping
from typing import Any

from engine.config import Settings, Workspace
from engine.errors import NotFoundError
from engine.records import Records, environments, services
from engine.records.environments import ChangeRow, EnvironmentRow
from engine.records.services import ServiceRow
from engine.runs.shares import machine, specs
from engine.workbench.resources import HOLDING
from resources.devices import Inventory
from resources.enforcement.levels import check_level, offered
from resources.environments import check_together
from resources.errors import QuotaError
from resources.scheduling.policies import POLICIES, policy_of
from resources.shares import Amount, ResourceRequest


class EnvironmentDesk:
    """Environments of a workspace. A running engine takes a change when nothing runs in what changes.

    Args:
        workspace: Whose environments.
        records: Of the workspace.
        settings: Who acts, and what the machine may share out.
    """

    def __init__(self, workspace: Workspace, records: Records, settings: Settings) -> None:
        self._workspace, self._records, self._settings = workspace, records, settings

    def show(self, name: str) -> dict[str, Any]:
        """Return one environment as `list` has it, with what can be chosen for it.

        `inventory` is what all of them may have together; `policies` and `levels` are what there is to choose from.

        Raises:
            NotFoundError: There is none of this name.
        """
        with self._records.read() as connection:
            row = self._found(environments.find(connection, name), name)
        inventory = self._inventory()
        choices = {"policies": list(POLICIES), "levels": offered(inventory)}
        return {**_document(row), "inventory": inventory.document(), **choices}

    def change(
        self,
        name: str,
        *,
        policy: str | None = None,
        quota: Mapping[str, Any] | None = None,
        scheduling: str | None = None,
        level: str | None = None,
        projects: Mapping[str, Mapping[str, Any] | None] | None = None,
    ) -> dict[str, Any]:
        """Change an environment, and return it; what is not given stays.

        Args:
            name: Of the environment.
            policy: `elastic`, `mixed` or `fixed`.
            quota: As users write it, `{"gpu": 0.5, "cpu": 2, "memory": "4GiB"}`; what is missing stays.
            scheduling: A policy by which its tasks get their shares.
            level: How firmly shares are held: `advisory`, `capped`, `partitioned` or `hardware`.
            projects: The most that a project may hold at once, by its name, as `quota`; None lets it have all again.

        Raises:
            NotFoundError: There is none of this name.
            ShareError: No such policy or share exists.
            PlacementError: No such scheduling policy exists.
            LevelError: Nothing on this machine holds shares at that level.
            QuotaError: All environments together would have more than there is, this one has no CPU, or less than the
                services there have.
            ReadOnlyError: Nothing may be changed here.
        """
        self._workspace.require_writable()
        if level:
            check_level(level, self._inventory())
        with self._records.write() as connection:
            row = self._found(environments.find(connection, name), name)
            wanted = dataclasses.replace(
                row,
                policy=policy or row.policy,
                quota=_quota(row.quota, quota or {}),
                scheduling=policy_of(scheduling or row.scheduling).name,
                level=row.level if level in (None, specs([row])[0].level) else level,
                projects=_limits(row, projects or {}),
                actor=self._settings.actor,
            )
            others = [one for one in environments.every(connection) if one.name != name]
            check_together(specs([*others, wanted]), self._inventory())
            _check_services(wanted, services.every(connection))
            if wanted.told() != row.told():
                environments.put_environment(connection, wanted)
                change = ChangeRow(name, time.time(), self._settings.actor, row.told(), wanted.told())
                environments.note_change(connection, change)
        return self.show(name)

    def history(self, name: str = "") -> list[dict[str, Any]]:
        """Return who changed what when, newest first: `[{"name", "at", "actor", "before", "after"}]`."""
        with self._records.read() as connection:
            return [dict(vars(row)) for row in environments.changes(connection, name)]

    def list(self) -> list[dict[str, Any]]:
        """Return `[{"name", "policy", "quota", "scheduling", "level", "actor"}]`, the oldest first."""
        with self._records.read() as connection:
            return [_document(row) for row in environments.every(connection)]

    def _inventory(self) -> Inventory:
        return machine(self._settings)

    def _found(self, row: EnvironmentRow | None, name: str) -> EnvironmentRow:
        if row is None:
            names = ", ".join(one["name"] for one in self.list())
            raise NotFoundError(f"There is no environment {name!r}.", hint=f"There are {names}.")
        return row


def _document(row: EnvironmentRow) -> dict[str, Any]:
    [spec] = specs([row])
    return {"name": row.name, **row.told(), "level": spec.level, "actor": row.actor}


def _check_services(wanted: EnvironmentRow, served: Iterable[ServiceRow]) -> None:
    mine = [row for row in served if row.environment == wanted.name and row.status in HOLDING]
    have = sum((Amount.of_document(row.share) for row in mine), Amount())
    if not have.fits(Amount.of_document(wanted.quota)):
        raise QuotaError(
            f"The services of {wanted.name!r} have {have}, which is more than it would.",
            hint="Stop a service there first.",
        )


def _limits(row: EnvironmentRow, given: Mapping[str, Mapping[str, Any] | None]) -> dict[str, Any]:
    """Return the limits of projects with what was given in place of what they had; what is not named has no limit."""
    limits = dict(row.projects)
    for project, most in given.items():
        limits.pop(project, None)
        if most is not None:
            limits[project] = {**row.quota, **_parsed(most)}
    return limits


def _quota(old: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, int]:
    """Return a quota with what was given in place of what it had."""
    quota = ResourceRequest.of_document({**old, **_parsed(given)})
    if not quota.cpu:
        raise QuotaError("An environment without CPU can run nothing.", hint="Give it a part of one at least.")
    return quota.document()


def _parsed(given: Mapping[str, Any]) -> dict[str, int]:
    """Return what was given in ten-thousandths and bytes, and nothing of what was not.

    Raises:
        ShareError: A name is unknown, or an amount cannot be.
    """
    ResourceRequest.parse(given)
    return {key: getattr(ResourceRequest.parse({key: value}), key) for key, value in given.items()}
