"""A stand-in for the engine: takes over what runs, reconciles until nothing is on its way, and ends.

Run as `python -m tests.serving.engine_process <workspace> <cluster as JSON> [stop]`.
"""

import json
import sys
import time

from engine.config import Workspace
from engine.records.database import Records
from engine.serving.deployer import ServeDeployer
from engine.serving.reconciler import Reconciler, lent
from resources.cluster import Cluster
from resources.connection import connect
from resources.devices import Inventory
from resources.environments import default_environments
from resources.placement import Placement

INVENTORY = Inventory.logical(cpus=2, gpus=2)


def main(root, cluster, stop=""):
    """Do the work of one engine."""
    connect(Cluster.of_document(json.loads(cluster)))
    workspace = Workspace.at(root)
    records, deployer = Records.open(workspace), ServeDeployer()
    held = lent(records, deployer)
    print(json.dumps({name: sum(loan.amount.gpu for loan in found.values()) for name, found in held.items()}))  # noqa: T201
    placement = Placement(default_environments(INVENTORY), held, INVENTORY)
    placement.open()
    reconciler = Reconciler(workspace, records, deployer, placement)
    while reconciler.step():
        time.sleep(0.2)
    placement.close()
    if stop:
        deployer.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
