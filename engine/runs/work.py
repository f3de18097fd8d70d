"""What a run works on: its pipeline, its stages, what it has kept; fingerprints and orders come from here."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.config import Workspace
from engine.graph.binding import BoundPipeline
from engine.graph.fingerprint import stage_parts
from engine.graph.pipeline import Pipeline
from engine.graph.plan import Stage, plan
from engine.graph.topology import ancestors
from engine.records.runs import RunRow
from engine.runs.events import StagePlan
from engine.runs.orders import WorkOrder
from engine.runs.recall import Ports


class Work:
    """The graph of one run and the outputs it has so far, by stage.

    Args:
        row: The run as it was asked for.
        workspace: Where it runs.

    Raises:
        PipelineError: The pipeline cannot be read any more.
    """

    def __init__(self, row: RunRow, workspace: Workspace) -> None:
        self._row = row
        self._workspace = workspace
        self._bound = BoundPipeline.of(Pipeline.from_document(row.document))
        self._sources = {ref: str(source["hash"]) for ref, source in row.sources.items()}
        self.stages: dict[str, Stage] = {}
        self.outputs: dict[str, Ports] = {}

    def planned(self) -> tuple[StagePlan, ...]:
        """Plan the run, and return the plan as the ledger keeps it."""
        stages = plan(self._bound).stages
        plans = tuple(StagePlan(stage.name, stage.after, stage.nodes) for stage in stages)
        self.know(plans)
        return plans

    def know(self, plans: Sequence[StagePlan]) -> None:
        """Take over a plan that was made before, perhaps by an older engine."""
        nodes = self._bound.pipeline.nodes
        for stage in plans:
            self.stages[stage.name] = Stage(stage.name, stage.nodes, stage.after, nodes[stage.name].resources)

    def parts(self, stage: Stage) -> dict[str, dict[str, str]]:
        """Return by node what the work of a stage depends on; the stages it needs are done."""
        contents = {node: {port: ref.hash for port, ref in kept.items()} for node, kept in self.outputs.items()}
        found = stage_parts(
            self._bound, stage, contents, sources=self._sources, engine=self._row.engine, seed=self._row.seed
        )
        for node in stage.nodes:
            if self._bound.operators[node].leaves_files:  # its output is kept, but the file may be gone or another's
                found[node]["run"] = self._row.id
        return found

    def order(self, stage: Stage, attempt: int, token: str) -> WorkOrder:
        """Return all a worker needs for a stage, and nothing of what comes after it."""
        pipeline = self._bound.pipeline
        above = ancestors(pipeline, stage.nodes) - set(stage.nodes)
        outputs: Mapping[str, Any] = {node: kept for node, kept in self.outputs.items() if node in above}
        return WorkOrder(
            workspace=str(self._workspace.root),
            records_url=self._workspace.records_url,
            run=self._row.id,
            stage=stage.name,
            nodes=stage.nodes,
            pipeline=pipeline.subset(above | set(stage.nodes)).document(),
            outputs=outputs,
            sources=dict(self._row.sources),
            attempt=attempt,
            token=token,
            seed=self._row.seed,
            engine=self._row.engine,
            environment=self._row.environment,
            resources=dict(stage.resources),
            priority=int(self._row.options.get("priority", 0)),
            project=self._row.project,
            alone=bool(self._row.options.get("alone", False)),
        )
