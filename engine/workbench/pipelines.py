"""Checking a pipeline, and asking for a run of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.config import Settings
from engine.data.datasets import DatasetStore
from engine.data.folders import DataFolders
from engine.errors import NotFoundError, PipelineError
from engine.graph.bind import Findings
from engine.graph.binding import BoundPipeline
from engine.graph.document import PipelineDocumentError
from engine.graph.loaded import loaded_problems
from engine.graph.node import Problem
from engine.graph.parameters import attributed, contradictory, given, missing, parameters_of
from engine.graph.pipeline import Pipeline
from engine.graph.topology import ancestors
from engine.records import environments
from engine.records.database import Records
from engine.runs.expectations import Expectations
from engine.runs.requests import RunRequest, asked_by, submit
from engine.runs.shares import specs
from engine.stores.models import ModelStore
from engine.workbench.findings import KeptFindings
from engine.workbench.forecasts import forecast
from engine.workbench.load import load
from engine.workbench.sources import loaded_models, pinned
from engine.workbench.trying import tried
from resources.environments import EnvironmentSpec
from resources.shares import Amount


class PipelineProblemsError(PipelineError):
    """A pipeline that cannot run; `problems` lists every fault."""

    def __init__(self, message: str = "", *, hint: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = problems


class Submissions:
    """Checks pipelines against the datasets of a workspace, and writes requests for runs.

    Args:
        records: Where requests are written.
        datasets: What pipelines read.
        folders: Out of which they read files.
        settings: Project and actor of what is written.
        models: Registered ones, that pipelines load.
    """

    def __init__(
        self,
        records: Records,
        datasets: DatasetStore,
        folders: DataFolders,
        settings: Settings,
        models: ModelStore,
    ) -> None:
        self._records = records
        self._datasets = datasets
        self._folders = folders
        self._settings = settings
        self._models = models
        self._kept = KeptFindings(records, datasets, folders, models)

    def check(
        self, pipeline: Pipeline | Mapping[str, Any] | str, parameters: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return `{"problems": [...], "schemas": {node: {port: [{"name", "type"}] | None}}, "parameters": [...]}`.

        Args:
            pipeline: A pipeline, its document, or the text of its file.
            parameters: Values that a run would give it.

        The parameters of the pipeline are `{"name", "required", "value", "takes", "schema", "description", "uses":
        [{"node", "field"}]}`; `value` is not there where a parameter has none, and it is `required` where a run has to
        give it one.
        """
        try:
            asked = as_pipeline(pipeline)
        except PipelineDocumentError as error:
            return {"problems": [problem.document() for problem in error.problems], "schemas": {}, "parameters": []}
        asked, findings = self._findings(asked, parameters)
        return {
            "problems": [problem.document() for problem in findings.problems],
            "schemas": _schemas(findings),
            "parameters": [one.document() for one in parameters_of(asked).values()],
        }

    def problems(self, pipeline: Pipeline) -> Sequence[Problem]:
        """Return what is wrong with a pipeline, as `check` does."""
        return self._findings(pipeline, None)[1].problems

    def learn_columns(
        self,
        pipeline: Pipeline | Mapping[str, Any] | str,
        *,
        node: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> dict[str, Any]:
        """Run users' code whose columns are not known on empty tables, and remember what it gives, see `trying.tried`.

        Raises:
            PipelineDocumentError: This is no pipeline.
            NotFoundError: It has no such node.
            CancelledError: `cancelled` said so.
        """
        asked = as_pipeline(pipeline)
        if node is not None:
            asked.node(node)
        wanted = set(asked.nodes) if node is None else {node, *ancestors(asked, [node])}
        return tried(lambda: self._findings(asked, parameters)[1], self._records, wanted, cancelled)

    def forecast(
        self,
        pipeline: Pipeline | Mapping[str, Any] | str,
        *,
        environment: str = "train",
        engine: str = "polars",
        parameters: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return what a run is expected to take, see `forecasts.forecast`.

        Raises:
            PipelineProblemsError: The pipeline has problems.
            NotFoundError: There is no such environment, or a source is gone.
            ResourceError: A node asks for more than the environment has.
        """
        _, bound = self._without_problems(pipeline, parameters)
        spec = self._environment(environment)
        pins = pinned(bound, self._datasets, self._folders, self._models)
        sources = {ref: pin.model_dump(mode="json") for ref, pin in pins.items()}
        return forecast(bound, sources, engine, spec, Expectations(self._records))

    def load(
        self,
        pipeline: Pipeline | Mapping[str, Any] | str | None,
        *,
        environment: str,
        parameters: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return how much of an environment will be taken, and when the largest stage finds room, see `load.load`.

        Raises:
            PipelineProblemsError: The pipeline has problems.
            NotFoundError: There is no such environment.
            ResourceError: A node asks for more than the environment has.
        """
        spec = self._environment(environment)
        wanted = Amount()
        asked = None if pipeline is None else self._without_problems(pipeline, parameters)[0]
        for node in asked.nodes.values() if asked is not None else ():
            share = spec.request(node.resources)
            wanted = Amount(*(max(getattr(wanted, unit), getattr(share, unit)) for unit in ("cpu", "gpu", "memory")))
        return load(self._records, spec, wanted)

    def _environment(self, name: str) -> EnvironmentSpec:
        with self._records.read() as connection:
            row = environments.find(connection, name)
            known = [one.name for one in environments.every(connection)]
        if row is None:
            raise NotFoundError.among("environment", name, known)
        return specs([row])[0]

    def submit(
        self,
        pipeline: Pipeline | Mapping[str, Any] | str,
        *,
        environment: str = "train",
        engine: str = "polars",
        seed: int = 0,
        options: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> str:
        """Write down that a pipeline shall run, and return the run's id; with a key that was used, that run's.

        Raises:
            PipelineProblemsError: The pipeline has problems; it says the first and carries all.
            RunError: There is no such engine, or a node asks for more than the environment has.
            NotFoundError: There is no such environment, or a source is gone.
        """
        if key and (before := asked_by(self._records, key)):
            return before
        asked, bound = self._without_problems(pipeline, parameters)
        sources = pinned(bound, self._datasets, self._folders, self._models)
        request = RunRequest(
            asked,
            environment=environment,
            engine=engine,
            seed=seed,
            sources={ref: pin.model_dump(mode="json") for ref, pin in sources.items()},
            options=_options(options or {}, asked),
            parameters=dict(parameters or {}),
            project=self._settings.project,
            actor=self._settings.actor,
            key=key,
        )
        return submit(self._records, request).id

    def _without_problems(
        self, pipeline: Pipeline | Mapping[str, Any] | str, parameters: Mapping[str, Any] | None
    ) -> tuple[Pipeline, BoundPipeline]:
        """Return a pipeline with the values of a run put under its own, and bound, if nothing is wrong with it.

        Raises:
            PipelineProblemsError: Something is, or a parameter has no value.
        """
        asked, findings = self._findings(as_pipeline(pipeline), parameters)
        errors = [*missing(asked), *findings.errors]
        if errors or findings.bound is None:
            raise PipelineProblemsError(_told(errors), hint=errors[0].hint, problems=tuple(errors))
        return asked, findings.bound

    def _findings(self, pipeline: Pipeline, parameters: Mapping[str, Any] | None) -> tuple[Pipeline, Findings]:
        """Return a pipeline with the values of a run, and what is wrong with both."""
        asked, wrong = given(pipeline, parameters or {})
        findings = self._kept.of(asked)
        models = loaded_models(findings.sources, self._models)
        misfits = loaded_problems(asked.resolved(), findings.schemas, models) if models else ()
        problems = [*wrong, *contradictory(asked), *attributed(asked, [*findings.problems, *misfits])]
        return asked, replace(findings, problems=problems)


def as_pipeline(pipeline: Pipeline | Mapping[str, Any] | str) -> Pipeline:
    """Return a pipeline from itself, its document, or the text of its file.

    Raises:
        PipelineDocumentError: The document is no pipeline.
    """
    if isinstance(pipeline, Pipeline):
        return pipeline
    return Pipeline.from_text(pipeline) if isinstance(pipeline, str) else Pipeline.from_document(pipeline)


def _options(given: Mapping[str, Any], pipeline: Pipeline) -> dict[str, Any]:
    """Return the options of a run with the folder of its pipeline file, which nobody can ask for by name."""
    kept = {name: value for name, value in given.items() if name != "folder"}
    return kept if pipeline.folder is None else {**kept, "folder": str(pipeline.folder.resolve())}


def _schemas(findings: Findings) -> dict[str, Any]:
    """Return the columns at every port; a column that passes many nodes is one document, not to be changed."""
    columns = {
        id(column): column
        for ports in findings.schemas.values()
        for schema in ports.values()
        for column in schema or ()
    }
    documents = {key: {"name": column.name, "type": column.type} for key, column in columns.items()}
    return {
        node: {
            port: None if schema is None else [documents[id(column)] for column in schema]
            for port, schema in ports.items()
        }
        for node, ports in findings.schemas.items()
    }


def _told(errors: list[Problem]) -> str:
    first = errors[0]
    place = f"Node {first.node!r}: " if first.node else ""
    more = f" ({len(errors) - 1} more problems.)" if len(errors) > 1 else ""
    return f"{place}{first.sentence}{more}"
