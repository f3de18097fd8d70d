"""The workbench of one workspace: it only delegates."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

from engine.config import Settings, Workspace, require_loopback
from engine.data.datasets import DatasetStore
from engine.data.folders import DataFolders
from engine.errors import ConfigError
from engine.graph.pipeline import Pipeline
from engine.records import deletions, environments
from engine.records.database import Records
from engine.runs.shares import ensure_environments, machine, specs
from engine.serving.services import ServiceDesk
from engine.stores.models import ModelStore
from engine.stores.outputs import OutputStore
from engine.workbench.accounts import accounts
from engine.workbench.backing.backup import back_up
from engine.workbench.backing.restore import restore
from engine.workbench.claims import claims_of_runs
from engine.workbench.cleaning.clean import clean
from engine.workbench.datasets import DatasetDesk
from engine.workbench.deleting.desk import DeletionDesk
from engine.workbench.deleting.member import Place
from engine.workbench.devices import DeviceDesk
from engine.workbench.diagnostics import bundled
from engine.workbench.doctor import examined
from engine.workbench.drafts import PipelineDesk
from engine.workbench.engine import EngineDesk
from engine.workbench.environments import EnvironmentDesk
from engine.workbench.exports import ExportDesk
from engine.workbench.features import FeatureDesk
from engine.workbench.history import history
from engine.workbench.jobs import JobDesk
from engine.workbench.models import ModelDesk
from engine.workbench.monitor import MonitorDesk
from engine.workbench.operators import OperatorDesk
from engine.workbench.pipelines import Submissions
from engine.workbench.preferences import PreferenceDesk
from engine.workbench.resources import told
from engine.workbench.runs import RunDesk, RunHandle
from engine.workbench.tasks import undo
from engine.workbench.what_if import what_if


class Workbench:
    """Everything that can be done with a workspace; any number of processes may hold one.

    What is asked for is written into the records, and the engine of the workspace does it: one is
    started where none runs, and goes on when this object is gone.

    Args:
        workspace: The folder that everything is kept in.
        settings: Project and actor of what is written.
    """

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        require_loopback(settings.host)
        self.workspace = workspace
        self.settings = settings
        self._records = Records.open(workspace)
        if not workspace.read_only:
            ensure_environments(self._records, settings)

    @classmethod
    def open(cls, path: str | Path | None = None, *, ray: str | None = None) -> Self:
        """Return the workbench of the workspace at `path`, which is made where it is missing.

        Args:
            path: Folder; the setting `TANDEM_WORKSPACE`, or `workspace`, when None.
            ray: Address of a Ray cluster; one of the workspace's own on this machine when None.

        Raises:
            ConfigError: The workspace cannot be used, or a setting is wrong.
            RecordsError: Its records cannot be opened.
            ReadOnlyError: `TANDEM_READ_ONLY` is set, and there is nothing to look at.
        """
        settings = _settings() if ray is None else _settings(ray=ray)
        root, url = path or settings.workspace, settings.records_url
        return cls(Workspace.at(root, records_url=url, read_only=settings.read_only), settings)

    @cached_property
    def engine(self) -> EngineDesk:
        """The engine process of the workspace: start, stop, ask."""
        return EngineDesk(self.workspace, self.settings)

    @cached_property
    def datasets(self) -> DatasetDesk:
        """Tables by name, in versions."""
        return DatasetDesk(self._store, self.workspace, self._records, self.models.list)

    @cached_property
    def features(self) -> FeatureDesk:
        """Features made step by step on a sample."""
        return FeatureDesk(self._store)

    @cached_property
    def pipelines(self) -> PipelineDesk:
        """Pipelines that people work on, by name."""
        return PipelineDesk(self._records, self._submissions, self.run, self.settings)

    @cached_property
    def runs(self) -> RunDesk:
        """What runs and ran."""
        return RunDesk(self.workspace, self._records, self.engine.ensure)

    @cached_property
    def exports(self) -> ExportDesk:
        """Files that runs wrote for people to take away."""
        return ExportDesk(self.workspace)

    @cached_property
    def deletions(self) -> DeletionDesk:
        """Deleting what users made, and taking that back."""
        return DeletionDesk(self._place, self.settings)

    @cached_property
    def jobs(self) -> JobDesk:
        """Work of a second or more that the engine does."""
        return JobDesk(self.workspace, self._records, self.engine.ensure, self.settings, partial(undo, self))

    @cached_property
    def models(self) -> ModelDesk:
        """Registered model versions."""
        return ModelDesk(self.workspace, self._records, self._models, self.runs, self.settings)

    @cached_property
    def services(self) -> ServiceDesk:
        """Models that answer over HTTP."""
        settings = self.settings
        return ServiceDesk(
            self._records, self._models, self.engine.ensure, project=settings.project, actor=settings.actor
        )

    @cached_property
    def preferences(self) -> PreferenceDesk:
        """What people prefer, each value with its origin."""
        return PreferenceDesk(self.workspace, self._records, self.settings)

    @cached_property
    def operators(self) -> OperatorDesk:
        """The catalogue of what can be done to data."""
        return OperatorDesk()

    @cached_property
    def environments(self) -> EnvironmentDesk:
        """Who may use how much of the machine."""
        return EnvironmentDesk(self.workspace, self._records, self.settings)

    @cached_property
    def devices(self) -> DeviceDesk:
        """The GPUs of this machine."""
        return DeviceDesk(self.workspace, self._records, self.settings)

    @cached_property
    def monitor(self) -> MonitorDesk:
        """Live rows against the reference of a model."""
        return MonitorDesk(self.workspace, self._records, self._models, self.services, self.settings)

    def check(
        self, pipeline: Pipeline | Mapping[str, Any] | str, *, parameters: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return every problem of a pipeline and the schema at every port, before anything runs.

        Args:
            pipeline: The pipeline, its document, or the text of its file.
            parameters: Values that a run would give it.

        Returns:
            `{"problems", "schemas", "parameters"}`, see `engine.workbench.pipelines`.
        """
        return self._submissions.check(pipeline, parameters)

    def learn_columns(
        self,
        pipeline: Pipeline | Mapping[str, Any] | str,
        *,
        node: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> dict[str, Any]:
        """Run users' code on empty tables, in its sandbox, to learn which columns it gives; nothing else asks for it.

        Only code whose columns are neither declared nor known from a run is run; a run overwrites what was learnt.

        Args:
            pipeline: The pipeline, its document, or the text of its file.
            node: Only this node and the code that leads to it; all when None.
            parameters: Values that a run would give it.
            cancelled: Looked at meanwhile.

        Returns:
            `{"learnt": [node], "problems": [...]}`: problems say why the columns of a node could not be found out.

        Raises:
            PipelineError: This is no pipeline, or it has no such node.
            CancelledError: `cancelled` said so.
        """
        self.workspace.require_writable()
        return self._submissions.learn_columns(pipeline, node=node, parameters=parameters, cancelled=cancelled)

    def forecast(
        self,
        pipeline: Pipeline | Mapping[str, Any] | str,
        *,
        environment: str = "train",
        engine: str = "polars",
        parameters: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return what a run is expected to take by what earlier ones took, before it starts.

        Returns:
            `{"seconds", "cpu_hours", "gpu_hours", "memory", "stages": [{"stage", "seconds", "memory", "share"}],
            "unknown", "tight"}`; `seconds` and `memory` (bytes) are None where nothing like it has ever ended,
            `unknown` is the number of stages of which that is so; stages that are `tight` would take more memory than
            their share.

        Raises:
            PipelineProblemsError: The pipeline has problems.
            NotFoundError: There is no such environment, or a source is gone.
            ResourceError: A node asks for more than the environment has.
        """
        return self._submissions.forecast(pipeline, environment=environment, engine=engine, parameters=parameters)

    def load(
        self,
        environment: str = "train",
        pipeline: Pipeline | Mapping[str, Any] | str | None = None,
        *,
        parameters: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return how much of an environment is expected to be taken in the next 24 hours.

        Args:
            environment: Its name.
            pipeline: What is to find room there; nothing when None.
            parameters: Values that its run would give it.

        Returns:
            `{"environment", "method", "now": {"cpu", "gpu", "memory"}, "hours": [{"at", "cpu", "gpu", "memory"}],
            "room_at"}`: parts of the quota from 0 to 1. `room_at` is when the largest stage is first expected to find
            room, in seconds since 1970; None where that is not within a day. Give it to `run` as
            `options={"not_before": room_at}`, so that the run begins then.

        Raises:
            PipelineProblemsError: The pipeline has problems.
            NotFoundError: There is no such environment.
            ResourceError: A node asks for more than the environment has.
        """
        return self._submissions.load(pipeline, environment=environment, parameters=parameters)

    def run(
        self,
        pipeline: Pipeline | Mapping[str, Any] | str,
        *,
        environment: str = "train",
        engine: str = "polars",
        seed: int = 0,
        options: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> RunHandle:
        """Ask for a run and return its handle at once.

        Args:
            pipeline: The pipeline, its document, or the text of its file.
            environment: Whose share it runs in.
            engine: Engine of its tables.
            seed: Of everything random in it.
            options: `max_attempts` of a stage, `timeout_s` of an attempt, `priority` (0; higher goes first),
                `alone` (False; nobody else uses its devices while a stage runs, and it makes no room: a stress test),
                `not_before` (seconds since 1970 at which it begins at the earliest).
            parameters: Values for the parameters of the pipeline, by name; those that it has itself stand for the rest.
            key: Of the gesture that asks; the same key gives the same run, whatever else is asked for.

        Raises:
            ReadOnlyError: Nothing may be changed.
            PipelineProblemsError: The pipeline has problems; it says the first and carries all.
            RunError: There is no such engine, or a node asks for more than the environment has.
            NotFoundError: There is no such environment, or a source is gone.
        """
        self.workspace.require_writable()
        asked = self._submissions.submit(
            pipeline,
            environment=environment,
            engine=engine,
            seed=seed,
            options=options,
            parameters=parameters,
            key=key,
        )
        self.engine.ensure()
        return self.runs.handle(asked)

    def resources(self) -> dict[str, Any]:
        """Return devices, environments with what is free of them, and what waits."""
        return told(self.workspace, self._records, self.settings, self.engine.status())

    def history(self, hours: float = 1.0) -> dict[str, Any]:
        """Return what was taken of the environments and what ran where, see `history.history`."""
        return history(self._records, hours)

    def accounts(self, days: float = 30.0) -> list[dict[str, Any]]:
        """Return what each project has used in the last days, the one that used most first.

        Returns:
            `[{"project", "runs", "attempts", "cpu_hours", "gpu_hours"}]`.
        """
        return accounts(self._records, days)

    def what_if(self, environment: str, *, gpu: float = 0, cpu: float = 0) -> dict[str, Any]:
        """Return which stages that wait in an environment would start if it had more GPUs or CPUs.

        Returns:
            `{"starts": [name], "waits": [name], "quota": {...}}`.

        Raises:
            NotFoundError: There is no such environment.
        """
        self.environments.show(environment)
        with self._records.read() as connection:
            found = {spec.name: spec for spec in specs(environments.every(connection))}
        working, waiting = claims_of_runs(self._records, found, running=bool(self.engine.status()["running"]))
        mine = [one for one in working if one.environment == environment]
        stages = [one for one in waiting if one.environment == environment and one.kind == "node"]
        return what_if(machine(self.settings), found[environment], mine, stages, {"gpu": gpu, "cpu": cpu})

    def clean(self, *, older: float | None = None, dry_run: bool = False) -> dict[str, Any]:
        """Remove what was deleted and what need not be kept any longer, see `engine.workbench.cleaning.clean`.

        Args:
            older: Seconds; what nobody needs and nobody used for so long goes too, whatever the settings.
            dry_run: Only tell what would go.
        """
        return clean(self._place, self.settings, self.deletions, older=older, dry_run=dry_run)

    def backup(self, file: str | Path) -> dict[str, Any]:
        """Write everything that is kept into one new file, see `engine.workbench.backing.backup.back_up`."""
        return back_up(self.workspace, Path(file))

    @staticmethod
    def restore(file: str | Path, root: str | Path) -> dict[str, Any]:
        """Make a workspace of a backup, see `engine.workbench.backing.restore.restore`."""
        return restore(Path(file), Path(root))

    def diagnostics(self) -> dict[str, Any]:
        """Return versions, settings, preferences and what the doctor says, as one document without secrets."""
        return bundled(self.doctor(), self.settings, self.preferences.list())

    def doctor(self, *, deep: bool = False) -> dict[str, Any]:
        """Return whether the workspace and what it needs are in order: `{"ok", "engine", "checks"}`.

        Args:
            deep: Also read all that is kept, and say which datasets and outputs are damaged.
        """
        kept = self._kept if deep else None
        return examined(self.workspace, self._records, self.engine.status(), machine(self.settings), kept)

    def _kept(self) -> tuple[int, Sequence[str]]:
        count, versions = self._store.examined()
        outputs = OutputStore(self.workspace.outputs, self.workspace.key).damaged()
        return count, [*versions, *(f"{path.parent.name}/{path.name}" for path in outputs)]

    @cached_property
    def _place(self) -> Place:
        return Place(self.workspace, self._records, self._models)

    @cached_property
    def _store(self) -> DatasetStore:
        return DatasetStore(self.workspace, self._records, project=self.settings.project, actor=self.settings.actor)

    @cached_property
    def _models(self) -> ModelStore:
        return ModelStore(self.workspace, self._deleted_models)

    def _deleted_models(self) -> set[tuple[str, str]]:
        with self._records.read() as connection:
            return deletions.hidden(connection, "model")

    @cached_property
    def _submissions(self) -> Submissions:
        folders = DataFolders(self.workspace.root, self.settings.data_folders)
        return Submissions(self._records, self._store, folders, self.settings, self._models)

    def __repr__(self) -> str:
        return f"Workbench({str(self.workspace.root)!r})"


def _settings(**given: Any) -> Settings:
    from pydantic import ValidationError

    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = f"TANDEM_{str(first['loc'][0]).upper()}" if first["loc"] else "A setting"
        raise ConfigError(f"{name} is wrong: {first['msg']}.", hint="See the settings in README.md.") from error
