"""Which part of which device belongs to which environment."""

from collections.abc import Iterable

from resources.devices import Inventory
from resources.environments import EnvironmentSpec
from resources.scheduling.machines import Gpu, Machine
from resources.scheduling.pool import Setup
from resources.shares import WHOLE

HOST = "host"
"""Name of the machine whose inventory is shared out."""


def setups_of(inventory: Inventory, environments: Iterable[EnvironmentSpec]) -> dict[str, Setup]:
    """Return what each environment is made of on one machine.

    Whole devices go first, in the order of the environments; parts are put on the device that has the least left and
    enough, so that as few devices as can be are shared by several environments.

    Args:
        inventory: Of the machine; together the quotas are no more than it has.
        environments: Whose quotas are shared out.
    """
    specs = list(environments)
    left = {gpu.index: WHOLE for gpu in inventory.gpus}
    parts: dict[str, list[Gpu]] = {spec.name: [] for spec in specs}
    for spec in specs:
        for _ in range(spec.quota.gpu // WHOLE):
            index = next((index for index, share in left.items() if share == WHOLE), None)
            if index is not None:
                left[index] = 0
                parts[spec.name].append(Gpu(device_name(index)))
    for spec in specs:
        wanted = spec.quota.gpu % WHOLE
        fitting = [index for index, share in left.items() if share >= wanted]
        if wanted and fitting:
            index = min(fitting, key=lambda one: (left[one], one))
            left[index] -= wanted
            parts[spec.name].append(Gpu(device_name(index), wanted))
    model = inventory.gpus[0].name if inventory.gpus else ""
    return {
        spec.name: Setup(
            (Machine(HOST, spec.quota.cpu, spec.quota.memory, tuple(parts[spec.name]), model),),
            spec.policy,
            spec.scheduling,
            spec.projects,
        )
        for spec in specs
    }


def device_name(index: int) -> str:
    """Return what a device is called by its number on the machine."""
    return f"gpu{index}"


def device_index(name: str) -> int:
    """Return the number of a device on the machine."""
    return int(name.removeprefix("gpu"))
