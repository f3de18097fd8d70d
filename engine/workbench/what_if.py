"""What would start at once if an environment had more."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.workbench.claims import Claim
from resources.devices import Inventory
from resources.environments import EnvironmentSpec
from resources.scheduling.events import Arrived
from resources.scheduling.instructions import Start
from resources.scheduling.scheduler import Scheduler
from resources.scheduling.setups import setups_of
from resources.scheduling.tasks import Task
from resources.shares import WHOLE, Amount, ResourceRequest


def what_if(
    inventory: Inventory,
    spec: EnvironmentSpec,
    holding: Sequence[Claim],
    waiting: Sequence[Claim],
    more: Mapping[str, float],
) -> dict[str, Any]:
    """Return which of the stages that wait in an environment would start if it had more, by the scheduler itself.

    Args:
        inventory: Of this machine.
        spec: The environment.
        holding: Stages that have a share there.
        waiting: Stages that wait for one there.
        more: GPUs (whole ones, or a part, of the kind and model of its pool) and CPUs that are added.

    Returns:
        `{"starts": [name], "waits": [name], "quota": {...}}`.
    """
    gpu, cpu = round(more.get("gpu", 0) * WHOLE), round(more.get("cpu", 0) * WHOLE)
    wanted = spec.quota.gpu + gpu
    whole = wanted - wanted % WHOLE if wanted > WHOLE else wanted  # above one GPU a quota is of whole ones
    quota = ResourceRequest(spec.quota.cpu + cpu, whole, spec.quota.memory)
    pool = sum(spec.admits(one) for one in inventory.devices)
    missing = max(0, -(-quota.gpu // WHOLE) - pool)
    larger = replace(inventory, cpus=max(inventory.cpus, quota.cpu)).with_more(missing, spec.pool)
    scheduler = Scheduler(setups_of(larger, [replace(spec, quota=quota)]))
    started: set[str] = set()
    for number, claim in enumerate([*holding, *waiting]):
        told = scheduler.handle(Arrived(float(number), _task(number, claim, spec.name, runs=number < len(holding))))
        started |= {one.task for one in told if isinstance(one, Start)}
    names = [(str(number + len(holding)), claim.name) for number, claim in enumerate(waiting)]
    return {
        "starts": [name for token, name in names if token in started],
        "waits": [name for token, name in names if token not in started],
        "quota": quota.document(),
    }


def _task(number: int, claim: Claim, environment: str, *, runs: bool) -> Task:
    share: Amount = claim.share
    request = ResourceRequest(share.cpu, share.gpu, share.memory)
    return Task(str(number), request, environment, priority=int(runs))
