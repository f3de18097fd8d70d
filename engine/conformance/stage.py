"""Where checks play: an executor on a Ray of its own, with one logical GPU and two environments."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from engine.conformance.parts import act
from engine.runs.executor import Answer, Succeeded
from engine.runs.orders import WorkOrder
from engine.runs.ray_executor import RayExecutor
from resources.devices import Inventory
from resources.enforcement.watchdog import Begun
from resources.environments import EnvironmentSpec
from resources.ground import Ground
from resources.shares import WHOLE, ResourceRequest

PATIENCE_S = 60.0
GIB = 1 << 30
ENVIRONMENTS = (
    EnvironmentSpec("train", "elastic", ResourceRequest(WHOLE, WHOLE, 2 * GIB)),
    EnvironmentSpec("test", "mixed", ResourceRequest(WHOLE, 0, 2 * GIB)),
)
PARTITIONED = tuple(replace(spec, level="partitioned") if spec.name == "test" else spec for spec in ENVIRONMENTS)


class Stage:
    """Starts parts and collects their answers.

    Args:
        folder: Its Ray lives here; everything in it may go afterwards.
        environments: `train` and `test`, with a CPU each.
    """

    def __init__(self, folder: Path, environments: Sequence[EnvironmentSpec] = ENVIRONMENTS) -> None:
        self._folder = folder
        self._ground = Ground(folder / "ray", Inventory.logical(cpus=2, gpus=1, memory=4 * GIB), environments)
        self._answers: dict[str, Answer] = {}
        self._count = 0

    def __enter__(self) -> Self:
        self._ground.open()
        self._executor = RayExecutor(self._ground, work=act)
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.close()
        self._ground.stop()

    def start(
        self, part: str, share: dict[str, Any], environment: str = "train", priority: int = 0, **values: Any
    ) -> str:
        """Hand in a part, and return its token."""
        self._count += 1
        token = f"{part}-{self._count}"
        order = WorkOrder(
            workspace=str(self._folder), records_url="", run="conformance", stage=token, nodes=(token,),
            pipeline={"part": part, **values}, attempt=1, token=token, environment=environment, resources=share,
            priority=priority,
        )  # fmt: skip
        self._executor.start(order)
        return token

    def answer(self, token: str) -> Answer | None:
        """Return what a part answered; None where it has not within a minute."""
        deadline = time.monotonic() + PATIENCE_S
        while token not in self._answers and time.monotonic() < deadline:
            self._answers.update({one.token: one for one in self._executor.answers(0.2)})
        return self._answers.get(token)

    def told(self, token: str) -> dict[str, Any]:
        """Return what a part told that succeeded; `{}` of any other."""
        answer = self.answer(token)
        return dict(answer.outputs[token]) if isinstance(answer, Succeeded) else {}

    def why(self, token: str) -> str:
        """Return why a part waits, in a sentence; empty where it does not."""
        waiting = self._executor.why_waiting()
        return waiting[token][1].sentence if token in waiting else ""

    def look(self) -> None:
        """Let the executor do what is due."""
        self._answers.update({one.token: one for one in self._executor.answers(0.1)})

    def pid(self, token: str) -> int | None:
        """Return the worker of a part that the watchdog follows; None where none has begun within a minute."""
        note, deadline = self._folder / "ray" / "held" / token, time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if (begun := Begun.read(note)) is not None:
                return begun.pid
            self.look()
        return None
