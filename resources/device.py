"""One accelerator: what is known of it, and what it is called."""

from dataclasses import dataclass

from resources.profiles import GPU, profile_of

CUDA = "CUDA_VISIBLE_DEVICES"


@dataclass(frozen=True, slots=True)
class Device:
    """One accelerator. A logical one stands in where there is none: it is counted like a real one.

    Attributes:
        index: Its number among those of its kind on this machine, from 0.
        name: What its driver calls it.
        memory: In bytes; 0 where nobody knows.
        kind: Ray's name of such a resource: `GPU`, `NPU`, `TPU` and so on.
        visible: Variable by which a process is told which of them it may see.
    """

    index: int
    name: str = "logical"
    uuid: str = ""
    memory: int = 0
    logical: bool = True
    kind: str = GPU
    visible: str = CUDA

    @property
    def device(self) -> str:
        """What it is called here, such as `gpu0` or `npu3`."""
        return f"{self.kind.lower()}{self.index}"

    @property
    def labels(self) -> dict[str, str]:
        """By what pools may ask for it: its `kind` and its `model`."""
        return {"kind": self.kind, "model": profile_of(self.name).model}

    @property
    def of_nvidia(self) -> bool:
        """Whether NVML may be asked about it."""
        return not self.logical and self.kind == GPU and self.visible == CUDA
