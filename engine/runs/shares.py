"""The environments of a workspace: made at first start, and read for those who check quotas."""

from engine.config import Settings
from engine.records import Records, environments
from engine.records.environments import EnvironmentRow
from resources.devices import Inventory
from resources.environments import EnvironmentSpec, default_environments

BY_US = "tandem"
"""Who made an environment that no user has touched: it follows the machine."""


def machine(settings: Settings) -> Inventory:
    """Return what may be shared out: this machine, or as much as the settings say."""
    return Inventory.of_machine(cpus=settings.cpus, gpus=settings.gpus, devices=settings.devices)


def ensure_environments(records: Records, settings: Settings) -> tuple[EnvironmentSpec, ...]:
    """Return the environments, making `train`, `test` and `inference` where there is none yet.

    Those that no user has changed are fitted to this machine again.
    """
    with records.read() as connection:
        rows = environments.every(connection)
    if rows and any(row.actor != BY_US for row in rows):
        return specs(rows)
    fresh = [
        EnvironmentRow(spec.name, spec.policy, spec.quota.document(), settings.project, BY_US, pool=spec.pool)
        for spec in default_environments(machine(settings))
    ]
    if {row.name: (row.quota, row.pool) for row in rows} != {row.name: (row.quota, row.pool) for row in fresh}:
        with records.write() as connection:
            for row in fresh:
                environments.put_environment(connection, row)
    return specs(fresh)


def current_environments(records: Records) -> tuple[EnvironmentSpec, ...]:
    """Return the environments as they are to be now."""
    with records.read() as connection:
        return specs(environments.every(connection))


def specs(rows: list[EnvironmentRow]) -> tuple[EnvironmentSpec, ...]:
    """Return environments as the room of resources knows them."""
    return tuple(
        EnvironmentSpec.of(row.name, row.policy, row.quota, row.scheduling, row.level, row.projects, row.pool)
        for row in rows
    )
