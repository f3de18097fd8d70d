"""What NVML tells of a GPU is read; one with errors of its own is at fault, one whose program failed is not."""

from types import SimpleNamespace

import pytest

from resources.health import HEALED_AFTER_S, Health


class NVMLError(Exception):
    """What NVML raises."""


@pytest.fixture
def nvml():
    """NVML of two GPUs, as a test wants it."""
    told = SimpleNamespace(events=[], ecc={0: 0, 1: 0}, silent=set())

    def handle(index):
        if index in told.silent:
            raise NVMLError("GPU is lost")
        return index

    def wait(_events, _timeout):
        if not told.events:
            raise NVMLError("Timeout")
        index, xid = told.events.pop(0)
        return SimpleNamespace(device=index, eventData=xid)

    def ecc(index, *_):
        if told.ecc[index] is None:
            raise NVMLError("Not Supported")
        return told.ecc[index]

    return SimpleNamespace(
        told=told, NVMLError=NVMLError, NVML_MEMORY_ERROR_TYPE_UNCORRECTED=1, NVML_VOLATILE_ECC=0,
        NVML_TEMPERATURE_GPU=0, nvmlEventTypeXidCriticalError=8, nvmlDeviceGetCount=lambda: 2,
        nvmlDeviceGetHandleByIndex=handle, nvmlDeviceGetIndex=lambda device: device,
        nvmlDeviceGetMemoryInfo=lambda _: SimpleNamespace(used=5 << 30),
        nvmlDeviceGetUtilizationRates=lambda _: SimpleNamespace(gpu=40),
        nvmlDeviceGetTemperature=lambda *_: 61, nvmlDeviceGetPowerUsage=lambda _: 250_000,
        nvmlDeviceGetTotalEccErrors=ecc, nvmlEventSetCreate=list,
        nvmlDeviceGetComputeRunningProcesses=lambda index: [SimpleNamespace(pid=7 + index, usedGpuMemory=1 << 30)],
        nvmlDeviceRegisterEvents=lambda *_: None, nvmlEventSetWait_v2=wait,
    )  # fmt: skip


def faults(health, now=0.0):
    return {one.index: one.fault.code for one in health.read(now) if one.fault}


def test_a_healthy_device_is_read(nvml):
    first, _ = Health(nvml).read(0.0)
    assert (first.used, first.utilization, first.temperature, first.power) == (5 << 30, 0.4, 61, 250.0)
    assert (first.processes, first.uncorrected, first.fault) == ({7: 1 << 30}, 0, None)


def test_memory_errors_that_were_not_corrected_are_a_fault(nvml):
    nvml.told.ecc[1] = 2
    assert faults(Health(nvml)) == {1: "ecc"}


def test_a_device_without_ecc_is_healthy(nvml):
    nvml.told.ecc[0] = None
    assert faults(Health(nvml)) == {}


def test_an_xid_of_the_device_is_a_fault_until_it_has_been_quiet(nvml):
    health = Health(nvml)
    nvml.told.events.append((1, 79))
    assert faults(health, 10.0) == {1: "xid"}
    assert faults(health, 10.0 + HEALED_AFTER_S - 1) == {1: "xid"}
    assert faults(health, 10.0 + HEALED_AFTER_S) == {}


def test_an_xid_that_a_program_caused_is_none(nvml):
    nvml.told.events.append((0, 31))
    assert faults(Health(nvml)) == {}


def test_a_device_that_does_not_answer_is_at_fault_and_the_other_is_read(nvml):
    health = Health(nvml)
    nvml.told.silent.add(0)
    assert faults(health) == {0: "silent"}
    nvml.told.silent.clear()
    assert faults(health) == {}
