"""Stands where Ray wants the agent of its dashboard, which is off: says so, and ends with the raylet.

Ray's own takes 80 MB and 0.4 % of a core to do no more than that. Run by the raylet, which ends when this ends, as
`python -I -S resources/agent.py SESSION`; it needs the standard library alone.
"""

import os
import sys
import time
from pathlib import Path

DOORS = ("metrics_agent_port", "metrics_export_port", "dashboard_agent_listen_port")
"""What the raylet waits for: a file each in the folder of the session, with the port or -1."""
CLOSED = "-1"
LOOK_S = 1.0
"""Seconds between two looks whether the raylet is still there."""


def stand_in(session: Path, node: str) -> None:
    """Say that no door is open; return when the process that started this one is gone."""
    parent = os.getppid()
    for door in DOORS:
        fresh = session / f".{door}_{node}"
        fresh.write_text(CLOSED)
        fresh.replace(session / f"{door}_{node}")
    while os.getppid() == parent:
        time.sleep(LOOK_S)


if __name__ == "__main__":
    stand_in(Path(sys.argv[1]), os.environ["RAY_NODE_ID"])
