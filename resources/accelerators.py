"""Accelerators other than NVIDIA's, as Ray finds them: NPUs, TPUs, HPUs, Neuron cores, GPUs of others."""

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from resources.device import Device

SIGNS = (
    "davinci[0-9]*",  # Ascend NPU
    "accel*",  # TPU, Gaudi
    "accel/*",
    "vfio/[0-9]*",  # TPU
    "neuron*",
    "hl[0-9]*",  # Gaudi
    "rbln*",
    "rngd/*",  # Furiosa
    "kfd",  # AMD
    "mxcd",  # MetaX
    "tenstorrent/*",
)
"""Files of drivers in /dev. Only where there is one, Ray is asked: importing it takes a second."""


@functools.cache
def accelerators_here() -> tuple[Device, ...]:
    """Return the accelerators of this machine that are not NVIDIA's; looked at once in a process."""
    if not any(True for sign in SIGNS for _ in Path("/dev").glob(sign)):
        return ()
    from ray._private import accelerators

    managers: Any = accelerators.get_all_accelerator_managers()
    return tuple(found_by(one for one in managers if "Nvidia" not in one.__name__))


def found_by(managers: Iterable[Any]) -> list[Device]:
    """Return the devices that Ray's managers of accelerators find, those of one kind together."""
    found: list[Device] = []
    for manager in sorted(managers, key=lambda one: str(one.get_resource_name())):
        kind, visible = manager.get_resource_name(), manager.get_visible_accelerator_ids_env_var()
        count = int(manager.get_current_node_num_accelerators())
        model = str(manager.get_current_node_accelerator_type() or kind) if count else ""
        first = sum(one.kind == kind for one in found)
        found += [Device(first + at, model, logical=False, kind=kind, visible=visible) for at in range(count)]
    return found
