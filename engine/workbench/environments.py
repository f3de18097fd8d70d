"""The desk for environments: what they are, who changed them, and changing them."""

import dataclasses
import time
from collections.abc import Iterable, Mapping
from typing import Any

from engine.config import Settings, Workspace
from engine.errors import NotFoundError
from engine.records import Records, environments, services
from engine.records.environments import ChangeRow, EnvironmentRow
from engine.records.services import HOLDING, ServiceRow
from engine.runs.shares import machine, specs
from resources.devices import Inventory
from resources.enforcement.binding import here
from resources.enforcement.cores import check_cores
from resources.enforcement.levels import check_level, offered
from resources.environments import EnvironmentSpec
from resources.errors import QuotaError, ShareError
from resources.placement import Loan, check_loans
from resources.pools import check_together
from resources.profiles import GPU
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

        `inventory` is what all of them may have together; `policies`, `levels` and `pools` are what there is to choose
        from.

        Raises:
            NotFoundError: There is none of this name.
        """
        with self._records.read() as connection:
            row = self._found(environments.find(connection, name), name)
        inventory = self._inventory()
        choices = {"policies": list(POLICIES), "levels": offered(inventory), "pools": _pools(inventory)}
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
        pool: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Change an environment, and return it; what is not given stays.

        Args:
            name: Of the environment.
            policy: `elastic`, `mixed` or `fixed`.
            quota: As users write it, `{"gpu": 0.5, "cpu": 2, "memory": "4GiB"}`; what is missing stays.
            scheduling: A policy by which its tasks get their shares.
            level: How firmly shares are held: `advisory`, `capped`, `partitioned` or `hardware`.
            projects: The most that a project may hold at once, by its name, as `quota`; None lets it have all again.
            pool: Labels that its devices must have, `{"model": "A100"}` or `{"kind": "NPU"}`; empty: any GPU.

        Raises:
            NotFoundError: There is none of this name.
            ShareError: No such policy, share or label exists.
            LevelError: Nothing on this machine holds shares at that level.
            QuotaError: All environments together would have more than there is, or more of a pool than it has; this one
                has no CPU, or less than the services there have.
            PlacementError: No such scheduling policy exists; or services have devices that it would not have.
            ReadOnlyError: Nothing may be changed here.
        """
        self._workspace.require_writable()
        with self._records.write() as connection:
            row = self._found(environments.find(connection, name), name)
            wanted = dataclasses.replace(
                row,
                policy=policy or row.policy,
                quota=_quota(row.quota, quota or {}),
                scheduling=policy_of(scheduling or row.scheduling).name,
                level=row.level if level in (None, specs([row])[0].level) else level,
                projects=_limits(row, projects or {}),
                pool=row.pool if pool is None else _pool(pool, self._inventory()),
                actor=self._settings.actor,
            )
            together = specs([wanted if one.name == name else one for one in environments.every(connection)])
            spec = next(one for one in together if one.name == name)
            if level or quota:
                check_level(spec.level, self._inventory(), spec.quota.gpu)
            check_together(together, self._inventory())
            check_cores(here(), together)
            _check_services(together, services.every(connection), self._inventory())
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


def _pools(inventory: Inventory) -> list[dict[str, str]]:
    """Return the pools that can be told apart here: any GPU, each other kind, each model."""
    kinds = [{"kind": kind} for kind in inventory.kinds() if kind != GPU]
    models = {(one.kind, one.labels["model"]) for one in inventory.devices}
    named = [{"model": model} if kind == GPU else {"kind": kind, "model": model} for kind, model in sorted(models)]
    return [{}, *kinds, *named]


def _pool(wanted: Mapping[str, str], inventory: Inventory) -> dict[str, str]:
    """Return a pool; one that names a model of another kind than GPU has its kind added.

    Raises:
        ShareError: A label does not exist, or no device here has it.
    """
    unknown = sorted(set(wanted) - {"kind", "model"})
    if unknown:
        raise ShareError(f"There is no label {unknown[0]!r}.", hint="Labels are kind and model.", field="pool")
    if not wanted:
        return {}
    found = [one for one in inventory.devices if all(one.labels[key] == value for key, value in wanted.items())]
    if not found:
        known = sorted({f"{key}={value}" for one in inventory.devices for key, value in one.labels.items()})
        told = ", ".join(f"{key}={value}" for key, value in wanted.items())
        hint = f"There are {', '.join(known)}." if known else "There are no devices; TANDEM_DEVICES pretends some."
        raise ShareError(f"No device here has {told}.", hint=hint, field="pool")
    kinds = {one.kind for one in found}
    pool = {key: value for key, value in wanted.items() if (key, value) != ("kind", GPU)}
    return pool if GPU in kinds else {"kind": min(kinds), **pool}


def _check_services(wanted: Iterable[EnvironmentSpec], served: Iterable[ServiceRow], inventory: Inventory) -> None:
    named, rows = {spec.name: spec for spec in wanted}, [row for row in served if row.status in HOLDING]
    for name in named:
        mine = [row for row in rows if row.environment == name]
        loans = {row.name: Loan(Amount.of_document(row.share), tuple(row.devices)) for row in mine}
        check_loans(name, loans, named, inventory)


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
    unknown = sorted(set(given) - {"cpu", "gpu", "memory"})
    if unknown:
        raise ShareError(
            f"There is no resource {unknown[0]!r}.", hint="Resources are cpu, gpu and memory.", field=unknown[0]
        )
    ResourceRequest.parse(given)
    return {key: getattr(ResourceRequest.parse({key: value}), key) for key, value in given.items()}
