"""What is known of models of devices: by what name they are asked for, which kind they are, how much memory they have.

Memory is that of the data sheets of NVIDIA and Huawei; of a device that is really there the driver's word counts.
"""

import re
from dataclasses import dataclass

GPU, NPU = "GPU", "NPU"
"""Kinds of devices, by Ray's names of their resources; Ray knows more, such as TPU and HPU."""
_GIB = 2**30


@dataclass(frozen=True, slots=True)
class Profile:
    """One model.

    Attributes:
        model: Short name, the label by which pools ask for it.
        memory: In bytes, of the smallest variant.
    """

    model: str
    kind: str = GPU
    memory: int = 0


PROFILES = {
    profile.model.lower(): profile
    for profile in (
        Profile("B200", memory=180 * _GIB),
        Profile("H200", memory=141 * _GIB),
        Profile("H100", memory=80 * _GIB),
        Profile("A100", memory=40 * _GIB),
        Profile("A30", memory=24 * _GIB),
        Profile("A10", memory=24 * _GIB),
        Profile("L40S", memory=48 * _GIB),
        Profile("L4", memory=24 * _GIB),
        Profile("V100", memory=16 * _GIB),
        Profile("P100", memory=12 * _GIB),
        Profile("T4", memory=16 * _GIB),
        Profile("Orin", memory=32 * _GIB),
        Profile("Xavier", memory=16 * _GIB),
        Profile("Jetson", memory=8 * _GIB),
        Profile("Ascend910B", NPU, 64 * _GIB),
        Profile("Ascend310P", NPU, 24 * _GIB),
    )
}


def profile_of(name: str) -> Profile:
    """Return the profile of a device by what its driver calls it; one that is not known is its own model.

    `NVIDIA A100-SXM4-80GB` is an A100, `Tesla T4` a T4, `Ascend910B3` an Ascend910B.
    """
    words = [word.lower() for word in re.split(r"[^A-Za-z0-9]+", name) if word]
    for word in words:
        if word in PROFILES:
            return PROFILES[word]
    for word in words:
        for model, profile in PROFILES.items():
            if profile.kind == NPU and word.startswith(model):
                return profile
    return Profile(name)
