"""Claims: an engine that has nothing to do takes at most 2 % of a core and 500 MiB, with its Ray.

What counts is the engine process and every process of its Ray: head, raylet, agents and workers that wait. Memory is
proportional (PSS of smaps_rollup: a page that several processes share counts once). Screens are not part of it.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from measuring import say, verdict, write_figures

from engine import Workbench
from resources.cluster import find_cluster

SETTLED_S, MEASURED_S = 20.0, 60.0
CPU_LIMIT_PERCENT, MEMORY_LIMIT_MIB = 2.0, 500.0


def main() -> int:
    """Measure both claims and return 1 where one is missed."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Workbench.open(Path(folder) / "workspace")
        try:
            bench.engine.start()
            time.sleep(SETTLED_S)
            processes = _family(bench)
        finally:
            bench.engine.stop()
    figures: dict[str, Any] = {
        "processes": processes,
        "cpu_percent": sum(one["cpu_percent"] for one in processes),
        "memory_mib": sum(one["memory_mib"] for one in processes),
    }
    write_figures("idle", figures)
    kept = [
        verdict("an idle engine, % of a core", figures["cpu_percent"], CPU_LIMIT_PERCENT),
        verdict("an idle engine, MiB", figures["memory_mib"], MEMORY_LIMIT_MIB),
    ]
    return 0 if all(kept) else 1


def _family(bench: Workbench) -> list[dict[str, Any]]:
    """Return what each process takes while nothing is asked for, the largest first."""
    cluster = find_cluster(bench.workspace.root / "ray")
    if cluster is None:
        raise SystemExit("There is no Ray.")
    pids = [bench.engine.status()["pid"], *(process.pid for process in cluster.processes())]
    members = [psutil.Process(pid) for pid in dict.fromkeys(pids) if psutil.pid_exists(pid)]
    before = {one.pid: _seconds(one) for one in members}
    time.sleep(MEASURED_S)
    found = []
    for one in members:
        memory = one.memory_full_info().pss / 2**20
        cpu = 100 * (_seconds(one) - before[one.pid]) / MEASURED_S
        name = " ".join(one.cmdline()).strip()
        found.append({"name": name[:60], "cpu_percent": cpu, "memory_mib": memory})
        say(f"  {cpu:5.2f} %  {memory:6.1f} MiB  {name[:60]}")
    return sorted(found, key=lambda one: -one["memory_mib"])


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    sys.exit(main())
