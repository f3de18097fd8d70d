"""How firmly a share is held.

| level | what holds a share |
|---|---|
| `advisory` | accounting: the scheduler and Ray give out no more than there is; nothing holds a task to it |
| `capped` | threads of a task are limited, its memory is watched and torch's is limited; who takes more is stopped |
| `partitioned` | the environment has cores of its own; MPS gives each task a part of a GPU's processors and memory |
| `hardware` | the task has whole devices, or slices that an administrator made of one (MIG) |
"""

from typing import Literal, get_args

from resources.errors import LevelError
from resources.shares import WHOLE, Amount

Level = Literal["advisory", "capped", "partitioned", "hardware"]
LEVELS: tuple[Level, ...] = get_args(Level)


def check_share(level: str, share: Amount, name: str) -> None:
    """Check that a share can be held at the level of its environment.

    Raises:
        LevelError: At `hardware` only whole devices can.
    """
    if level == "hardware" and (share.gpu % WHOLE or getattr(share, "least", 0)):
        raise LevelError(
            f"The environment {name!r} gives whole GPUs only, and {share} was asked for.",
            hint="Ask for 1 GPU, or for none.",
            field="gpu",
        )
