"""Registering a trained model: the slice, its proof, its reference, and the entry in the registry."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from engine.config import Workspace
from engine.data.profiling import profile_table
from engine.graph.binding import BoundPipeline
from engine.graph.topology import ancestors, ordered
from engine.material import Material
from engine.serving import folder
from engine.serving.columns import asked_and_answered
from engine.serving.replay import ROWS, Answered, replay
from engine.serving.sampling import sample
from engine.serving.signature import columns_with_gaps, signature_of
from engine.serving.sketches import write_sketches
from engine.serving.slice import Slice
from engine.serving.trained_path import TrainedPath
from engine.stores.models import REFERENCE, SLICE, ModelFacts, ModelStore, ModelVersion
from engine.stores.room import room_in
from operators.learners.algorithm import learners_in

REFERENCE_ROWS = 10_000
"""Training rows that stay with a version, for monitoring to compare with."""
SEED = 0
"""Chooses the rows of the replay and of the reference."""


def register(  # noqa: PLR0913 - what a version is told by its maker
    workspace: Workspace,
    material: Material,
    node: str,
    name: str,
    *,
    run: str,
    project: str = "default",
    actor: str = "local",
    key: str | None = None,
    store: ModelStore | None = None,
) -> ModelVersion:
    """Store the model of a node as the next version of `name`, with all a service needs.

    Nothing is stored unless stored rows get the same answers in the batch and online.

    Args:
        workspace: Where it is kept.
        material: The values of the run that trained it.
        node: The trainer's node, or one that uses its model.
        name: Of the model in the registry.
        run: The run's id.
        project: Project that the version belongs to.
        actor: Who registers it.
        key: Of who asks, by which the version is found again.
        store: The registry; that of the workspace when None.

    Raises:
        PipelineError: The node has no model.
        StoreError: The run has not come that far, or the registry cannot be written.
        ServingError: No service can be made of the path; it names the node.
        ReplayError: Batch and online disagree.
        InvalidNameError: The name may not be used.
    """
    path = TrainedPath.of(material, node)
    built = Slice.build(path.source.collect_schema(), path.steps, path.model, path.skipped)
    with room_in(workspace.scratch):
        staged = Path(tempfile.mkdtemp(prefix="register-", dir=workspace.scratch))
    try:
        with room_in(workspace.scratch):
            folder.save(built, staged / SLICE, workspace.key)
        piece = folder.load(staged / SLICE, workspace.key)
        asked = sample(path.source, ROWS, SEED)
        proof = replay(piece, path.model, built.steps, asked)
        with room_in(workspace.scratch):
            folder.keep_answers(staged / SLICE, Answered.by(piece, asked), workspace.key)
        training = sample(path.training, REFERENCE_ROWS, SEED)
        gaps = columns_with_gaps(path.training, list(piece.required))
        held_out = None if path.held_out is None else sample(path.held_out, training.height, SEED)
        reference = _reference(piece, training, held_out)
        with room_in(workspace.scratch):
            reference.write_parquet(staged / REFERENCE)
            write_sketches(piece, {"train": path.training, "held_out": path.held_out}, staged)
        facts = ModelFacts(
            run=run,
            node=path.trainer,
            pipeline=material.bound.pipeline.name,
            project=project,
            actor=actor,
            task=path.model.task,
            target=path.model.target,
            algorithm=path.model.algorithm,
            signature=signature_of(piece, training, gaps).model_dump(mode="json"),
            metrics=path.metrics,
            replay=asdict(proof),
            resolved=tuple(_resolved(material.bound, path.trainer)),
            profile=profile_table(staged / REFERENCE),
        )
        return (store or ModelStore(workspace)).register(name, staged, facts, key=key)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _resolved(bound: BoundPipeline, trainer: str) -> Iterator[dict[str, Any]]:
    """Give the nodes that a model was made by in order, the trainer last, each with every parameter."""
    above = {trainer, *ancestors(bound.pipeline, [trainer])}
    for name in ordered(bound.pipeline):
        if name in above:
            operator = bound.operators[name]
            learners = {
                field: [one.model_dump(mode="json") for one in of] for field, of in learners_in(operator).items()
            }
            yield {"node": name, **operator.as_document(resolved=True), "learners": learners}


def _reference(piece: Slice, training: pl.DataFrame, held_out: pl.DataFrame | None) -> pl.DataFrame:
    """Return training rows, with answers beside them to rows the model did not learn from, as far as there are any.

    On the rows it learnt from a model is surer of itself than ever after; compared with those, every service
    would seem to drift.
    """
    asked = training.select(list(piece.required))
    unseen = asked.clear() if held_out is None else held_out.select(list(piece.required))
    answered = piece.predict(unseen)
    return asked_and_answered(asked, pl.concat([answered, answered.clear(len(asked) - len(answered))]))
