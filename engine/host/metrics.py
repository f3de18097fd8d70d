"""Metrics for Prometheus, on loopback: devices by dcgm-exporter's names, environments, queue, decisions."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from engine.records import Records, attempts, devices, environments, runs, usage, waits
from engine.records.attempts import AttemptRow
from engine.records.waits import DecisionRow
from resources.health import Health, Reading

RECENT_S = 3600.0


class Figures(Collector):
    """Tells what the records and the devices say when it is asked.

    Args:
        records: Of the workspace.
        health: Of this machine's GPUs; None where there are none.
    """

    def __init__(self, records: Records, health: Health | None) -> None:
        self._records, self._health = records, health

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        with self._records.read() as connection:
            rows = environments.every(connection)
            latest = {one.environment: one for one in usage.since(connection, time.time() - RECENT_S)}
            waiting = waits.every(connection)
            counts = waits.counts(connection)
            down = {row.name: row.kind for row in devices.every(connection)}
            live = [row.id for row in runs.live(connection)]
            working = [one for run in live for one in attempts.of(connection, run) if one.status == "running"]
            given = waits.shares(connection, live)
        names = ["environment", "resource"]
        quota = GaugeMetricFamily("tandem_environment_quota", "CPUs and GPUs, bytes of memory", labels=names)
        taken = GaugeMetricFamily("tandem_environment_taken", "CPUs and GPUs, bytes of memory", labels=names)
        running = GaugeMetricFamily("tandem_environment_running", "Stages that have a share", labels=["environment"])
        queue = GaugeMetricFamily(
            "tandem_queue_waiting", "Stages that wait for a share", labels=["environment", "reason"]
        )
        for row in rows:
            for resource, unit in (("cpu", 10_000), ("gpu", 10_000), ("memory", 1)):
                quota.add_metric([row.name, resource], row.quota.get(resource, 0) / unit)
                found = latest.get(row.name)
                taken.add_metric([row.name, resource], getattr(found, resource, 0) / unit)
            running.add_metric([row.name], getattr(latest.get(row.name), "running", 0))
        reasons: dict[tuple[str, str], int] = {}
        for one in waiting.values():
            key = (one.environment, str(one.reason["code"]))
            reasons[key] = reasons.get(key, 0) + 1
        for (environment, reason), count in reasons.items():
            queue.add_metric([environment, reason], count)
        decisions = CounterMetricFamily(
            "tandem_decisions", "Decisions of the scheduler", labels=["policy", "what", "why"]
        )
        for (policy, what, why), count in counts.items():
            decisions.add_metric([policy, what, why], count)
        out = GaugeMetricFamily("tandem_device_down", "1 where a device is not used", labels=["device", "why"])
        for name, kind in down.items():
            out.add_metric([name, kind], 1)
        yield from (quota, taken, running, queue, decisions, out)
        yield from _tasks([one for one in working if one.token not in waiting], given)
        yield from self._devices()

    def _devices(self) -> Iterator[Metric]:
        families: dict[str, tuple[str, Callable[[Reading], float]]] = {
            "DCGM_FI_DEV_GPU_UTIL": ("GPU utilization in %", lambda one: 100 * one.utilization),
            "DCGM_FI_DEV_FB_USED": ("Framebuffer memory used in MiB", lambda one: one.used / 2**20),
            "DCGM_FI_DEV_GPU_TEMP": ("GPU temperature in C", lambda one: one.temperature),
            "DCGM_FI_DEV_POWER_USAGE": ("Power draw in W", lambda one: one.power),
            "DCGM_FI_DEV_XID_ERRORS": ("Value of the last XID error", lambda one: one.xid),
            "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL": ("Double-bit volatile ECC errors", lambda one: one.uncorrected or 0),
        }
        readings = list(self._health.read(time.monotonic())) if self._health is not None else []
        for name, (text, value) in families.items():
            family = GaugeMetricFamily(name, text, labels=["gpu", "device"])
            for one in readings:
                family.add_metric([str(one.index), one.device], value(one))
            yield family


def _tasks(
    working: Sequence[AttemptRow], given: Mapping[tuple[str, str], DecisionRow]
) -> tuple[GaugeMetricFamily, GaugeMetricFamily]:
    """Return how long ago each stage was asked for that has a share, and its share of GPUs."""
    names = ["run", "node", "environment", "devices"]
    seconds = GaugeMetricFamily(
        "tandem_task_age_seconds", "Seconds since a stage that has a share was asked for", labels=names
    )
    gpu = GaugeMetricFamily("tandem_task_gpu", "GPUs that a stage has a share of", labels=names)
    for one in working:
        decision = given.get((one.run, one.node))
        if decision is not None:
            labels = [one.run, one.node, decision.environment, ",".join(decision.devices)]
            seconds.add_metric(labels, max(0.0, time.time() - one.started))
            gpu.add_metric(labels, decision.share * len(decision.devices) / 10_000)
    return seconds, gpu


def serve(records: Records, health: Health | None, port: int) -> Any:
    """Answer at `http://127.0.0.1:PORT/metrics` from now on, and return the server; its `shutdown` ends it.

    Raises:
        OSError: The port is taken.
    """
    registry = CollectorRegistry()
    registry.register(Figures(records, health))
    server, _ = start_http_server(port, addr="127.0.0.1", registry=registry)
    return server
