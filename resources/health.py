"""How GPUs are: what NVML tells of memory, use, temperature, errors and processes, and whether one has failed."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

APPLICATION_XIDS = frozenset({13, 31, 43, 45, 68, 109})
"""XID errors that a program causes and the device survives, as NVIDIA's Kubernetes device plugin has them."""
HEALED_AFTER_S = 300.0
"""Seconds without another XID error after which a device that answers counts as healthy again."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a device is not used: `code` with `values` for a screen, and the same as an English sentence."""

    code: str
    values: Mapping[str, Any]
    sentence: str

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"code": f"fault_{self.code}", "values": dict(self.values), "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class Reading:
    """One GPU at one moment.

    Attributes:
        used: Memory in bytes.
        utilization: Part of the last second in which something ran on it, from 0 to 1.
        temperature: In degrees Celsius.
        power: In watts.
        uncorrected: Memory errors since the driver was loaded that ECC could not correct; None where it has no ECC.
        xid: The last XID error that was seen; 0 where there was none.
        processes: Bytes by pid.
        fault: Why it must not be used; None where it is healthy.
    """

    index: int
    used: int = 0
    utilization: float = 0.0
    temperature: int = 0
    power: float = 0.0
    uncorrected: int | None = None
    xid: int = 0
    processes: Mapping[int, int] = field(default_factory=dict)
    fault: Fault | None = None

    @property
    def device(self) -> str:
        """What the GPU is called here, as `gpu0`."""
        return f"gpu{self.index}"


class Health:
    """Reads every GPU of this machine; XID errors are remembered from the first look on.

    Args:
        nvml: The module `pynvml`, initialized.
    """

    def __init__(self, nvml: Any) -> None:
        self._nvml = nvml
        self._xids: dict[int, tuple[int, float]] = {}
        self._events = self._listen()

    def read(self, now: float) -> Iterator[Reading]:
        """Yield how each GPU is.

        Args:
            now: Seconds of a clock that only goes forward.
        """
        self._hear(now)
        for index in range(self._nvml.nvmlDeviceGetCount()):
            try:
                yield self._reading(index, now)
            except self._nvml.NVMLError as error:
                told = {"error": str(error)}
                yield Reading(index, fault=Fault("silent", told, f"It does not answer ({error})."))

    def _reading(self, index: int, now: float) -> Reading:
        nvml = self._nvml
        handle = nvml.nvmlDeviceGetHandleByIndex(index)
        errors = self._asked(nvml.nvmlDeviceGetTotalEccErrors, handle, *self._uncorrected_kind())
        xid, at = self._xids.get(index, (0, 0.0))
        return Reading(
            index,
            used=int(nvml.nvmlDeviceGetMemoryInfo(handle).used),
            utilization=float(getattr(self._asked(nvml.nvmlDeviceGetUtilizationRates, handle), "gpu", 0)) / 100,
            temperature=int(self._asked(nvml.nvmlDeviceGetTemperature, handle, nvml.NVML_TEMPERATURE_GPU) or 0),
            power=float(self._asked(nvml.nvmlDeviceGetPowerUsage, handle) or 0) / 1000,
            uncorrected=None if errors is None else int(errors),
            xid=xid,
            processes={
                one.pid: int(one.usedGpuMemory or 0)
                for one in self._asked(nvml.nvmlDeviceGetComputeRunningProcesses, handle) or ()
            },
            fault=_fault(errors, xid if now - at < HEALED_AFTER_S else 0),
        )

    def _uncorrected_kind(self) -> tuple[Any, Any]:
        return self._nvml.NVML_MEMORY_ERROR_TYPE_UNCORRECTED, self._nvml.NVML_VOLATILE_ECC

    def _asked(self, question: Any, *arguments: Any) -> Any:
        """Return an answer, or None where this device has none."""
        with suppress(self._nvml.NVMLError):
            return question(*arguments)
        return None

    def _listen(self) -> Any:
        """Return a set of events on which XID errors arrive; None where the driver tells none."""
        nvml = self._nvml
        with suppress(nvml.NVMLError):
            events = nvml.nvmlEventSetCreate()
            for index in range(nvml.nvmlDeviceGetCount()):
                handle = nvml.nvmlDeviceGetHandleByIndex(index)
                nvml.nvmlDeviceRegisterEvents(handle, nvml.nvmlEventTypeXidCriticalError, events)
            return events
        return None

    def _hear(self, now: float) -> None:
        nvml = self._nvml
        if self._events is None:
            return
        with suppress(nvml.NVMLError):  # a timeout: there is nothing more
            while True:
                event = nvml.nvmlEventSetWait_v2(self._events, 0)
                if int(event.eventData) not in APPLICATION_XIDS:
                    self._xids[int(nvml.nvmlDeviceGetIndex(event.device))] = (int(event.eventData), now)


def health_here() -> Health | None:
    """Return the health of this machine's GPUs; None where there is no driver."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return None
    return Health(pynvml)


def _fault(uncorrected: int | None, xid: int) -> Fault | None:
    if xid:
        return Fault("xid", {"xid": xid}, f"It reported XID {xid}.")
    if uncorrected:
        return Fault("ecc", {"count": uncorrected}, f"Its memory had {uncorrected} errors that could not be corrected.")
    return None
