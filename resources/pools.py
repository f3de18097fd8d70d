"""Which devices belong to which environment: each has a pool, by labels, and takes its quota out of that."""

from collections.abc import Iterable, Mapping, Sequence

from resources.device import Device
from resources.devices import Inventory
from resources.environments import EnvironmentSpec
from resources.errors import QuotaError
from resources.shares import WHOLE, Amount

Parts = Mapping[str, Sequence[tuple[Device, int]]]
"""By environment its devices, and how much of each, in ten-thousandths."""


def divide(inventory: Inventory, environments: Iterable[EnvironmentSpec]) -> Parts:
    """Return which part of which device belongs to each environment; one that finds too little gets less.

    Whole devices go first, then parts, on the device that has the least left and enough, so that as few devices as can
    be are shared by several environments. Environments with the smallest pool choose first, and nobody takes a device
    that more of the others could use while there is another.
    """
    specs = sorted(environments, key=lambda spec: sum(spec.admits(one) for one in inventory.devices))
    asking = [spec for spec in specs if spec.quota.gpu]
    wanted = {one.device: sum(spec.admits(one) for spec in asking) for one in inventory.devices}
    left = {one.device: WHOLE for one in inventory.devices}
    parts: dict[str, list[tuple[Device, int]]] = {spec.name: [] for spec in specs}
    for spec in asking:
        pool = [one for one in inventory.devices if spec.admits(one)]
        for _ in range(spec.quota.gpu // WHOLE):
            idle = [one for one in pool if left[one.device] == WHOLE]
            if idle:
                chosen = min(idle, key=lambda one: wanted[one.device])
                left[chosen.device] = 0
                parts[spec.name].append((chosen, WHOLE))
    for spec in asking:
        part = spec.quota.gpu % WHOLE
        fitting = [one for one in inventory.devices if spec.admits(one) and left[one.device] >= part]
        if part and fitting:
            chosen = min(fitting, key=lambda one: (left[one.device], wanted[one.device]))
            left[chosen.device] -= part
            parts[spec.name].append((chosen, part))
    return parts


def check_together(environments: Iterable[EnvironmentSpec], inventory: Inventory) -> None:
    """Check that the quotas can all be kept at once.

    Raises:
        QuotaError: Together they are more than there is, or a pool has not the devices that its environment asks for.
    """
    specs = list(environments)
    together = sum((spec.quota for spec in specs), Amount())
    if not together.fits(inventory.total):
        raise QuotaError(
            f"The environments together have quotas of {together}, and there is {inventory.total}.",
            hint="Make a quota smaller; a quota is kept free for its environment at all times.",
        )
    parts = divide(inventory, specs)
    for spec in specs:
        has = sum(part for _, part in parts[spec.name])
        if has < spec.quota.gpu:
            pool = spec.pool_in_words
            raise QuotaError(
                f"The environment {spec.name!r} has a quota of {spec.quota.gpu / WHOLE:g} GPU from {pool}, and"
                f" {has / WHOLE:g} can be given.",
                hint="Make its quota or another's smaller, or let it have other devices; a part lies on one device.",
                field="gpu",
            )
