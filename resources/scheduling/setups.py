"""What each environment is made of on one machine, as the scheduler counts it."""

from collections.abc import Iterable

from resources.devices import Inventory
from resources.environments import EnvironmentSpec
from resources.pools import divide
from resources.scheduling.machines import Gpu, Machine
from resources.scheduling.pool import Setup

HOST = "host"
"""Name of the machine whose inventory is shared out."""


def setups_of(inventory: Inventory, environments: Iterable[EnvironmentSpec]) -> dict[str, Setup]:
    """Return what each environment is made of on one machine, see `resources.pools.divide`.

    Args:
        inventory: Of the machine; together the quotas are no more than it has.
        environments: Whose quotas are shared out.
    """
    specs = list(environments)
    parts = divide(inventory, specs)
    found = {}
    for spec in specs:
        gpus = tuple(Gpu(device.device, part) for device, part in parts[spec.name])
        models = {device.labels["model"] for device, _ in parts[spec.name]}
        model = models.pop() if len(models) == 1 else spec.kind if models else ""
        machine = Machine(HOST, spec.quota.cpu, spec.quota.memory, gpus, model)
        found[spec.name] = Setup((machine,), spec.policy, spec.scheduling, spec.projects)
    return found
