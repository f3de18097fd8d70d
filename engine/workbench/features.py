"""Features made step by step: what each step of a chain does to a sample of its dataset."""

import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from engine.data.datasets import DatasetStore
from engine.data.profiling import profile_table
from engine.data.sampling import spread_sample
from engine.data.suggesting import suggestions_of
from engine.data.values import page
from engine.graph import chain
from engine.graph.following import whole_table_problem
from engine.graph.node import Node
from engine.graph.pipeline import Pipeline
from engine.runs.failures import failure_of
from engine.tally import Tally, watched_fit
from operators.contract.errors import OperatorError
from operators.contract.fitted import FittedOperator
from operators.contract.losses import told
from operators.contract.table_operator import TableOperator
from operators.contract.tables import collected, lazy, schema_of
from operators.registry import BUILTIN
from operators.testing.local import LocalContext

SAMPLE, MOST = 1000, 20_000
"""Rows of a sample: unless asked otherwise, and at most."""
_KEPT = 64
"""Profiles of samples that are remembered."""
SHOWN = 50
"""Rows of each table that are shown."""
Document = Mapping[str, Any]


class FeatureDesk:
    """Shows what a chain of steps does to a sample, suggests steps, and makes a whole pipeline of them.

    The sample of a dataset is the same each time. Nothing here is kept: the chain itself is a pipeline like any other.

    Args:
        datasets: Where the sample comes from.
    """

    def __init__(self, datasets: DatasetStore) -> None:
        self._datasets = datasets
        self._profiles: dict[str, dict[str, Any]] = {}

    def operators(self) -> list[str]:
        """Return the operators that can be a step: they take one table and give one."""
        return [name for name, kind in BUILTIN.operators.items() if chain.can_be_a_step(kind)]

    def begun(self, name: str, dataset: str) -> dict[str, Any]:
        """Return the document of a chain over a dataset, without steps."""
        return chain.begun(name, dataset).document()

    def steps(self, document: Document) -> list[str]:
        """Return the steps of a chain in their order; `PipelineError` if the pipeline is none."""
        return list(chain.steps_of(Pipeline.from_document(document)))

    def dataset(self, document: Document) -> str:
        """Return the dataset a chain begins with; `PipelineError` if the pipeline is none."""
        return chain.dataset_of(Pipeline.from_document(document))

    def added(self, document: Document, operator: str, parameters: Document, at: int | None = None) -> dict[str, Any]:
        """Return a chain with one more step, at a place (0 is the first) or at the end."""
        return chain.with_step(Pipeline.from_document(document), operator, parameters, at).document()

    def removed(self, document: Document, step: str) -> dict[str, Any]:
        """Return a chain without one of its steps."""
        return chain.without_step(Pipeline.from_document(document), step).document()

    def moved(self, document: Document, step: str, by: int) -> dict[str, Any]:
        """Return a chain with one step so many places later, or earlier."""
        return chain.moved_step(Pipeline.from_document(document), step, by).document()

    def trained(self, document: Document, name: str, *, target: str, numeric: bool) -> dict[str, Any]:
        """Return the pipeline that splits the rows, makes the features, learns `target` and scores it.

        Args:
            document: A chain.
            name: Of the new pipeline.
            target: Column to predict.
            numeric: Learn a number instead of a class.
        """
        kind = "regressor" if numeric else "classifier"
        pipeline = Pipeline.from_document(document)
        whole = chain.trained(pipeline, name, target=target, trainer=f"train_{kind}", score=f"score_{kind}")
        return whole.document()

    def suggestions(self, dataset: str, target: str = "", document: Document | None = None) -> list[dict[str, Any]]:
        """Return steps that may help a dataset: `[{"operator", "with", "columns", "reason", "figure"}]`.

        Args:
            dataset: Its name.
            target: Column to predict, which is left alone.
            document: A chain over the dataset: what may help its columns as they are after its steps.
        """
        profile = self._datasets.profile(dataset) if document is None else self.profile(document)
        return [one.document() for one in suggestions_of(profile, target)]

    def profile(self, document: Document) -> dict[str, Any]:
        """Return the profile of the columns as they are after the steps of a chain that can be done.

        It is that of the dataset where nothing is done, else that of a sample.
        """
        pipeline = Pipeline.from_document(document)
        dataset, steps = chain.dataset_of(pipeline), chain.steps_of(pipeline)
        if not steps:
            return dict(self._datasets.profile(dataset))
        written = json.dumps([str(self._datasets.get(dataset).path), pipeline.document()["nodes"]], sort_keys=True)
        if written not in self._profiles:
            if len(self._profiles) >= _KEPT:
                self._profiles.clear()
            self._profiles[written] = _profiled(_last(pipeline, steps, self._sample(dataset, SAMPLE)))
        return self._profiles[written]

    def mended(self, dataset: str, document: Document, fixes: Sequence[Document]) -> dict[str, Any]:
        """Return a chain with the steps that mend what was noticed of its dataset, but for those it has.

        Columns that are dropped go last and in one step, so that no step asks for one that is gone; a step that cannot
        be done on the sample is left out.

        Args:
            dataset: What was noticed belongs to.
            document: A chain over it.
            fixes: Each `{"operator", "with"}`.
        """
        pipeline = Pipeline.from_document(document)
        sample = self._sample(dataset, SAMPLE)
        for fix in _gathered(fixes):
            has = [(node.operator, dict(node.parameters)) for node in pipeline.nodes.values()]
            if (fix["operator"], fix["with"]) in has:
                continue
            longer = chain.with_step(pipeline, fix["operator"], fix["with"])
            done = list(_walked(longer, list(chain.steps_of(longer)), sample))
            if done and done[-1]["error"] is None and done[-1]["table"] is not None:
                pipeline = longer
        return pipeline.document()

    def walk(self, document: Document, *, rows: int = SAMPLE) -> list[dict[str, Any]]:
        """Return what each step does to a sample, the dataset itself first.

        Args:
            document: A chain.
            rows: Of the sample, at least 1, at most 20,000.

        Returns:
            For each step `{"step", "operator", "table": page, "columns": [{"name", "type", "change"}], "removed",
            "rows", "seconds", "fitted", "error", "warnings"}`; `change` is `same`, `new`, `type` or `values`. After a
            step with an `error` (`{"sentence", "hint", "field"}`) the others have no table. `warnings` are problems as
            `Workbench.check` has them: that no row can follow a step to a service. `losses` are what it lost of the
            sample, see `operators.contract.losses.told`, each with its `mend`: None, or `{"with", "lost"}`, parameters
            of the step under which less is lost.

        Raises:
            PipelineError: The pipeline is no chain.
            NotFoundError: There is no such dataset.
        """
        pipeline = Pipeline.from_document(document)
        source, *steps = chain.steps_of(pipeline, source=True)
        sample = self._sample(chain.dataset_of(pipeline), max(1, min(rows, MOST)))
        return [_told(source, pipeline.nodes[source], sample, None, 0.0), *_walked(pipeline, steps, sample)]

    def _sample(self, dataset: str, rows: int) -> pl.DataFrame:
        version = self._datasets.get(dataset)
        return spread_sample(version.path, [column.name for column in version.schema], version.rows, rows)


def _gathered(fixes: Sequence[Document]) -> list[dict[str, Any]]:
    """Return fixes each once, those that drop columns as one, at the end."""
    kept: list[dict[str, Any]] = []
    dropped: dict[str, None] = {}
    for fix in fixes:
        drops = fix["operator"] == "select_columns" and fix["with"].get("mode") == "drop"
        if drops:
            dropped.update(dict.fromkeys(fix["with"]["columns"]))
        elif dict(fix) not in kept:
            kept.append(dict(fix))
    if dropped:
        kept.append({"operator": "select_columns", "with": {"columns": list(dropped), "mode": "drop"}})
    return kept


def _last(pipeline: Pipeline, steps: Sequence[str], rows: pl.DataFrame) -> pl.DataFrame:
    """Return a sample after the steps that can be done."""
    for step in steps:
        try:
            rows, _ = _done(pipeline.nodes[step], rows)
        except Exception:  # noqa: BLE001 - `walk` tells what an operator or its library says
            break
    return rows


def _profiled(rows: pl.DataFrame) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        rows.write_parquet(file.name)
        return profile_table(Path(file.name))


def _walked(pipeline: Pipeline, steps: list[str], before: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield what each step does; what follows a step that fails is only named."""
    failed = False
    for step in steps:
        node = pipeline.nodes[step]
        if failed:
            yield _untold(step, node, None)
            continue
        started = time.perf_counter()
        try:
            after, losses = _done(node, before)
            losses = [{**one, "mend": _mend(node, before, one)} for one in losses]
        except Exception as error:  # noqa: BLE001 - what an operator or its library says is told, as a run would
            failure = failure_of(error, step)
            failed = True
            yield _untold(step, node, {"sentence": failure.sentence, "hint": failure.hint, "field": failure.field})
            continue
        yield {**_told(step, node, after, before, time.perf_counter() - started), "losses": losses}
        before = after


def _done(node: Node, before: pl.DataFrame) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """Return the sample after a step, and what it lost."""
    operator, tally = BUILTIN.build(node.operator, node.parameters, node.version), Tally()
    port, rows = operator.input_ports()[0].name, lazy(before)
    if isinstance(operator, TableOperator):
        after = collected(tally.watched(operator, {port: rows}, lambda given: operator.transform(**given)))
    else:
        with LocalContext() as context:
            outputs = operator.invoke({port: rows}, context)
            if isinstance(operator, FittedOperator):
                outputs["table"] = watched_fit(tally, operator, rows, outputs)
            first = next(found.name for found in operator.output_ports() if found.type == "Table")
            after = collected(outputs[first])
    losses = tally.findings()
    if before.height and after.is_empty():
        losses.append(told("no_rows", "", before.height, before.height))
    return after, losses


def _mend(node: Node, before: pl.DataFrame, loss: Document) -> dict[str, Any] | None:
    """Return the parameters that lose the least of what a loss has lost; None where none loses less."""
    operator = BUILTIN.build(node.operator, node.parameters, node.version)
    best: dict[str, Any] | None = None
    for parameters in operator.mends(str(loss["kind"])):
        _, losses = _done(replace(node, parameters={**node.parameters, **parameters}), before)
        same = [one["lost"] for one in losses if (one["kind"], one["column"]) == (loss["kind"], loss["column"])]
        lost = sum(same)
        if lost < (best["lost"] if best else loss["lost"]):
            best = {"with": dict(parameters), "lost": lost}
    return best


def _told(step: str, node: Node, after: pl.DataFrame, before: pl.DataFrame | None, seconds: float) -> dict[str, Any]:
    known = after if before is None else before
    schema = {column.name: column.type for column in schema_of(lazy(after))}
    return {
        **_untold(step, node, None),
        "table": page(after, rows=SHOWN, total=after.height),
        "columns": [
            {"name": name, "type": kind, "change": _change(name, after, known)} for name, kind in schema.items()
        ],
        "removed": [name for name in known.columns if name not in schema],
        "rows": after.height,
        "seconds": seconds,
    }


def _untold(step: str, node: Node, error: Document | None) -> dict[str, Any]:
    return {
        "step": step,
        "operator": node.operator,
        "with": dict(node.parameters),
        "table": None,
        "columns": [],
        "removed": [],
        "rows": None,
        "seconds": None,
        "fitted": _fitted(node.operator),
        "error": error,
        "warnings": _warnings(step, node),
        "losses": [],
    }


def _warnings(step: str, node: Node) -> list[dict[str, str]]:
    try:
        operator = BUILTIN.build(node.operator, node.parameters, node.version)
    except OperatorError:
        return []
    problem = whole_table_problem(step, operator)
    return [] if problem is None else [problem.document()]


def _fitted(operator: str) -> bool:
    kind = BUILTIN.operators.get(operator)
    return kind is not None and issubclass(kind, FittedOperator)


def _change(name: str, after: pl.DataFrame, before: pl.DataFrame) -> str:
    if name not in before.columns:
        return "new"
    if after.schema[name] != before.schema[name]:
        return "type"
    if after.height != before.height or after[name].equals(before[name]):
        return "same"
    return "values"
