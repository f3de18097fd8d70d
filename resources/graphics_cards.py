"""NVIDIA's GPUs of this machine, by NVML."""

from typing import Any

from resources.device import Device


def graphics_cards() -> tuple[Device, ...]:
    """Return the GPUs that NVML sees; none where there is no driver."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return ()
    try:
        return tuple(_card(pynvml, index) for index in range(pynvml.nvmlDeviceGetCount()))
    finally:
        pynvml.nvmlShutdown()


def _card(nvml: Any, index: int) -> Device:
    handle = nvml.nvmlDeviceGetHandleByIndex(index)
    memory = int(nvml.nvmlDeviceGetMemoryInfo(handle).total)
    return Device(index, nvml.nvmlDeviceGetName(handle), nvml.nvmlDeviceGetUUID(handle), memory, logical=False)
