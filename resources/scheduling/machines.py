"""What tasks run on, as the scheduler counts it: machines with their devices."""

from dataclasses import dataclass

from resources.shares import WHOLE


@dataclass(frozen=True, slots=True)
class Gpu:
    """One device of a machine.

    Attributes:
        name: Unique in the pool, such as `gpu0`.
        share: How much of it belongs to the pool, in ten-thousandths, 1 to 10,000.
    """

    name: str
    share: int = WHOLE


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine, or the part of it that belongs to an environment.

    Attributes:
        name: Unique in the pool.
        cpu: In ten-thousandths of a core.
        memory: In bytes.
        gpus: Its devices, all of one model.
        model: Of its devices, such as `T4`; empty without any.
    """

    name: str
    cpu: int
    memory: int
    gpus: tuple[Gpu, ...] = ()
    model: str = ""
