"""Environments: a policy and a quota each, so that training never starves what serves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, cast, get_args

from resources.device import Device
from resources.devices import Inventory
from resources.errors import QuotaError, ShareError
from resources.levels import check_share
from resources.profiles import GPU
from resources.shares import WHOLE, Amount, ResourceRequest

Policy = Literal["elastic", "mixed", "fixed"]
"""`elastic`: tasks share it. `mixed`: functional tests share it, stress tests do not. `fixed`: services keep it."""

LEVEL = "capped"
"""How firmly shares are held where nobody says otherwise."""

SPLIT: tuple[tuple[str, Policy, int], ...] = (("train", "elastic", 5), ("test", "mixed", 2), ("inference", "fixed", 3))
"""What each environment gets at first, in tenths of everything."""
TOGETHER = 4
"""Nodes of one environment that run at once when none asks for anything."""


@dataclass(frozen=True)
class EnvironmentSpec:
    """One environment: its name, how its share is used, how much it has, and from which devices.

    Attributes:
        quota: More than one GPU must be whole ones; no CPU means that no run can go there.
        pool: Labels that its devices must have, such as `{"model": "A100"}` or `{"kind": "NPU"}`; empty means any GPU.
            All its devices are of one kind, so that what runs on one runs on all.
        scheduling: Name of the scheduling policy by which its tasks get their shares, see `resources.scheduling`.
        level: How firmly shares are held, see `resources.levels`; `capped` when empty.
        projects: The most that the tasks of a project may hold at once; one that is not named may have all.
    """

    name: str
    policy: Policy = "elastic"
    quota: ResourceRequest = field(default_factory=ResourceRequest)
    pool: Mapping[str, str] = field(default_factory=dict)
    scheduling: str = "best_fit"
    level: str = ""
    projects: Mapping[str, ResourceRequest] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.level:
            object.__setattr__(self, "level", LEVEL)
        if self.policy not in get_args(Policy):
            raise ShareError(
                f"The environment {self.name!r} has the policy {self.policy!r}, which does not exist.",
                hint=f"Policies are {', '.join(get_args(Policy))}.",
                field="policy",
            )

    @classmethod
    def of(
        cls,
        name: str,
        policy: str,
        quota: Mapping[str, Any],
        scheduling: str = "best_fit",
        level: str = "",
        projects: Mapping[str, Mapping[str, Any]] | None = None,
        pool: Mapping[str, str] | None = None,
    ) -> Self:
        """Return an environment as the records keep it: quotas in ten-thousandths and bytes."""
        limits = {project: ResourceRequest.of_document(most) for project, most in (projects or {}).items()}
        request = ResourceRequest.of_document(quota)
        return cls(name, cast("Policy", policy), request, dict(pool or {}), scheduling, level, limits)

    @property
    def kind(self) -> str:
        """Of its devices, by Ray's name of such a resource."""
        return self.pool.get("kind", GPU)

    @property
    def pool_in_words(self) -> str:
        """Which devices it may have, for a sentence."""
        return " ".join(filter(None, (self.pool.get("model"), self.kind)))

    def admits(self, device: Device) -> bool:
        """Return whether a device is in its pool."""
        labels = {"kind": self.kind, **self.pool}
        return all(device.labels.get(name) == value for name, value in labels.items())

    def bundle(self, amount: Amount) -> dict[str, float]:
        """Return an amount of it as Ray writes it."""
        return amount.bundle(self.kind)

    @property
    def default_request(self) -> ResourceRequest:
        """What a node takes that asks for nothing: a quarter of the CPUs, at most one; so several run at once."""
        return ResourceRequest(cpu=max(1, min(WHOLE, self.quota.cpu // TOGETHER)))

    def request(self, asked: Mapping[str, Any] | None = None) -> ResourceRequest:
        """Return what a node gets that asked for `{"gpu": 0.25, "cpu": 2, "memory": "4GiB"}` or for nothing.

        Raises:
            ShareError: No such share exists, or it may shrink where shares are fixed.
            QuotaError: It is more than the whole quota.
        """
        wanted = ResourceRequest.parse(asked or {})
        cpu = wanted.cpu or self.default_request.cpu
        if wanted.least and self.policy == "fixed":
            raise ShareError(
                f"Shares of {self.name!r} are fixed, and one that may shrink was asked for.",
                hint="Leave gpu_least out.",
                field="gpu_least",
            )
        return self.check(ResourceRequest(cpu, wanted.gpu, wanted.memory, wanted.least))

    def check(self, request: ResourceRequest) -> ResourceRequest:
        """Return `request` if the quota could ever fulfil it.

        Raises:
            QuotaError: It asks for more than the quota; in Ray it would wait for ever.
            LevelError: Its level cannot hold such a share.
        """
        check_share(self.level, request, self.name)
        if not request.fits(self.quota):
            raise QuotaError(
                f"The environment {self.name!r} has a quota of {self.quota}, and {request} was asked for.",
                hint="Ask for less, or give the environment a larger quota.",
                field=_beyond(request, self.quota),
            )
        return request


def default_environments(inventory: Inventory) -> tuple[EnvironmentSpec, ...]:
    """Return `train`, `test` and `inference`, which together take no more than the inventory has.

    Half goes to training, a fifth to tests, the rest to services. Of several GPUs an environment gets whole
    ones as soon as its part is more than one. Where there are no GPUs, they share the accelerators of another kind.
    """
    kinds = [kind for kind, count in inventory.kinds().items() if count]
    pool = {"kind": kinds[0]} if kinds and kinds[0] != GPU else {}
    count = inventory.kinds()[kinds[0]] if kinds else 0
    return tuple(EnvironmentSpec(name, policy, _part(inventory, count, tenths), pool) for name, policy, tenths in SPLIT)


def _part(inventory: Inventory, count: int, tenths: int) -> ResourceRequest:
    gpu = count * WHOLE * tenths // 10
    whole = gpu - gpu % WHOLE if gpu > WHOLE else gpu
    return ResourceRequest(inventory.cpus * tenths // 10, whole, inventory.memory * tenths // 10)


def _beyond(request: ResourceRequest, quota: ResourceRequest) -> str:
    return next(name for name in ("cpu", "gpu", "memory") if getattr(request, name) > getattr(quota, name))
