"""Logs of jobs from clusters whose machines are not listed: Helios, PAI of 2020, and the workloads of Pollux.

| format | published with | columns that are read |
|---|---|---|
| `helios` | Hu et al., "Characterization and Prediction of Deep Learning Workloads", SC 2021; Venus is one of its clusters and the log of Lucid (ASPLOS 2023) | `gpu_num`, `cpu_num`, `node_num`, `submit_time`, `duration`, `vc` |
| `pai2020` | Weng et al., "MLaaS in the Wild", NSDI 2022, the job list of its simulator | `num_gpu`, `num_cpu`, `num_inst`, `submit_time`, `duration`, `gpu_type`, `user` |
| `pollux` | Qiao et al., "Pollux", OSDI 2021, its workloads | `time`, `application`, `num_replicas`; they have no durations |
"""  # noqa: E501 - a row of a table is one line

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from resources.scheduling.tasks import Task
from resources.scheduling.traces.jobs import Job
from resources.scheduling.traces.rows import Row, decimal, named, number
from resources.shares import WHOLE, ResourceRequest

ANY_MODEL = ("", "CPU")
"""What PAI writes of a job that runs on no GPU of a certain model."""


@dataclass(frozen=True, slots=True)
class Log:
    """One format of a log of jobs.

    Attributes:
        needed: Columns that tell the format, and are read.
        job: Makes a job of a row.
    """

    name: str
    needed: tuple[str, ...]
    job: Callable[[Row], Job]


def _helios(row: Row) -> Job:
    machines = max(1, number(row, "node_num"))
    gpu, cpu = ceil(number(row, "gpu_num") / machines) * WHOLE, ceil(number(row, "cpu_num") * WHOLE / machines)
    task = Task(named(row, "job_id"), ResourceRequest(cpu, gpu), project=row["vc"].strip() or "default")
    return Job(task, _moment(row), float(decimal(row, "duration")), machines=machines)


def _moment(row: Row) -> float:
    text = row["submit_time"].strip()
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise ValueError(f"the submit_time {text[:40]!r} is no time such as 2020-09-01 08:00:00.") from None


def _pai2020(row: Row) -> Job:
    gpu, model = round(decimal(row, "num_gpu") * WHOLE), row["gpu_type"].strip()
    if gpu > WHOLE:
        gpu = ceil(gpu / WHOLE) * WHOLE
    request = ResourceRequest(round(decimal(row, "num_cpu") * WHOLE), gpu)
    models = frozenset() if model in ANY_MODEL or not gpu else frozenset({model})
    task = Task(named(row, "job_id"), request, models=models, project=row["user"].strip() or "default")
    instances = max(1, round(decimal(row, "num_inst", absent=1.0)))
    return Job(task, decimal(row, "submit_time"), max(1.0, decimal(row, "duration")), machines=instances)


def _pollux(row: Row) -> Job:
    task = Task(named(row, "name"), ResourceRequest(0, WHOLE), project=row["application"].strip() or "default")
    return Job(task, decimal(row, "time"), machines=number(row, "num_replicas", least=1))


LOGS = (
    Log("helios", ("job_id", "gpu_num", "cpu_num", "node_num", "submit_time", "duration", "vc"), _helios),
    Log(
        "pai2020",
        ("job_id", "num_gpu", "num_cpu", "num_inst", "submit_time", "duration", "gpu_type", "user"),
        _pai2020,
    ),
    Log("pollux", ("name", "time", "application", "num_replicas"), _pollux),
)
