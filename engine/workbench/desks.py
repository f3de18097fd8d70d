"""What a job works with: some desks of the workbench of who asked for it."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from engine.config import Workspace
from engine.serving.services import ServiceDesk
from engine.workbench.datasets import DatasetDesk
from engine.workbench.drafts import PipelineDesk
from engine.workbench.models import ModelDesk
from engine.workbench.monitor import MonitorDesk
from engine.workbench.runs import RunDesk, RunHandle


class Desks(Protocol):
    """Desks as `Workbench` has them; a job needs no other, and asks for no further job."""

    @property
    def workspace(self) -> Workspace:
        """The folder that everything is kept in."""

    @property
    def datasets(self) -> DatasetDesk:
        """Tables by name, in versions."""

    @property
    def pipelines(self) -> PipelineDesk:
        """Pipelines that people work on, by name."""

    @property
    def runs(self) -> RunDesk:
        """What runs and ran."""

    @property
    def models(self) -> ModelDesk:
        """Registered model versions."""

    @property
    def services(self) -> ServiceDesk:
        """Models that answer over HTTP."""

    @property
    def monitor(self) -> MonitorDesk:
        """Live rows against the reference of a model."""

    def learn_columns(
        self, pipeline: Mapping[str, Any] | str, *, node: str | None = None, cancelled: Callable[[], bool]
    ) -> dict[str, Any]:
        """Run users' code on empty tables to learn which columns it gives."""

    def run(self, pipeline: Mapping[str, Any] | str, *, key: str | None = None) -> RunHandle:
        """Ask for a run and return its handle at once; the same key gives the same run."""
