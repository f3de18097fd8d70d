"""The way from a source to a trained model, found in a run: what a slice and its reference are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import polars as pl

from engine.errors import ServingError
from engine.graph.binding import BoundPipeline
from engine.graph.node import Link
from engine.graph.paths import is_loaded, is_step, trainer_of
from engine.material import Material
from operators.contract.step import Step
from operators.contract.tables import LazyTable
from operators.contract.values.model import Model


@dataclass(frozen=True)
class TrainedPath:
    """What a run says of one of its models.

    Args:
        trainer: The node that trained it.
        model: What it returned.
        source: Rows as they left the source.
        training: The rows it learnt from, in the columns of the source: after the splits and samplings at the head
            of the path, before anything changes a column.
        steps: What rows pass on the way to the model, in order; those that a service cannot use among them.
        skipped: Nodes on the way that a service leaves out.
        held_out: Rows that the model was scored on and did not learn from, in the columns of the source; None
            where the pipeline held none out.
        metrics: Figures of the nodes that scored the model, by node.
    """

    trainer: str
    model: Model
    source: pl.LazyFrame
    training: pl.LazyFrame
    held_out: pl.LazyFrame | None
    steps: tuple[Step, ...]
    skipped: tuple[str, ...]
    metrics: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, material: Material, node: str) -> Self:
        """Return the path to the model of a node.

        Args:
            material: The values of a run.
            node: The trainer, or a node that passes a model on or uses it.

        Raises:
            PipelineError: The node has no model.
            StoreError: The run has not come that far.
            ServingError: The model was not trained on rows of a source.
        """
        run = replace(material, engine="polars", fresh={})
        bound, trainer = run.bound, trainer_of(run.bound, node)
        links = _links(bound, trainer)
        if is_loaded(bound, trainer):
            raise ServingError(
                f"The model of node {trainer!r} is registered already.",
                hint="Use that version, or name a node that trains a model.",
            )
        if not links:
            raise ServingError(
                f"The model of node {trainer!r} was not trained on rows of a source.",
                hint="Connect a dataset to its training rows.",
            )
        after_source = [link.node for link in links[1:]]
        steps = [name for name in after_source if is_step(bound, name)]
        source = _native(run.value(links[0]))
        return cls(
            trainer=trainer,
            model=run.value(Link(trainer, _model_port(bound, trainer))),
            source=source,
            training=_training(run, links, source),
            held_out=_held_out(run, trainer, links, source),
            steps=run.steps(steps),
            skipped=tuple(name for name in after_source if name not in steps),
            metrics=_metrics(run, trainer),
        )


def _links(bound: BoundPipeline, trainer: str) -> list[Link]:
    """Return the outputs that training rows passed, the source's first."""
    links: list[Link] = []
    link = bound.main_link(trainer)
    while link is not None:
        links.append(link)
        link = bound.main_link(link.node)
    return links[::-1]


def _training(run: Material, links: list[Link], source: pl.LazyFrame) -> pl.LazyFrame:
    head = links[0]
    for link in links[1:]:
        if is_step(run.bound, link.node):
            break
        head = link
    training = _native(run.value(head))
    return training if training.collect_schema() == source.collect_schema() else source


def _held_out(run: Material, trainer: str, links: list[Link], source: pl.LazyFrame) -> pl.LazyFrame | None:
    """Return the rows of the first score of this model that left a split by another side than the training rows."""
    split = next((link for link in links if len(run.bound.operators[link.node].output_ports()) > 1), None)
    for name in _scores(run, trainer):
        asked = run.bound.main_link(name)
        if split is None or asked is None or asked.node != split.node or asked == split:
            continue
        rows = _native(run.value(asked))
        if rows.collect_schema() == source.collect_schema():
            return rows
    return None


def _scores(run: Material, trainer: str) -> list[str]:
    """Return the nodes that scored the model of a trainer."""
    return [
        name
        for name, operator in run.bound.operators.items()
        if any(port.type == "Metrics" for port in operator.output_ports())
        and run.bound.model_link(name) is not None
        and trainer_of(run.bound, name) == trainer
    ]


def _model_port(bound: BoundPipeline, trainer: str) -> str:
    return next(port.name for port in bound.operators[trainer].output_ports() if port.role == "model")


def _metrics(run: Material, trainer: str) -> dict[str, dict[str, Any]]:
    found = {}
    for name in _scores(run, trainer):
        port = next(port.name for port in run.bound.operators[name].output_ports() if port.type == "Metrics")
        if port in run.outputs.get(name, {}):
            found[name] = dict(run.value(Link(name, port)))
    return found


def _native(table: LazyTable) -> pl.LazyFrame:
    native: pl.LazyFrame = table.to_native()
    return native
