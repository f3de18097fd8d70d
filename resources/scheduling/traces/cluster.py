"""Machines written in short, for traces that do not list theirs: `133x8:V100:48:376GiB`."""

import re

from resources.errors import ShareError, TraceError
from resources.scheduling.machines import Gpu, Machine
from resources.shares import WHOLE, parse_memory

MANY = 100_000
"""Machines that one cluster has at most."""
PLENTY = 1_000_000 * WHOLE
PLENTY_OF_MEMORY = 1 << 60
_KIND = re.compile(r"(?P<count>\d{1,6})x(?P<gpus>\d{1,3})(?P<rest>(:[^:]+)*)")
_HINT = "Write machines x GPUs, then model, CPUs and memory where they count: 133x8:V100:48:376GiB,20x2:T4."


def parse_cluster(text: str) -> tuple[Machine, ...]:
    """Return the machines of a text such as `133x8:V100:48:376GiB,20x2:T4`.

    Each part is a number of machines, `x`, GPUs of each, and after colons in any order the GPUs' model, the CPUs and
    the memory of a machine. CPUs and memory that are not named never run short.

    Raises:
        TraceError: It is not written so, or there are no machines or too many.
    """
    machines: list[Machine] = []
    for part in text.split(","):
        found = _KIND.fullmatch(part.strip())
        if found is None:
            raise TraceError(f"The machines {part.strip()!r} are not written as they can be read.", hint=_HINT)
        if len(machines) + int(found["count"]) > MANY:
            raise TraceError(f"The cluster {text!r} has more than {MANY:,} machines.", hint="Take fewer.")
        model, cpu, memory = _details(found["rest"], part)
        for _ in range(int(found["count"])):
            name = f"m{len(machines)}"
            gpus = tuple(Gpu(f"{name}/gpu{at}") for at in range(int(found["gpus"])))
            machines.append(Machine(name, cpu, memory, gpus, model if gpus else ""))
    if not any(machine.gpus for machine in machines):
        raise TraceError(f"The cluster {text!r} has no GPUs.", hint=_HINT)
    return tuple(machines)


def _details(rest: str, part: str) -> tuple[str, int, int]:
    model, cpu, memory = "gpu", PLENTY, PLENTY_OF_MEMORY
    for word in filter(None, (one.strip() for one in rest.split(":"))):
        if word.isdigit():
            cpu = int(word) * WHOLE
        elif word[0].isdigit():
            try:
                memory = parse_memory(word)
            except ShareError as error:
                raise TraceError(f"The machines {part.strip()!r} have no memory {word!r}.", hint=_HINT) from error
        else:
            model = word
    return model, cpu, memory
