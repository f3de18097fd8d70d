"""A trace in any of the formats that are known, told apart by the names of its columns."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from resources.errors import TraceError
from resources.scheduling.machines import Machine
from resources.scheduling.traces.cluster import parse_cluster
from resources.scheduling.traces.jobs import Job, Trace
from resources.scheduling.traces.logs import LOGS
from resources.scheduling.traces.openb import PODS, read_machines, read_pods
from resources.scheduling.traces.rows import columns, read_rows


def read_trace(jobs: Path, nodes: Path | None = None, cluster: str = "") -> Trace:
    """Return a trace: openb, Helios (Venus), PAI of 2020 or a workload of Pollux.

    Models of GPUs that jobs ask for count only where the machines have models that some job asks for.

    Args:
        jobs: Its jobs, CSV, also packed by gzip.
        nodes: Its machines as openb lists them.
        cluster: The machines in short instead, see `parse_cluster`.

    Raises:
        TraceError: The format is not known, a line is wrong, or machines are not given, or are given twice.
    """
    names = columns(jobs)
    if (nodes is None) == (not cluster):
        raise TraceError(
            "The machines of the trace are not known." if nodes is None else "The machines are given twice.",
            hint="Name their file with --nodes, or write them in short: --cluster 133x8.",
        )
    machines = parse_cluster(cluster) if nodes is None else read_machines(nodes)
    log = next((one for one in LOGS if set(one.needed) <= set(names)), None)
    if log is not None:
        return Trace(machines, _for(machines, read_rows(jobs, log.needed, log.job)))
    if names and not set(PODS) & set(names):
        known = "; ".join(f"{one.name}: {', '.join(one.needed)}" for one in LOGS)
        raise TraceError(
            f"The columns of {jobs.name} are those of no trace that is known.",
            hint=f"openb: {', '.join(PODS)}; {known}.",
        )
    return Trace(machines, read_pods(jobs))


def _for(machines: Sequence[Machine], jobs: tuple[Job, ...]) -> tuple[Job, ...]:
    have = {machine.model for machine in machines}
    if any(job.task.models & have for job in jobs):
        return jobs
    return tuple(replace(job, task=replace(job.task, models=frozenset())) for job in jobs)
