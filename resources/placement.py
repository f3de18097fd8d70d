"""Quotas that hold: each environment's share is a placement group of Ray, so nobody else can take it.

Groups cannot be resized. A service brings a group of its own, so its share is taken out of the environment's
group by making that group anew, smaller; only a `fixed` environment, in which no tasks run, can do that.
"""

import difflib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from resources.devices import Inventory
from resources.enforcement import mps
from resources.enforcement.cores import cores_of
from resources.enforcement.limits import Limits
from resources.environments import EnvironmentSpec
from resources.errors import PlacementError, QuotaError
from resources.pools import divide
from resources.shares import WHOLE, Amount, ResourceRequest

PREFIX = "tandem:"
PATIENCE_S = 20.0
_PLAIN = ("CPU", "memory", "object_store_memory")  # in a bundle, all else is devices: GPU, NPU and so on


@dataclass(frozen=True, slots=True)
class Holding:
    """One placement group as Ray's own table shows it: what it holds and for whom."""

    name: str
    state: str
    amount: Amount

    @property
    def environment(self) -> str:
        """The environment whose group it is; empty for a group of somebody else, such as a replica's."""
        return self.name.removeprefix(PREFIX) if self.name.startswith(PREFIX) else ""


@dataclass(frozen=True, slots=True)
class Loan:
    """What a service has of its environment.

    Attributes:
        devices: Names of those it runs on; it has the same part of each.
    """

    amount: Amount
    devices: tuple[str, ...] = ()

    @property
    def part(self) -> int:
        """What it has of each of its devices, in ten-thousandths."""
        return min(self.amount.gpu, WHOLE)


class Placement:
    """The environments of a workspace on the Ray that this process drives.

    Args:
        environments: Their names are unique, and all quotas together are no more than there is.
        lent: What runs already outside the groups, by environment and borrower: the services that were
            deployed before this process began.
        inventory: The devices that are divided among the environments.
        cores: Of this machine, where work runs on it; none on a Ray elsewhere.
    """

    def __init__(
        self,
        environments: Iterable[EnvironmentSpec],
        lent: Mapping[str, Mapping[str, Loan]] | None = None,
        inventory: Inventory | None = None,
        cores: Sequence[int] = (),
    ) -> None:
        self._cores = cores
        self._environments = {spec.name: spec for spec in environments}
        self._inventory = inventory or Inventory.logical()
        self._lent = {name: dict((lent or {}).get(name, {})) for name in self._environments}
        self._groups: dict[str, Any] = {}
        self.down: frozenset[str] = frozenset()
        """Devices that nothing new is lent on; whoever watches them writes this."""

    def open(self) -> None:
        """Reserve what is not lent of every environment's share, on a new Ray, too.

        Groups that a dead process left behind are removed first.

        Raises:
            PlacementError: A share is not free within 20 seconds: something else holds it.
        """
        self._groups.clear()
        for identifier, name in _ours().items():
            _remove(identifier, name)
        for name in self._environments:
            self._reserve(name)

    def change(self, environments: Iterable[EnvironmentSpec]) -> None:
        """Take other environments: the groups of those that change are made anew, and what runs in them ends.

        Raises:
            QuotaError: Services have more than their environment would; nothing has changed then.
            PlacementError: A service has devices that its environment would not have; nothing has changed then.
        """
        wanted = {spec.name: spec for spec in environments}
        for name, lent in self._lent.items():
            check_loans(name, lent, wanted, self._inventory)
        old, self._environments = self._environments, wanted
        self._lent = {name: self._lent.get(name, {}) for name in wanted}
        changing = [name for name in {**old, **wanted} if old.get(name) != wanted.get(name)]
        for name in changing:
            group = self._groups.pop(name, None)
            if group is not None:
                _remove(group.id.hex(), PREFIX + name)
        for name in changing:
            if name in wanted:
                self._reserve(name)

    def close(self) -> None:
        """Give all shares back; what runs in them ends."""
        import ray

        for group in self._groups.values():
            ray.util.remove_placement_group(group)
        self._groups.clear()

    @property
    def names(self) -> list[str]:
        """The names of the environments."""
        return list(self._environments)

    def _names(self, *, fixed: bool) -> str:
        return ", ".join(repr(one.name) for one in self._environments.values() if (one.policy == "fixed") is fixed)

    def environment(self, name: str) -> EnvironmentSpec:
        """Return an environment.

        Raises:
            PlacementError: There is none of this name.
        """
        if name not in self._environments:
            near = difflib.get_close_matches(name, self._environments, n=3) or self.names
            raise PlacementError(f"No environment {name!r}.", hint=f"Did you mean one of {', '.join(map(repr, near))}?")
        return self._environments[name]

    def request(self, name: str, asked: Mapping[str, Any] | None = None) -> ResourceRequest:
        """Return what a task that runs in the environment asks for.

        Args:
            name: An environment that runs tasks.
            asked: As users write it, `{"gpu": 0.25, "cpu": 2, "memory": "4GiB"}`; nothing means a small default.

        Raises:
            ShareError: No such share exists.
            QuotaError: The quota can never fulfil it; Ray would let it wait for ever without a word.
            PlacementError: No such environment, or it keeps its share for services.
        """
        spec = self.environment(name)
        if spec.policy == "fixed":
            raise PlacementError(
                f"The environment {name!r} keeps its share for services.",
                hint=f"Run in one of {self._names(fixed=False)}.",
            )
        return spec.request(asked)

    def options(self, name: str, share: Amount) -> dict[str, Any]:
        """Return the options of a Ray task that runs in the environment with a share of CPU and memory.

        Ray would choose the GPU by itself, so it is not asked for one: which devices a task sees, its worker sets. The
        environment's group holds its GPUs, so that nobody else gets them.
        """
        from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

        options = {
            "num_cpus": share.cpu / WHOLE,
            "num_gpus": 0,
            "memory": share.memory or None,
            "scheduling_strategy": PlacementGroupSchedulingStrategy(self._groups[name], 0),
        }
        return {option: value for option, value in options.items() if value is not None}

    def free(self, name: str) -> Amount:
        """Return what of the quota is not lent to services."""
        return self.environment(name).quota - _sum(self._lent[name])

    def loan(self, name: str, borrower: str) -> Loan | None:
        """Return what a service has; None where it has nothing."""
        return self._lent[name].get(borrower) if name in self._lent else None

    def bundles(self, name: str, loan: Loan) -> list[dict[str, float]]:
        """Return the bundles of the group that a service brings."""
        return [self.environment(name).bundle(loan.amount)]

    def seen(self, loan: Loan) -> dict[str, str]:
        """Return the variables that let a service see its devices, and no others."""
        return self._inventory.seen(self._inventory.named(loan.devices))

    def partition(self, name: str, loan: Loan) -> dict[str, str]:
        """Return the variables that make a service a client of MPS with its part; none where it is none."""
        return mps.variables(self.environment(name).level, loan.amount, self._inventory.named(loan.devices))

    def limits(self, name: str, loan: Loan) -> Limits:
        """Return what a service may take, by the level of its environment."""
        limits = Limits.of(self.environment(name).level, loan.amount, self._inventory.named(loan.devices))
        return replace(limits, cores=self.cores(name))

    def cores(self, name: str) -> tuple[int, ...]:
        """Return the cores on which the work of an environment runs; any when empty."""
        return cores_of(self._cores, self._environments.values()).get(name, ())

    def lend(self, name: str, borrower: str, request: ResourceRequest, *, after: str = "") -> Loan:
        """Take `request` out of the environment's group for a service.

        What the same borrower had is replaced, on the same devices if they have enough. The caller starts the service,
        which then waits at most for what it replaces.

        Args:
            name: A fixed environment.
            borrower: Name of the service; unique in the environment.
            request: The share of all its replicas together.
            after: A borrower whose place it takes, with its devices; that one has nothing any more.

        Raises:
            QuotaError: More than the quota.
            PlacementError: More than is left of it or of one of its devices, or the environment is not fixed.
        """
        spec = self.environment(name)
        if spec.policy != "fixed":
            raise PlacementError(
                f"The environment {name!r} is {spec.policy}, and services need a fixed share.",
                hint=f"Deploy into one of {self._names(fixed=True)}.",
            )
        spec.check(request)
        mine = {key: loan for key, loan in self._lent[name].items() if key in (borrower, after)}
        left = self.free(name) + _sum(mine)
        if not request.fits(left):
            raise PlacementError(
                f"The environment {name!r} has {left} left, and {request} was asked for.",
                hint="Stop a service there, or ask for a smaller share.",
            )
        others = {key: loan for key, loan in self._lent[name].items() if key not in mine}
        had = mine.get(after) or mine.get(borrower) or Loan(Amount())
        loan = Loan(request, self._devices(spec, request, others, had))
        self._lent[name] = {**others, borrower: loan}
        # What it had is free only when its replica is gone, which comes after this: then Ray makes the group by itself.
        self._reserve(name, patience_s=0 if mine else PATIENCE_S)
        return loan

    def has_room(self, name: str, request: ResourceRequest) -> bool:
        """Return whether a share could be lent beside all that is lent already, on devices that are in service."""
        spec = self.environment(name)
        if not request.fits(self.free(name)):
            return False
        try:
            self._devices(spec, request, self._lent[name], Loan(Amount()))
        except PlacementError:
            return False
        return True

    def _devices(
        self, spec: EnvironmentSpec, request: Amount, others: Mapping[str, Loan], had: Loan
    ) -> tuple[str, ...]:
        """Return the devices of an environment on which a service finds its part: those it had, then the fullest.

        One that is out of service is taken only by who had it, and finds no other.
        """
        wanted = Loan(request).part
        if not wanted:
            return ()
        left = {device.device: part for device, part in divide(self._inventory, self._environments.values())[spec.name]}
        for loan in others.values():
            for device in loan.devices:
                left[device] = left.get(device, 0) - loan.part
        left = {name: part for name, part in left.items() if name not in self.down or name in had.devices}
        count = -(-request.gpu // WHOLE)
        fitting = sorted(
            (name for name, part in left.items() if part >= wanted),
            key=lambda name: (name in self.down, name not in had.devices, left[name], name),
        )
        if len(fitting) < count:
            most = max(left.values(), default=0)
            raise PlacementError(
                f"No device of {spec.name!r} has {wanted / WHOLE:g} left, and the most is {most / WHOLE:g}.",
                hint="Stop a service there, or ask for a smaller share.",
            )
        return tuple(fitting[:count])

    def give_back(self, name: str, borrower: str) -> None:
        """Return a service's share to its environment; nothing happens if it had none.

        The group is made at once and takes the share as soon as the replica's own group is gone.
        """
        if self._lent[self.environment(name).name].pop(borrower, None) is not None:
            self._reserve(name, patience_s=0)

    def holdings(self) -> list[Holding]:
        """Return every living group in Ray's table, ours and those of replicas, by name: the table has no order."""
        living = [row for row in _table().values() if row["state"] != "REMOVED"]
        found = [Holding(row["name"], row["state"], _amount(row["bundles"].values())) for row in living]
        return sorted(found, key=lambda holding: holding.name)

    def _reserve(self, name: str, patience_s: float = PATIENCE_S) -> None:
        """Make the environment's group anew with what is left of its quota."""
        import ray

        old = self._groups.pop(name, None)
        if old is not None:
            _remove(old.id.hex(), PREFIX + name)
        left = self.free(name)
        if left == Amount():
            return
        group = ray.util.placement_group(
            [self.environment(name).bundle(left)], strategy="STRICT_PACK", name=PREFIX + name
        )
        self._groups[name] = group
        if patience_s and not group.wait(patience_s):
            raise PlacementError(
                f"The environment {name!r} could not reserve {left} within {patience_s:g} seconds.",
                hint="Something else holds it: see `tandem resources`.",
            )


def check_loans(
    name: str, loans: Mapping[str, Loan], environments: Mapping[str, EnvironmentSpec], inventory: Inventory
) -> None:
    """Check that an environment could still give its services what they have.

    Raises:
        QuotaError: They have more than it would.
        PlacementError: They have devices that it would not have.
    """
    quota = environments[name].quota if name in environments else Amount()
    if loans and not _sum(loans).fits(quota):
        raise QuotaError(
            f"The services of {name!r} have {_sum(loans)}, which is more than it would.",
            hint="Stop a service there first.",
        )
    parts = divide(inventory, environments.values())
    left = {device.device: part for device, part in parts.get(name, ())}
    for service, loan in loans.items():
        for device in loan.devices:
            left[device] = left.get(device, 0) - loan.part
            if left[device] < 0:
                raise PlacementError(
                    f"The service {service!r} has {loan.part / WHOLE:g} of {device}, which {name!r} would not have.",
                    hint="Stop it first, and start it again when the environment is changed.",
                )


def _sum(loans: Mapping[str, Loan]) -> Amount:
    return sum((loan.amount for loan in loans.values()), Amount())


def _table() -> dict[str, dict[str, Any]]:
    import ray

    table: dict[str, dict[str, Any]] = ray.util.placement_group_table()
    return table


def _ours() -> dict[str, str]:
    """Return our living groups in Ray's table: name by identifier."""
    rows = _table().items()
    return {key: row["name"] for key, row in rows if row["name"].startswith(PREFIX) and row["state"] != "REMOVED"}


def _remove(identifier: str, name: str) -> None:
    """Remove a group and wait until its name is free."""
    import ray
    from ray.util.placement_group import PlacementGroup

    ray.util.remove_placement_group(PlacementGroup(ray.PlacementGroupID(bytes.fromhex(identifier))))
    deadline = time.monotonic() + PATIENCE_S
    while _table().get(identifier, {}).get("state", "REMOVED") != "REMOVED":
        if time.monotonic() > deadline:
            raise PlacementError(f"The group {name!r} was not removed within {PATIENCE_S:g} seconds.")
        time.sleep(0.005)


def _amount(bundles: Iterable[Mapping[str, float]]) -> Amount:
    together = Amount()
    for bundle in bundles:
        together += Amount(
            round(bundle.get("CPU", 0) * WHOLE),
            round(sum(amount for name, amount in bundle.items() if name not in _PLAIN and ":" not in name) * WHOLE),
            round(bundle.get("memory", 0)),
        )
    return together
