"""What a pipeline reads from outside: looked up for a check, pinned for a run."""

from collections.abc import Iterator
from pathlib import Path

from engine.data.datasets import DatasetStore
from engine.errors import EngineError, NotFoundError
from engine.graph.binding import BoundPipeline
from engine.graph.pipeline import Pipeline
from engine.runs.context import file_hash
from engine.runs.orders import SourceRef
from engine.stores.outputs import OutputRef
from operators import registry
from operators.base import Source
from operators.errors import OperatorError
from operators.tables import Schema


def schemas_of(pipeline: Pipeline, datasets: DatasetStore) -> dict[str, Schema | None]:
    """Return the schema of every source there is, by ref, for a check of `pipeline`.

    All datasets are there, so that the check can say what was meant; a file's columns are not known before it
    is read.
    """
    found: dict[str, Schema | None] = {f"dataset:{name}": None for name in datasets.names()}
    for source in _sources(pipeline):
        ref = f"{source.kind}:{source.ref}"
        try:
            found[ref] = _schema(source, datasets)
        except EngineError:
            found.pop(ref, None)
    return found


def _schema(source: Source, datasets: DatasetStore) -> Schema | None:
    if source.kind == "dataset":
        return datasets.get(source.ref).schema
    _require_file(source.ref)
    return None


def pinned(bound: BoundPipeline, datasets: DatasetStore) -> dict[str, SourceRef]:
    """Return every source with its content as it is now.

    Raises:
        NotFoundError: A dataset or file is gone.
    """
    found = {}
    for operator in bound.operators.values():
        for source in operator.sources():
            pin = _dataset(source.ref, datasets) if source.kind == "dataset" else _file(source.ref)
            found[f"{source.kind}:{source.ref}"] = pin
    return found


def _dataset(ref: str, datasets: DatasetStore) -> SourceRef:
    version = datasets.get(ref)
    columns = tuple((column.name, column.type) for column in version.schema)
    path = version.path
    table = OutputRef(
        kind="Table",
        hash=version.content_hash,
        path=str(path),
        size=path.stat().st_size,
        rows=version.rows,
        columns=columns,
    )
    return SourceRef(hash=version.content_hash, table=table, label=f"{version.name}@{version.version}")


def _file(ref: str) -> SourceRef:
    path = Path(ref).expanduser().resolve()
    _require_file(ref)
    return SourceRef(hash=file_hash(path), path=str(path), label=path.name)


def _require_file(ref: str) -> None:
    path = Path(ref).expanduser()
    if not path.is_file():
        raise NotFoundError(f"No file {ref!r}.", hint="Check the path; it is read on this machine.")


def _sources(pipeline: Pipeline) -> Iterator[Source]:
    for node in pipeline.resolved().nodes.values():
        try:
            yield from registry.build(node.operator, node.parameters, node.version).sources()
        except OperatorError:
            continue  # the check names it
