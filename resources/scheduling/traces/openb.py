"""openb: Alibaba's trace of GPU sharing, published with Weng et al., "Beware of Fragmentation", USENIX ATC 2023.

https://github.com/alibaba/clusterdata, cluster-trace-gpu-v2023: one list of nodes and one of pods, as CSV.
"""

from pathlib import Path

from resources.scheduling.machines import Gpu, Machine
from resources.scheduling.tasks import Task
from resources.scheduling.traces.jobs import Job, Trace
from resources.scheduling.traces.rows import Row, named, number, read_rows
from resources.shares import WHOLE, ResourceRequest

NODES = ("sn", "cpu_milli", "memory_mib", "gpu", "model")
PODS = ("name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli")
SERVING = ("LS", "Guaranteed")
"""Classes of service that somebody waits for."""
_MIB = 20
_MILLI = WHOLE // 1000


def read_openb(pods: Path, nodes: Path) -> Trace:
    """Return the trace of two files, each of which may be packed with gzip.

    A pod with one GPU takes `gpu_milli` thousandths of it, one with several takes whole ones; `gpu_spec`, where there
    is such a column, names the models it runs on, with `|` between. Its time is from `scheduled_time` (or
    `creation_time`) to `deletion_time`.

    Raises:
        TraceError: A file or a line is wrong; it says which line and why.
    """
    return Trace(read_machines(nodes), read_pods(pods))


def read_machines(nodes: Path) -> tuple[Machine, ...]:
    """Return the machines of a list of nodes.

    Raises:
        TraceError: The file or a line is wrong.
    """
    return read_rows(nodes, NODES, _machine)


def read_pods(pods: Path) -> tuple[Job, ...]:
    """Return the jobs of a list of pods.

    Raises:
        TraceError: The file or a line is wrong.
    """
    return read_rows(pods, PODS, _job)


def _machine(row: Row) -> Machine:
    name = named(row, "sn")
    gpus = tuple(Gpu(f"{name}/gpu{at}") for at in range(number(row, "gpu")))
    model = row["model"].strip()
    if gpus and not model:
        raise ValueError("the node has GPUs of no model.")
    return Machine(name, number(row, "cpu_milli") * _MILLI, number(row, "memory_mib") << _MIB, gpus, model)


def _job(row: Row) -> Job:
    count, milli = number(row, "num_gpu"), number(row, "gpu_milli")
    if milli * _MILLI > WHOLE:
        raise ValueError(f"the gpu_milli is {milli}, and a GPU has 1000.")
    gpu = count * WHOLE if count > 1 else count * milli * _MILLI
    request = ResourceRequest(number(row, "cpu_milli") * _MILLI, gpu, number(row, "memory_mib") << _MIB)
    models = frozenset(filter(None, (name.strip() for name in row.get("gpu_spec", "").split("|"))))
    arrived, seconds = _times(row)
    return Job(Task(named(row, "name"), request, models=models), arrived, seconds, row.get("qos", "") in SERVING)


def _times(row: Row) -> tuple[float, float | None]:
    if not row.get("creation_time"):
        return 0.0, None
    arrived = float(number(row, "creation_time"))
    if not row.get("deletion_time"):
        return arrived, None
    began = float(number(row, "scheduled_time")) if row.get("scheduled_time") else arrived
    return arrived, max(0.0, number(row, "deletion_time") - began)
