"""What the reconciler stands between: who runs services, and who lends them their shares."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from engine.serving.deployer import Deployed
from engine.serving.replica import ReplicaOrder
from resources.enforcement.limits import Limits
from resources.placement import Loan
from resources.shares import Amount, ResourceRequest


class Deployer(Protocol):
    """What runs services; `ServeDeployer` does on Ray."""

    def start(self, port: int | None = None) -> int:
        """Run the HTTP proxy and return its port."""

    def deploy(
        self,
        order: ReplicaOrder,
        share: ResourceRequest,
        bundles: Sequence[Mapping[str, float]],
        *,
        beside: bool = True,
    ) -> None:
        """Ask for a replica; it starts beside the one it replaces, or after that one has stopped."""

    def remove(self, service: str) -> None:
        """Stop a service."""

    def states(self) -> Mapping[str, Deployed]:
        """Return where each service stands."""

    def held(self) -> Mapping[str, Amount]:
        """Return what the replicas of each service hold."""


class Lender(Protocol):
    """What lends shares of an environment; `resources.placement.Placement` does."""

    @property
    def names(self) -> Sequence[str]:
        """Every environment."""

    def lend(self, name: str, borrower: str, request: ResourceRequest, *, after: str = "") -> Loan:
        """Take a share out of an environment for a borrower, perhaps in place of another one."""

    def loan(self, name: str, borrower: str) -> Loan | None:
        """Return what a borrower has."""

    @property
    def down(self) -> Collection[str]:
        """Devices that are out of service."""

    def has_room(self, name: str, request: ResourceRequest) -> bool:
        """Return whether a share could be lent beside all that is lent."""

    def bundles(self, name: str, loan: Loan) -> list[dict[str, float]]:
        """Return the bundles of the group that a service brings."""

    def seen(self, loan: Loan) -> dict[str, str]:
        """Return the variables that let a service see its devices, and no others."""

    def partition(self, name: str, loan: Loan) -> dict[str, str]:
        """Return the variables that make a service a client of MPS with its part; none where it is none."""

    def limits(self, name: str, loan: Loan) -> Limits:
        """Return what a service may take."""

    def give_back(self, name: str, borrower: str) -> None:
        """Return what a borrower has."""
